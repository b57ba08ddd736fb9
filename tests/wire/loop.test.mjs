// The closed loop from the call to the archive, as the consoles see it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { HEATING, HOUSING, coldRoom, contacted, newPhone, pothole, submitted, walked } from '../support/tickets.mjs';

const house = openHouse();
const desks = {};

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all', 'agents', 'board']);
});

test('a ticket has its number at once, and a blink later its department and the reason', async () => {
  const { agent, handler, supervisor } = desks;
  const card = await agent.do('ticket.submit', pothole());
  assert.match(card.number, /^2327\d{14}$/);
  assert.equal(card.state, 20);
  assert.equal(card.ver, 1);
  assert.equal(card.agent, agent.me.account);
  assert.ok(card.due > card.accepted);
  assert.ok(card.promised > card.accepted);
  const there = await agent.card(card.id, (b) => b.state === 35);
  assert.equal(there.dept, HOUSING);
  assert.ok(there.why.length > 3, there.why);
  assert.ok(there.dispatched >= there.accepted);
  assert.ok(there.dispatched - there.accepted < 2000, `dispatched after ${there.dispatched - there.accepted} ms`);
  assert.equal((await handler.card(card.id)).dept, HOUSING);
  assert.equal((await supervisor.card(card.id, (b) => b.state === 35)).dept, HOUSING);
});

test('a ticket goes from hand to hand until it is archived, and its timeline tells who, when and why', async () => {
  const { agent, handler, supervisor } = desks;
  const there = await submitted(agent);
  const signed = await handler.move('sign', there);
  assert.equal(signed.state, 40);
  assert.equal(signed.handler, handler.me.name);
  assert.ok(signed.due > there.due, 'handling has its own limit');
  const progress = await handler.move('progress', signed, { text: '已派人到现场查看' });
  assert.equal(progress.state, 40);
  assert.equal(progress.due, signed.due, 'progress leaves the clock alone');
  const spoken = await contacted(handler, progress);
  const finished = await handler.move('finish', spoken, { text: '井盖已更换', solved: true });
  assert.equal(finished.state, 50);
  const passed = await supervisor.move('pass', finished);
  assert.equal(passed.state, 55);
  await agent.card(there.id, (b) => b.state === 55);
  const told = await agent.move('notify', passed, { way: 'phone', text: '已告知诉求人' });
  assert.equal(told.state, 60);
  const rated = await agent.move('rate', told, { grade: 4, solved: true, comment: '很快' });
  assert.equal(rated.state, 80);
  assert.equal(rated.grade, 4);
  assert.ok(rated.closed >= rated.accepted);
  const archived = await supervisor.move('archive', rated);
  assert.equal(archived.state, 90);
  assert.equal(archived.due, null);

  const full = await agent.ask('ticket.get', { id: there.id });
  assert.deepEqual(
    full.events.map((e) => e.action),
    ['submit', 'dispatch', 'sign', 'progress', 'contact', 'finish', 'pass', 'notify', 'rate', 'archive'],
  );
  assert.deepEqual(full.events.map((e) => e.seq), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const [i, event] of full.events.entries()) {
    assert.equal(event.from, i ? full.events[i - 1].to : 0);
    assert.ok(!i || event.at >= full.events[i - 1].at);
    assert.ok(event.who);
  }
  assert.equal(full.events[1].who, '系统');
  assert.equal(full.events[3].note, '已派人到现场查看');
  assert.equal(full.reply, '井盖已更换');
  assert.deepEqual(full.evaluations.map((v) => [v.round, v.grade]), [[1, 4]]);
});

test('a bad rating is verified and sends the ticket back to the same department with a new deadline', async () => {
  const { agent, handler, supervisor } = desks;
  const told = await walked(desks, await submitted(agent), 60);
  const bad = await agent.move('rate', told, { grade: 1, solved: false, blame: 1, reason: '井盖换了又坏，没有真正解决' });
  assert.equal(bad.state, 65);
  const again = await supervisor.move('redo', bad, { reason: '井盖换了又坏，没有真正解决' });
  assert.equal(again.state, 35);
  assert.equal(again.round, 2);
  assert.equal(again.dept, HOUSING);
  assert.equal(again.handler, null);
  assert.equal(again.why, '井盖换了又坏，没有真正解决');
  assert.ok(again.due > Date.now(), 'signing has a new deadline');
  const seen = await handler.card(again.id, (b) => b.round === 2);
  assert.equal(seen.why, again.why);
  const closed = await walked(desks, again, 80);
  assert.equal(closed.grade, 5);
  const full = await handler.ask('ticket.get', { id: again.id });
  assert.deepEqual(full.evaluations.map((v) => [v.round, v.grade]), [[1, 1], [2, 5]]);
  assert.equal(full.evaluations[0].reason, '井盖换了又坏，没有真正解决');
  assert.deepEqual(full.events.filter((e) => e.action === 'sign').map((e) => e.round), [1, 2]);
});

test('a bad rating without a reason is refused, and nothing changes', async () => {
  const { agent } = desks;
  const told = await walked(desks, await submitted(agent), 60);
  await assert.rejects(agent.move('rate', told, { grade: 2, solved: false }), (error) => {
    assert.equal(error.name, 'rule');
    assert.ok(error.data.fields.reason);
    return true;
  });
  const full = await agent.ask('ticket.get', { id: told.id });
  assert.equal(full.ver, told.ver);
});

test('without a matter the text decides, and the matter that was found stands on the card', async () => {
  const { agent } = desks;
  const ticket = coldRoom();
  delete ticket.matter;
  const there = await submitted(agent, ticket);
  assert.equal(there.state, 35, there.why);
  assert.equal(there.dept, HEATING);
  assert.equal(there.matter, '0101');
});

test('what nobody can place waits for a person, who recalls and assigns with a reason', async () => {
  const { agent, supervisor } = desks;
  const vague = pothole({ title: '反映情况', body: '你好，我想说个事儿，麻烦记一下。' });
  delete vague.matter;
  const pool = await submitted(agent, vague);
  assert.equal(pool.state, 30, `${pool.dept} ${pool.matter} ${pool.why}`);
  assert.equal(pool.dept, null);
  assert.ok(pool.why);
  const assigned = await supervisor.move('assign', pool, { dept: HEATING, reason: '电话核实为供热问题' });
  assert.equal(assigned.state, 35);
  assert.equal(assigned.dept, HEATING);
  const recalled = await supervisor.move('recall', assigned, { reason: '属住建职责' });
  assert.equal(recalled.state, 30);
  assert.equal(recalled.dept, null);
  const again = await supervisor.move('assign', recalled, { dept: HOUSING, reason: '改派住建' });
  assert.equal(again.dept, HOUSING);
  await walked(desks, again, 80);
});

test('a department that a ticket leaves learns of it', async () => {
  const { agent, handler, supervisor } = desks;
  const there = await submitted(agent);
  await handler.card(there.id, (b) => b.state === 35);
  await supervisor.move('recall', there, { reason: '改派' });
  assert.equal((await handler.card(there.id, (b) => b.state === 30)).dept, null);
});

test('a ticket belongs to a matter of 一件事 when it is said so', async () => {
  const { agent } = desks;
  const { themes } = await agent.ask('reference.all');
  const theme = themes[0];
  const card = await agent.do('ticket.submit', pothole({ theme: theme.theme, theme_no: theme.matters[0].no }));
  assert.equal(card.theme, theme.theme);
  assert.equal(card.theme_no, theme.matters[0].no);
  assert.equal(themes.length, 13);
});

test('urgent things have shorter limits', async () => {
  const { agent } = desks;
  const plain = await agent.do('ticket.submit', pothole({ urgency: 0 }));
  const urgent = await agent.do('ticket.submit', pothole({ urgency: 1 }));
  const critical = await agent.do('ticket.submit', pothole({ urgency: 2 }));
  assert.ok(critical.due - critical.accepted < urgent.due - urgent.accepted);
  assert.ok(urgent.due - urgent.accepted < plain.due - plain.accepted);
  assert.equal(critical.due - critical.accepted, 5 * 60_000);
});

test('a ticket is found by its number, whole or by the last six digits', async () => {
  const { agent } = desks;
  const card = await agent.do('ticket.submit', pothole());
  assert.equal((await agent.ask('ticket.find', { number: card.number })).id, card.id);
  assert.equal((await agent.ask('ticket.find', { number: card.number.slice(-6) })).id, card.id);
});

test('lists are paged by a key without losing or repeating a row', async () => {
  const { agent } = desks;
  for (let i = 0; i < 7; i++) await agent.do('ticket.submit', pothole({ phone: newPhone() }));
  for (const view of ['mine', 'open']) {
    const whole = await agent.ask('ticket.list', { view, limit: 200 });
    assert.equal(whole.rows.length, whole.total);
    const paged = [];
    for (let after = ''; after !== null;) {
      const page = await agent.ask('ticket.list', { view, limit: 3, ...(after && { after }) });
      paged.push(...page.rows.map((row) => row.id));
      after = page.next;
    }
    assert.deepEqual([...new Set(paged)].sort(), whole.rows.map((row) => row.id).sort(), view);
    assert.equal(new Set(paged).size, paged.length, view);
  }
});
