// 重复诉求: near-same requests find each other by caller, place and words, with the reason, and are merged at once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { REGION, newPhone, pothole, submitted, walked } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const desks = {};

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.other = await house.sit('1002');
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all']);
  desks.county = await house.sit('mohe');
});

/** What the desk would be typing. */
const typed = (more) => ({ region: REGION, title: '井盖缺失', body: '井盖没了，走路容易踩空。', ...more });
const similar = async (params, desk = desks.agent) => (await desk.ask('intake.similar', params)).rows;
/** Once the ticket has been read behind the commit, it is among the answers. */
const found = (card, params, desk) =>
  until(`${card.number} is found`, async () => (await similar(params, desk)).find((row) => row.id === card.id));
const hole = (place, more) => pothole({ place, body: `${place}的井盖缺失三天，夜间行人容易踩空，请尽快修复。`, ...more });

test('the same caller with the same matter is found, and the caller alone tells it', async () => {
  const ticket = hole('胜利小区1号楼', { title: '胜利小区井盖没了' });
  const card = await submitted(desks.agent, ticket);
  const row = await found(card, typed({ phone: ticket.phone, matter: '0305', title: '井盖还是没有', body: '还没有人来修' }));
  assert.match(row.why, /^同一来电号码、同一事项、.*分钟前$/);
  assert.deepEqual([row.caller, row.into, row.again, row.dept], [true, card.id, false, card.dept]);
  const stranger = await similar(typed({ phone: newPhone(), matter: '0305', title: '公交车不来', body: '等了半小时没有车' }));
  assert.deepEqual(stranger, []);
});

test('another caller is found by place and words; the number of the house makes the difference', async () => {
  const card = await submitted(desks.agent, hole('育英小区6号楼2单元'));
  const same = await found(card, typed({ place: '育英小区六号楼', body: '育英小区六号楼的井盖丢了，夜间行人容易踩空。' }));
  assert.match(same.why, /^同一地点（育英小区六号楼）、内容相近 \d+%/);
  assert.equal(same.elsewhere, false);
  const next = await found(card, typed({ place: '育英小区8号楼', body: '育英小区8号楼的井盖缺失，夜间行人容易踩空。' }));
  assert.match(next.why, /同在育英小区但号不同（本件8号楼、该单6号楼）/);
  assert.ok(next.elsewhere && next.score < same.score - 20, `${next.score} beside ${same.score}`);
  assert.deepEqual(await similar(typed({ region: '232701', place: '育英小区6号楼' })), [], 'another county');
});

test('words alone are enough where they are near the same', async () => {
  const body = '山上的防火隔离带被人私自开垦种了土豆，树苗都被拔掉了。';
  const card = await submitted(desks.agent, pothole({ place: '', title: '防火隔离带被开垦', body }));
  const row = await found(card, { region: REGION, body: `您好，我想反映${body}希望领导重视，谢谢！` });
  assert.match(row.why, /都说到“/);
  assert.deepEqual(await similar({ region: REGION, body: '您好，我想反映一个问题，希望领导重视，谢谢！' }), []);
});

test('what is said of others is no number and no name, and a supervisor sees only the own county', async () => {
  const ticket = hole('团结小区9号楼');
  const card = await submitted(desks.agent, ticket);
  const question = typed({ place: '团结小区9号楼' });
  const row = await found(card, question, desks.supervisor);
  assert.deepEqual(Object.keys(row).sort(), ['accepted', 'again', 'caller', 'dept', 'elsewhere', 'id', 'into', 'into_number',
    'number', 'score', 'state', 'title', 'why']);
  assert.deepEqual(await similar(question, desks.county), []);
  await refused(desks.county.ask('ticket.similar', { id: card.id }), 'not_yours');
  await refused(desks.handler.ask('ticket.similar', { id: card.id }), 'not_allowed');
  await refused(similar(question, desks.handler), 'not_allowed');
});

test('a sealed report is told to its own caller’s desk and, by what it says, to supervisors', async () => {
  const ticket = hole('和平小区4号楼', { secrecy: 2 });
  const card = await submitted(desks.agent, ticket);
  const own = await found(card, typed({ phone: ticket.phone, place: '和平小区4号楼' }));
  assert.match(own.why, /^同一来电号码/);
  const stranger = typed({ phone: newPhone(), place: '和平小区4号楼' });
  assert.deepEqual(await similar(stranger), []);
  const bySupervisor = await found(card, { ...stranger, phone: ticket.phone }, desks.supervisor);
  assert.equal(bySupervisor.caller, false, 'not even the right number tells a supervisor whose it is');
  const open = await submitted(desks.agent, hole('和平小区4号楼', { phone: ticket.phone }));
  const beside = (desk, id) => desk.ask('ticket.similar', { id }).then((answer) => answer.rows);
  const row = await until('the open one is read', async () =>
    (await beside(desks.supervisor, open.id)).find((one) => one.id === card.id));
  assert.equal(row.caller, false, 'the caller of a sealed report is not told beside another ticket');
  assert.ok((await beside(desks.supervisor, card.id)).every((one) => !one.caller));
  assert.ok((await beside(desks.agent, open.id)).every((one) => one.id !== card.id));
});

test('a call at the own seat stands for its number, at another’s it tells nothing', async () => {
  const call = `c-${randomUUID()}`;
  const phone = newPhone();
  const card = await submitted(desks.agent, hole('光明小区2号楼', { phone }));
  const seal = await house.server.services.rows(`select phone, phone_index, phone_mask from contact where ticket = ${card.id}`);
  await house.server.services.psql(`insert into call (call, state, caller, caller_index, caller_mask, rang, agent)
    values ('${call}', 'talking', '${seal[0].phone}', '${seal[0].phone_index}', '${seal[0].phone_mask}', 1, ${desks.other.me.account});
    insert into agent_seat (account, since) values (${desks.other.me.account}, 1) on conflict do nothing;
    update agent_seat set call = '${call}' where account = ${desks.other.me.account};`);
  try {
    const question = { region: REGION, call, matter: '0305', body: '修好没有' };
    assert.equal((await found(card, question, desks.other)).caller, true);
    assert.deepEqual(await similar(question, desks.agent), []);
  } finally {
    await house.server.services.psql(`update agent_seat set call = null; delete from call where call = '${call}'`);
  }
});

test('merged in one step; of those already merged the master is offered, and two at once both get in', async () => {
  const place = '长青小区7号楼';
  const master = await submitted(desks.agent, hole(place));
  const row = await found(master, typed({ place }));
  const cards = await Promise.all([desks.agent, desks.other].map((desk) =>
    desk.do('intake.merge', { ...hole(place), other: row.into })));
  assert.deepEqual(cards.map((card) => [card.state, card.master]), [[29, master.id], [29, master.id]]);
  await until('the merged ones are read', async () =>
    await house.server.services.value(`select count(*) from likeness where ticket in (${cards.map((c) => c.id)})`) === 2);
  const rows = (await similar(typed({ place }))).filter((one) => one.into === master.id);
  assert.equal(rows.length, 1, 'one of three speaks for all');
  const joined = await desks.supervisor.ask('ticket.get', { id: master.id });
  assert.equal(joined.joined, 2);
});

test('a ticket that is there already is merged by two dispatchers at once: one does it, the other is told', async () => {
  const place = '向阳小区5号楼';
  const master = await submitted(desks.agent, hole(place));
  const late = await submitted(desks.agent, hole(place));
  const row = await until('it is found from the other ticket', async () =>
    (await desks.supervisor.ask('ticket.similar', { id: late.id })).rows.find((one) => one.id === master.id));
  assert.match(row.why, /^同一事项、同一地点（向阳小区5号楼）、内容相近/);
  const second = await house.sit('duban');
  const ends = await Promise.allSettled([desks.supervisor, second].map((desk) => desk.move('merge', late, { other: row.into })));
  assert.deepEqual(ends.map((end) => end.status).sort(), ['fulfilled', 'rejected']);
  assert.equal(ends.find((end) => end.status === 'rejected').reason.name, 'stale');
  assert.equal((await desks.supervisor.ask('ticket.get', { id: master.id })).joined, 1);
});

test('what was closed lately is offered to be taken up again, and leaves with its limit', async () => {
  const place = '红旗小区3号楼';
  const closed = await walked(desks, await submitted(desks.agent, hole(place)), 80);
  const row = await found(closed, typed({ place }));
  assert.deepEqual([row.again, row.into], [true, null]);
  const again = await desks.agent.do('ticket.submit', { ...hole(place), prev: row.id });
  const full = await desks.agent.ask('ticket.get', { id: again.id });
  assert.deepEqual(full.links.map((link) => [link.id, link.kind]), [[closed.id, 'again']]);
  await house.server.services.psql(`update ticket set closed = closed - 16 * 86400000::bigint where ticket = ${closed.id}`);
  assert.ok((await similar(typed({ place }))).every((one) => one.id !== closed.id));
  await house.server.services.psql(`update ticket set closed = closed + 16 * 86400000::bigint where ticket = ${closed.id}`);
});

test('what a killed server had not read is read by the next', async () => {
  const place = '永安小区2号楼';
  await house.server.restart({ roles: 'console' });
  const agent = await house.sit('1001');
  const card = await agent.do('ticket.submit', hole(place));
  assert.deepEqual(await similar(typed({ place }), agent), []);
  await house.server.kill9();
  await house.server.set({ roles: 'console,dispatch,timers' });
  await house.server.serve();
  desks.agent = await house.sit('1001', ['mine']);
  await found(card, typed({ place }));
});
