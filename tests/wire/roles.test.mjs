// Who may do what, and where: roles, the closed loop's edges, departments and counties.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { ROLES, commands } from '../support/law.mjs';
import { HEATING, pothole, submitted, ticketIn } from '../support/tickets.mjs';

const house = openHouse();
const desks = {};

// Of each moving command: who makes it, what it must carry.
const why = { reason: '按规定办理' };
const said = { text: '情况说明' };
const MOVES = {
  answer: ['agent', said], refuse: ['supervisor', { cause: 2, ...said }], ask_info: ['agent', said], supply: ['agent', said],
  withdraw: ['agent', why], merge: ['agent', { other: 1 }], unmerge: ['supervisor', why],
  split: ['agent', { title: '另一事', ...said }], link: ['agent', { other: 1 }],
  assign: ['supervisor', { dept: HEATING, ...why }], recall: ['supervisor', why], dispute: ['supervisor', { dept: HEATING, ...why }],
  rule: ['supervisor', { dept: HEATING, ...why }], rule_out: ['supervisor', { cause: 2, ...said }],
  sign: ['handler', {}], send_back: ['handler', { basis: '三定规定', ...why }],
  accept_return: ['supervisor', why], reject_return: ['supervisor', why],
  contact: ['handler', { result: 'reached', ...said }], progress: ['handler', said],
  ask_extend: ['handler', { days: 2, ...why }], extend: ['supervisor', {}], deny_extend: ['supervisor', why],
  ask_pause: ['handler', { cause: 1, until: '2030-01-01', ...why }], pause: ['supervisor', {}], deny_pause: ['supervisor', why],
  resume: ['handler', why], assist: ['handler', { dept: HEATING, ...said }], hand_down: ['handler', { dept: HEATING, ...said }],
  part_sign: ['handler', { part: 1 }], part_reply: ['handler', { part: 1, ...said }], part_return: ['handler', { part: 1, ...why }],
  part_recall: ['handler', { part: 1, ...why }], finish: ['handler', { solved: true, ...said }],
  pass: ['supervisor', {}], settle: ['supervisor', {}], reject: ['supervisor', why], urge: ['agent', {}], supplement: ['agent', said],
  order: ['supervisor', { level: 1, ...said }], order_reply: ['handler', { order: 1, ...said }],
  order_close: ['supervisor', { order: 1, ...why }], check: ['supervisor', { score: 90, ...said }],
  notify: ['agent', { way: 'phone', ...said }], miss: ['agent', { result: 'silent' }], rate: ['agent', { grade: 5, solved: true }],
  redo: ['supervisor', why], doubt: ['supervisor', why], dismiss: ['supervisor', why], conclude: ['supervisor', why],
  hand_over: ['agent', { number: '119', way: 1, ...why }], taken: ['agent', said],
  reopen: ['supervisor', why], archive: ['supervisor', {}], reveal: ['agent', why],
};

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all']);
  desks.admin = await house.sit('admin');
});

test('every command refuses every role that its row does not name', async () => {
  let asked = 0;
  for (const command of commands()) {
    if (command.who === 0) continue;
    for (const [role, bit] of Object.entries(ROLES)) {
      if (command.who & bit) continue;
      await refused(desks[role].do(command.name, {}), 'not_allowed');
      asked++;
    }
  }
  assert.ok(commands().length >= 27, 'the command table was read');
  assert.ok(asked > 50, `${asked} pairs`);
});

test('every command but hello refuses who has not said hello', async () => {
  for (const command of commands()) {
    if (command.who === 0) continue;
    const stranger = await house.connect(house.cookies.get('1001'));
    await refused(stranger.do(command.name, {}), 'not_logged_in');
    await stranger.close();
  }
});

test('from every state every move that is no edge of the law is refused', async () => {
  const { services } = house.server;
  const edges = new Set(
    (await services.rows('select action, from_state from flow_edge where not retired')).map((e) => `${e.action} ${e.from_state}`));
  const cards = {};
  for (const state of [30, 35, 40, 50, 55, 60, 80, 90]) cards[state] = await ticketIn(state, desks, pothole());
  // The other states are claimed: the table is asked before the row.
  for (const state of [0, 15, 20, 29, 38, 39, 45, 65, 82, 85]) cards[state] = { ...cards[35], state };
  let asked = 0;
  for (const [state, card] of Object.entries(cards))
    for (const [move, [role, params]] of Object.entries(MOVES)) {
      if (edges.has(`${move} ${state}`)) continue;
      const refusal = await refused(desks[role].move(move, card, params), 'illegal_move');
      assert.match(refusal.sentence, /不能/);
      asked++;
    }
  const legal = Object.keys(MOVES).flatMap((move) => Object.keys(cards).filter((state) => edges.has(`${move} ${state}`))).length;
  assert.equal(asked, Object.keys(cards).length * Object.keys(MOVES).length - legal, 'all pairs but the edges');
  assert.ok(asked > 500, `${asked} pairs`);
  const commanded = commands().filter((row) => row.name.startsWith('ticket.') && row.parameters.includes('seen:seen'));
  assert.deepEqual(Object.keys(MOVES).sort(), commanded.map((row) => row.name.slice(7)).sort(), 'every moving command is asked');
  for (const card of Object.values(cards)) {
    const now = await desks.supervisor.ask('ticket.get', { id: card.id });
    assert.equal(now.ver, card.ver, 'nothing has changed');
  }
});

test('a handler neither sees nor moves the tickets of another department', async () => {
  const card = await submitted(desks.agent);
  const stranger = await house.sit('gongre', ['dept']);
  await refused(stranger.ask('ticket.get', { id: card.id }), 'not_yours');
  await refused(stranger.ask('ticket.find', { number: card.number }), 'not_yours');
  await refused(stranger.move('sign', card), 'not_yours');
  await refused(stranger.move('reveal', card, { reason: '想看看' }), 'not_yours');
  const { rows } = await stranger.ask('ticket.list', { view: 'open', limit: 200 });
  assert.ok(rows.every((row) => row.dept === stranger.me.dept));
  const { rows: asked } = await stranger.ask('ticket.list', { view: 'open', dept: card.dept, limit: 200 });
  assert.deepEqual(asked, [], 'asking for the other department gives nothing');
});

test('a county supervisor sees and moves only tickets of the county', async () => {
  const card = await submitted(desks.agent);
  const mohe = await house.sit('mohe', ['all']);
  await refused(mohe.ask('ticket.get', { id: card.id }), 'not_yours');
  await refused(mohe.move('recall', card, { reason: '改派' }), 'not_yours');
  const own = await desks.agent.do('ticket.submit', pothole({ region: '232701' }));
  const there = await mohe.card(own.id, (b) => b.state === 35);
  assert.equal(there.region, '232701');
  assert.equal((await mohe.ask('ticket.get', { id: own.id })).id, own.id);
  const { rows } = await mohe.ask('ticket.list', { view: 'open', limit: 200 });
  assert.ok(rows.length > 0 && rows.every((row) => row.region === '232701'));
  const all = await house.sit('duban');
  assert.equal((await all.ask('ticket.get', { id: own.id })).id, own.id);
});

test('events go only to consoles that may see them', async () => {
  const heating = await house.sit('gongre', ['dept']);
  const mohe = await house.sit('mohe', ['all']);
  const card = await submitted(desks.agent);
  // A later event that both may see ends the wait: what came before it is all there is.
  const { agent } = desks;
  const mark = await agent.do('ticket.submit', pothole({ region: '232701', matter: '0101' }));
  await mohe.card(mark.id, (b) => b.state === 35);
  const end = await submitted(agent, pothole({ matter: '0101' }));
  await heating.card(end.id);
  for (const desk of [heating, mohe])
    assert.ok(!desk.frames.some((frame) => frame.includes(card.number)), `${desk.me.login} saw ${card.number}`);
});

test('nobody may follow what is not for the own role', async () => {
  await refused(desks.agent.ask('feed.open', { topics: ['all'] }), 'not_allowed');
  await refused(desks.handler.ask('feed.open', { topics: ['dept', 'board'] }), 'not_allowed');
  await refused(desks.admin.ask('feed.open', { topics: ['mine'] }), 'not_allowed');
});

test('what does not exist is not found', async () => {
  await refused(desks.agent.ask('ticket.get', { id: 2_000_000_000 }), 'not_found');
  await refused(desks.agent.ask('ticket.find', { number: '232720260101999999' }), 'not_found');
  const seen = { ver: 1, state: 35, kind: 3, urgency: 0, matter: null };
  await refused(desks.handler.do('ticket.sign', { id: 2_000_000_000, seen }), 'not_found');
  await refused(desks.agent.ask('call.caller', { call: 'no-such-call' }), 'call_gone');
});
