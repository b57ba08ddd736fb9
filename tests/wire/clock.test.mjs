// Clocks that stop, grow, warn and move: pause and resume, extension, 黄牌 and 红牌, limits and calendar edited.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { Clock } from '../support/faketime.mjs';
import { openHouse } from '../support/house.mjs';
import { HEATING, HOUSING, pothole, submitted, ticketIn } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const clock = await Clock.make();
const house = openHouse({ session_hours: 8760 }, clock.env);
const desks = {};
const DAY_MS = 86_400_000;
const date = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all']);
  desks.admin = await house.sit('admin');
});

const get = (card) => desks.supervisor.ask('ticket.get', { id: card.id });

test('a ruling is followed by dispatch without a restart, until it is revoked', async () => {
  const { agent, handler, supervisor } = desks;
  const there = await submitted(agent, pothole({ matter: '0306' }));
  const sent = await handler.move('send_back', there, { reason: '不属本单位', basis: '三定规定' });
  const disputed = await supervisor.move('dispute', sent, { reason: '职责不清' });
  assert.equal(disputed.dept, there.dept, 'the first unit answers meanwhile');
  const ruled = await supervisor.move('rule', disputed, { dept: HEATING, reason: '管线绿化由供热公司恢复' });
  assert.equal(ruled.dept, HEATING);
  const next = () => submitted(agent, pothole({ matter: '0306' }));
  await until('dispatch follows the ruling', async () => (await next()).dept === HEATING);
  assert.match((await next()).why, /裁定先例/);
  const { rows } = await supervisor.ask('precedent.list');
  await supervisor.do('precedent.revoke', { precedent: rows[0].precedent, reason: '职责已划转' });
  await until('dispatch is as before', async () => (await next()).dept === HOUSING);
});

test('an extension moves the deadline by working days, a pause stops the clock', async () => {
  const { handler, supervisor } = desks;
  const card = await ticketIn(40, desks, pothole());
  assert.match(card.rule, /^handle_complaint:5wd$/);
  const asked = await handler.move('ask_extend', card, { days: 3, reason: '等配件' });
  const longer = await supervisor.move('extend', asked);
  assert.equal(longer.rule, 'handle_complaint:5wd+3wd');
  assert.ok(longer.due >= card.due + 3 * DAY_MS);
  await refused(handler.move('ask_extend', longer, { days: 1, reason: '再延' }), 'rule');
  const wish = await handler.move('ask_pause', longer, { cause: 1, until: date(clock.now() + 30 * DAY_MS), reason: '冬季不能施工' });
  await refused(supervisor.move('pause', wish, { until: date(clock.now() - DAY_MS) }), 'bad_params');
  const paused = await supervisor.move('pause', wish);
  assert.equal(paused.state, 45);
  assert.ok(paused.due > clock.now() + 28 * DAY_MS);
  const resumed = await handler.move('resume', paused, { reason: '提前开工' });
  assert.match(resumed.rule, /^handle_complaint:\d+wms$/);
  // Working time lost in between is given back: at most the moment of standing still, over a night at worst.
  assert.ok(resumed.due >= longer.due && resumed.due - longer.due < 4 * DAY_MS, `${resumed.due} ${longer.due}`);
});

test('an edited limit holds for what starts later, a matter’s own goes before it', async () => {
  const { agent, admin, handler } = desks;
  await refused(admin.do('limit.set', { key: 'return_max', amount: 2, unit: 'wd', reason: '试' }), 'bad_params');
  // The one that is waited for is changed last: when it is in force, both are.
  await admin.do('limit.set', { key: 'sign_urgent', amount: 50, unit: 'min', matter: '0305', reason: '井盖从快' });
  await admin.do('limit.set', { key: 'dispatch_urgent', amount: 40, unit: 'min', reason: '按本地规定' });
  await until('the new limits are in force', async () => {
    const card = await agent.do('ticket.submit', pothole({ urgency: 1 }));
    return card.due - card.accepted === 40 * 60_000;
  });
  const there = await submitted(agent, pothole({ urgency: 1 }));
  assert.equal(there.due - there.dispatched, 50 * 60_000);
  assert.equal(there.rule, 'sign_urgent:50min');
  const taken = await get(await handler.move('sign', there));
  assert.ok(taken.contact_by <= taken.due, 'who asked urgently is called before the answer is due');
  const { changes } = await admin.ask('limit.list');
  assert.deepEqual(changes.slice(0, 2).map((one) => one.matter), [null, '0305']);
});

test('a changed calendar is tried first, then moves every open deadline it touches', async () => {
  const { admin, handler, supervisor } = desks;
  const card = await handler.move('assist', await ticketIn(40, desks, pothole()), { dept: HEATING, text: '请协办' });
  const [part] = (await get(card)).parts;
  const heating = await house.sit('gongre');
  await heating.move('part_sign', await get(card), { part: part.part });
  const ordered = await supervisor.move('order', await get(card), { level: 1, text: '请说明进展' });
  const [signed] = (await get(card)).parts;
  const orderOf = async () => (await supervisor.ask('order.list', { view: 'open' })).rows.find((one) => one.ticket === card.id);
  const order = await orderOf();
  const days = [...new Set([date(card.due), date(order.due)])];
  const csv = `day,kind,name\n${days.map((day) => `${day},holiday,测试假日\n`).join('')}`;
  assert.match((await refused(admin.ask('calendar.try', { csv: 'day,kind,name\n2026-13-01,holiday,x\n' }), 'bad_params')).data.fields.csv, /第 2 行/);
  const tried = await admin.ask('calendar.try', { csv });
  const wanted = tried.moved.find((one) => one.id === card.id && one.what === 'ticket');
  assert.ok(wanted && wanted.due > card.due, 'a holiday on the last day moves it');
  assert.equal((await get(card)).due, card.due, 'trying changes nothing');
  const done = await admin.do('calendar.set', { csv });
  assert.deepEqual(done.moved.find((one) => one.id === card.id && one.what === 'ticket'), wanted);
  const now = await get(card);
  assert.equal(now.due, wanted.due);
  assert.equal(now.events.at(-1).action, 'reckon');
  assert.equal(now.events.at(-1).detail.was, card.due);
  const moved = done.moved.find((one) => one.part === part.part);
  assert.deepEqual(moved, tried.moved.find((one) => one.part === part.part));
  assert.equal(moved.was, signed.due);
  assert.equal(now.parts[0].due, moved.due, 'the 承办单 below it moves too');
  assert.ok(moved.due > signed.due && moved.due <= now.due);
  const later = done.moved.find((one) => one.order === order.order);
  assert.deepEqual(later, tried.moved.find((one) => one.order === order.order));
  assert.deepEqual([later.was, later.number], [order.due, order.number]);
  assert.equal((await orderOf()).due, later.due, 'the 督办 moves too');
  assert.ok(later.due > order.due && ordered.orders === 1);
});

test('other office hours are tried first, then move what ends at close of business', async () => {
  const { admin } = desks;
  const card = await ticketIn(40, desks, pothole());
  const { office } = await admin.ask('calendar.list', { year: 2026 });
  assert.equal(office, '08:30-11:30 13:30-17:00');
  const wrong = await refused(admin.ask('calendar.try', { office: '13:30-17:00 08:30-11:30' }), 'bad_params');
  assert.match(wrong.data.fields.office, /先后/);
  assert.match((await refused(admin.ask('calendar.try', {}), 'bad_params')).data.fields.csv, /日历文件或办公时间/);
  const later = { office: '09:00-12:00 14:00-18:00' };
  const wanted = (await admin.ask('calendar.try', later)).moved.find((one) => one.id === card.id);
  assert.equal(wanted.due - card.due, 3_600_000, 'the last day ends an hour later');
  assert.equal((await get(card)).due, card.due, 'trying changes nothing');
  await admin.do('calendar.set', later);
  assert.equal((await get(card)).due, wanted.due);
  assert.equal((await admin.ask('calendar.list', { year: 2026 })).office, later.office);
  const { changes } = await admin.ask('limit.list');
  assert.deepEqual([changes[0].key, changes[0].was, changes[0].now], ['calendar', office, later.office]);
  await admin.do('calendar.set', { office });
  assert.equal((await get(card)).due, card.due, 'and back');
});

test('yellow before, red at the deadline, then urging, an order of the system and a report', async () => {
  const { agent, handler, supervisor } = desks;
  const card = await submitted(agent, pothole({ urgency: 2 }));
  clock.jump(9 * 60);
  await supervisor.card(card.id, (b) => b.alarm === 1);
  clock.jump(5 * 60);
  await handler.card(card.id, (b) => b.alarm === 2);
  clock.jump(12 * 86_400);
  const last = await supervisor.card(card.id, (b) => b.alarm === 5, 20_000);
  assert.equal(last.orders, 1);
  const { rows } = await supervisor.ask('order.list', { view: 'open' });
  const order = rows.find((one) => one.ticket === card.id);
  assert.match(order.number, /^DB2327\d{14}$/);
  const { rows: alerts } = await supervisor.ask('alert.list', { view: 'open' });
  assert.ok(alerts.some((one) => one.kind === 'overdue' && one.tickets.some((ticket) => ticket.id === card.id)));
  await house.server.restart();
  const desk = await house.sit('zhujian1');
  const back = await desk.ask('ticket.get', { id: card.id });
  assert.equal(back.alarm, 5, 'what the timers did is still known after a restart');
});
