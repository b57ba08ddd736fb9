// The supervisor's figures: they change as things happen, and they are the truth.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { Switch } from '../support/switch.mjs';
import { HOUSING, REGION, newPhone, pothole, submitted, walked } from '../support/tickets.mjs';

const house = openHouse();
const desks = {};
const at = (board, state) => board.states.find((row) => row.state === state).count;
const dept = (board) => board.departments.find((row) => row.dept === HOUSING) ?? { open: 0, sign: 0, handling: 0 };

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all', 'agents', 'board']);
});

/** The next figures that fit, pushed without being asked for. */
const figures = (match, desk = desks.supervisor) => desk.event('board', match);

test('each step of a ticket changes the figures without asking', async () => {
  const { supervisor, handler, agent } = desks;
  const start = await supervisor.ask('board.get');
  let card = await submitted(agent);
  const came = await figures((b) => at(b, 35) === at(start, 35) + 1);
  assert.equal(came.open, start.open + 1);
  assert.equal(came.accepted_today, start.accepted_today + 1);
  assert.equal(dept(came).sign, dept(start).sign + 1);
  const region = (b) => b.regions.find((row) => row.region === REGION).open;
  assert.equal(region(came), region(start) + 1);
  assert.equal(came.dispatch.count, start.dispatch.count + 1);
  assert.ok(came.dispatch.max >= 0 && came.dispatch.max < 5000);

  card = await handler.move('sign', card);
  const signed = await figures((b) => at(b, 40) === at(start, 40) + 1);
  assert.equal(dept(signed).handling, dept(start).handling + 1);
  card = await walked(desks, card, 60);
  await figures((b) => at(b, 60) === at(start, 60) + 1);
  card = await agent.move('rate', card, { grade: 1, solved: false, blame: 1, reason: '没解决' });
  const bad = await figures((b) => b.ratings.grades[0] === start.ratings.grades[0] + 1);
  assert.equal(at(bad, 65), at(start, 65) + 1);
  card = await desks.supervisor.move('redo', card, { reason: '属实' });
  await walked(desks, card, 80);
  const closed = await figures((b) => b.closed_today === start.closed_today + 1);
  assert.equal(closed.open, start.open);
  assert.equal(closed.ratings.rate, 0.5);
});

test('pushed figures are the same as asked ones', async () => {
  await submitted(desks.agent);
  const asked = await desks.supervisor.ask('board.get');
  const pushed = await figures((b) => b.accepted_today === asked.accepted_today && at(b, 20) === 0);
  for (const key of ['states', 'open', 'departments', 'regions', 'ratings'])
    assert.deepEqual(pushed[key], asked[key], key);
});

test('a county sees its own figures', async () => {
  const mohe = await house.sit('mohe', ['board']);
  const start = await mohe.ask('board.get');
  await submitted(desks.agent);
  const card = await submitted(desks.agent, pothole({ region: '232701' }));
  const came = await figures((b) => b.open === start.open + 1, mohe);
  assert.equal(came.region, '232701');
  assert.equal(card.region, '232701');
  assert.ok(came.regions.every((row) => row.region === '232701'));
});

test('overdue and due soon are counted', async () => {
  const { services } = house.server;
  const start = await desks.supervisor.ask('board.get');
  const late = await submitted(desks.agent);
  const soon = await submitted(desks.agent);
  // The clock cannot be moved; deadlines can. Put back before the final check of the chain.
  await services.psql(`update ticket set due = due - 10000000000, warn = warn - 10000000000 where ticket = ${late.id};
    update ticket set warn = 1 where ticket = ${soon.id};`);
  const board = await desks.supervisor.ask('board.get');
  assert.equal(board.overdue, start.overdue + 1);
  assert.equal(board.soon, start.soon + 1);
  const { rows } = await desks.supervisor.ask('ticket.list', { view: 'overdue' });
  assert.deepEqual(rows.map((row) => row.id), [late.id]);
  const { rows: near } = await desks.supervisor.ask('ticket.list', { view: 'soon' });
  assert.ok(near.some((row) => row.id === soon.id) && !near.some((row) => row.id === late.id));
  await services.psql(`update ticket set due = due + 10000000000, warn = warn + 10000000000 where ticket = ${late.id};`);
});

test('calls and seats are counted', async () => {
  const line = new Switch(house.server);
  const start = await desks.supervisor.ask('board.get');
  const call = await line.ring(newPhone());
  const waiting = await figures((b) => b.calls.waiting === 1);
  assert.equal(waiting.calls.today, start.calls.today + 1);
  await desks.agent.do('seat.set', { state: 'ready' });
  await figures((b) => b.agents.ringing === 1 && b.calls.waiting === 0);
  await desks.agent.do('call.answer', { call });
  await line.answered(call, '8001');
  const talking = await figures((b) => b.agents.talking === 1);
  assert.equal(talking.calls.answered, start.calls.answered + 1);
  assert.equal(talking.calls.within15, start.calls.within15 + 1);
  await line.hungup(call);
  await figures((b) => b.agents.wrapup === 1);
});
