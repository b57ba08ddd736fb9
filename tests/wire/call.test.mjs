// Calls: offered to one agent, the longest idle, back in the queue when nobody answers, never lost.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { unseenOperations } from '../support/openapi.mjs';
import { Switch } from '../support/switch.mjs';
import { newPhone, pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse({ ring_seconds: 2, wrapup_seconds: 2 });
const BUSY = 1, READY = 2, RINGING = 3, TALKING = 4, WRAPUP = 5;
const agents = [];
let supervisor;
let line;

before(async () => {
  await house.opened;
  line = new Switch(house.server);
  await house.server.services.psql(`
    insert into account (login, name, role, region, password, extension)
    select 'agent' || n, '坐席' || n, 1, '232700', (select password from account where login = '1001'), 'x' || n
    from generate_series(1, 6) n;`);
  supervisor = await house.sit('duban', ['agents']);
  for (const name of ['1001', '1002', '1003', '1004', 'agent1', 'agent2', 'agent3', 'agent4', 'agent5', 'agent6'])
    agents.push(await house.sit(name, ['mine']));
  await until('all are seated', async () => (await seats()).filter((seat) => seat.state === BUSY).length === 10);
});

// Between the tests everybody is 示忙 and no call is open.
beforeEach(async () => {
  await house.server.services.psql('select 1');
  for (const row of await house.server.services.rows(`select call from call where state <> 'ended'`)) await line.hungup(row.call);
  for (const agent of agents) await agent.do('seat.set', { state: 'busy' });
  for (const agent of [...agents, supervisor]) agent.events.drain();
  assert.deepEqual((await seats()).filter((seat) => seat.state !== BUSY), []);
});

async function seats() {
  return (await supervisor.ask('seat.list')).rows;
}

async function seat(agent) {
  return (await seats()).find((row) => row.account === agent.me.account);
}

async function ready(...some) {
  for (const agent of some) {
    await agent.do('seat.set', { state: 'ready' });
    // A millisecond between them, so that one has waited longer.
    await until('the clock moves', async () => Date.now() > (await seat(agent)).since);
  }
}

const ringing = (agent, call) => agent.event('call', (b) => b.call === call && b.state === 'ringing');
const becomes = (agent, state) => supervisor.event('agent', (b) => b.account === agent.me.account && b.state === state);

test('a call rings at the longest idle agent, and the whole way of a call is told live', async () => {
  const [first, second] = agents;
  await ready(second, first);
  const phone = newPhone();
  const call = await line.ring(phone);
  const card = await ringing(second, call);
  assert.equal(card.agent, second.me.account);
  assert.match(card.caller_mask, /^138\*+\d{4}$/);
  await becomes(second, RINGING);
  assert.equal((await seat(first)).state, READY);

  const caller = await second.ask('call.caller', { call });
  assert.equal(caller.phone, phone);
  await second.do('call.answer', { call });
  const { extension } = await line.becomes(call, 'answering');
  assert.equal(extension, '8002');
  assert.equal((await line.answered(call, extension)).status, 200);
  await becomes(second, TALKING);
  assert.equal((await second.event('call', (b) => b.state === 'talking')).call, call);

  const ticket = pothole({ call });
  delete ticket.phone;
  const taken = await submitted(second, ticket);
  const history = await second.ask('call.caller', { call });
  assert.deepEqual(history.open.map((row) => row.id), [taken.id], 'the ticket belongs to the number of the call');

  assert.equal((await line.hungup(call)).status, 200);
  await becomes(second, WRAPUP);
  assert.equal((await second.event('call', (b) => b.state === 'ended')).ended_by, 'caller');
  await becomes(second, READY);
});

test('the caller who comes again is known by open and past tickets', async () => {
  const [agent] = agents;
  const phone = newPhone();
  const before = await submitted(agent, pothole({ phone }));
  await ready(agent);
  const call = await line.ring(phone);
  await ringing(agent, call);
  const { open } = await agent.ask('call.caller', { call });
  assert.deepEqual(open.map((row) => row.id), [before.id]);
  await refused(agents[1].ask('call.caller', { call }), 'call_gone');
});

test('no call is offered to two agents when thirty ring at once and ten are ready', async () => {
  await ready(...agents);
  for (const agent of agents) agent.events.drain();
  const calls = await Promise.all(Array.from({ length: 30 }, () => line.ring(newPhone())));
  const offered = await Promise.all(agents.map((agent) => agent.event('call', (b) => b.state === 'ringing')));
  assert.equal(new Set(offered.map((card) => card.call)).size, 10, 'ten calls');
  for (const [i, card] of offered.entries()) assert.equal(card.agent, agents[i].me.account);
  const rows = await house.server.services.rows(`select call, agent, state from call where state <> 'ended'`);
  assert.equal(rows.filter((row) => row.state === 'ringing').length, 10);
  assert.equal(rows.filter((row) => row.state === 'waiting').length, 20);
  assert.equal(new Set(rows.map((row) => row.agent).filter(Boolean)).size, 10);
  assert.equal((await supervisor.ask('seat.list')).waiting, 20);

  // All talk and end; the waiting ones come up, the longest waiting first.
  const served = new Set();
  for (const [i, card] of offered.entries()) {
    await agents[i].do('call.answer', { call: card.call });
    await line.answered(card.call, agents[i].me.extension ?? (await seat(agents[i])).extension);
    served.add(card.call);
    await agents[i].do('call.hangup', { call: card.call });
    await agents[i].do('seat.set', { state: 'ready' });
  }
  const next = await Promise.all(agents.map((agent) => agent.event('call', (b) => b.state === 'ringing' && !served.has(b.call))));
  assert.equal(new Set(next.map((card) => card.call)).size, 10);
  const waits = await house.server.services.rows(`select call from call where state = 'waiting'`);
  const rang = await house.server.services.rows(`select call, rang from call`);
  const at = Object.fromEntries(rang.map((row) => [row.call, row.rang]));
  const latest = Math.max(...next.map((card) => at[card.call]));
  for (const row of waits) assert.ok(at[row.call] >= latest, 'who waited longer was served');
  for (const call of calls) await line.hungup(call);
});

test('a call that nobody answers waits again at its old place, and the agent is 示忙', async () => {
  const [first, second] = agents;
  await ready(first);
  const call = await line.ring(newPhone());
  await ringing(first, call);
  const later = await line.ring(newPhone());
  const card = await becomes(first, BUSY);
  assert.match(card.reason, /应答/);
  assert.equal((await line.state(call)).body.state, 'waiting');
  await ready(second);
  const again = await second.event('call', (b) => b.state === 'ringing');
  assert.equal(again.call, call, 'before the one that came later');
  assert.equal(again.offers, 2);
  await line.hungup(later);
});

test('an agent whose console is closed is offered nothing, and is signed off', async () => {
  const { server } = house;
  const gone = await house.sit('agent6', ['mine']);
  await gone.do('seat.set', { state: 'ready' });
  // agents[9] is the same account at an older console; the newest holds the seat.
  supervisor.events.drain();
  await gone.close();
  await until('the seat has no console', async () =>
    (await server.services.value(`select link from agent_seat where account = ${gone.me.account}`)) === '');
  const call = await line.ring(newPhone());
  assert.equal((await line.state(call)).body.state, 'waiting');
  await becomes(gone, 0);
  agents[9] = await house.sit('agent6', ['mine']);
  assert.equal((await becomes(gone, BUSY)).reason, '刚签入');
  await line.hungup(call);
});

test('a call whose agent vanishes while it rings goes to another', async () => {
  const [first] = agents;
  const vanishing = await house.sit('agent5', ['mine']);
  await ready(vanishing);
  const call = await line.ring(newPhone());
  await ringing(vanishing, call);
  vanishing.socket.terminate();
  await ready(first);
  assert.equal((await ringing(first, call)).agent, first.me.account);
  agents[8] = await house.sit('agent5', ['mine']);
});

test('a console that comes back finds its seat and its call', async () => {
  const [agent] = agents;
  await ready(agent);
  const call = await line.ring(newPhone());
  await ringing(agent, call);
  await agent.do('call.answer', { call });
  await line.answered(call, '8001');
  await agent.close();
  agents[0] = await house.sit('1001', ['mine']);
  assert.equal(agents[0].me.seat.state, TALKING);
  assert.equal(agents[0].me.call.call, call);
  assert.equal((await line.state(call)).body.state, 'talking', 'the voice never broke');
});

test('a caller who gives up frees the agent', async () => {
  const [agent] = agents;
  await ready(agent);
  const call = await line.ring(newPhone());
  await ringing(agent, call);
  await line.hungup(call, 'caller');
  await agent.event('call', (b) => b.call === call && b.state === 'ended');
  assert.equal((await seat(agent)).state, READY);
  await refused(agent.do('call.answer', { call }), 'call_gone');
});

test('a caller who waits and gives up leaves the queue', async () => {
  const call = await line.ring(newPhone());
  await line.hungup(call);
  assert.equal((await supervisor.ask('seat.list')).waiting, 0);
  assert.equal((await line.state(call)).body.state, 'ended');
});

test('the agent hangs up, wraps up and is ready again by itself', async () => {
  const [agent] = agents;
  await ready(agent);
  const call = await line.ring(newPhone());
  await ringing(agent, call);
  await agent.do('call.answer', { call });
  await line.answered(call, '8001');
  const card = await agent.do('call.hangup', { call });
  assert.deepEqual([card.state, card.ended_by], ['ended', 'agent']);
  assert.equal((await line.becomes(call, 'ended')).state, 'ended');
  assert.ok((await becomes(agent, WRAPUP)).until > Date.now());
  await becomes(agent, READY);
});

test('a wish to be 示忙 while talking comes true after wrap-up', async () => {
  const [agent] = agents;
  await ready(agent);
  const call = await line.ring(newPhone());
  await ringing(agent, call);
  await agent.do('call.answer', { call });
  await line.answered(call, '8001');
  const wish = await agent.do('seat.set', { state: 'busy', reason: '喝水' });
  assert.deepEqual([wish.state, wish.next], [TALKING, BUSY]);
  await line.hungup(call);
  await becomes(agent, WRAPUP);
  await becomes(agent, BUSY);
});

test('answering ends the ring: what is picked up is not taken away', async () => {
  const [agent, other] = agents;
  await ready(agent);
  const call = await line.ring(newPhone());
  await ringing(agent, call);
  await agent.do('call.answer', { call });
  await refused(other.do('call.answer', { call }), 'call_gone');
  await refused(other.do('call.hangup', { call }), 'call_gone');
  await line.answered(call, '8001');
  assert.equal((await line.state(call)).body.state, 'talking');
});

test('the switch is believed only with its key', async () => {
  for (const key of ['', 'wrong', `${house.server.switchKey}x`, house.server.switchKey.slice(1)]) {
    const stranger = new Switch(house.server, key);
    const { status } = await stranger.send('POST', '', { call: 'c1', caller: newPhone(), called: '12345' });
    assert.equal(status, 401);
    assert.equal((await stranger.state('c1')).status, 401);
  }
  const { status } = await line.state('c1');
  assert.equal(status, 404, 'nothing was made');
});

test('what the switch says wrongly is told to it', async () => {
  const wrong = [
    ['POST', '', {}], ['POST', '', { call: 'a b', caller: '110' }], ['POST', '', { call: 'ok-1', caller: 'x' }],
    ['POST', '', { call: 'x'.repeat(81), caller: '110' }], ['POST', '', { call: 'ok-2', caller: '110', more: 1 }],
  ];
  for (const [method, path, body] of wrong) {
    const reply = await line.send(method, path, body);
    assert.equal(reply.status, 400, JSON.stringify(body));
    assert.ok(reply.body.error.message);
  }
  assert.equal((await line.hungup('no-such-call')).status, 404);
  assert.equal((await line.answered('no-such-call', '8001')).status, 404);
  assert.equal((await line.state('no-such-call')).status, 404);
});

test('the switch may say everything twice', async () => {
  const [agent] = agents;
  await ready(agent);
  const phone = newPhone();
  const call = await line.ring(phone);
  assert.equal(await line.ring(phone, call), call);
  await ringing(agent, call);
  await agent.do('call.answer', { call });
  for (let i = 0; i < 2; i++) assert.equal((await line.answered(call, '8001')).status, 200);
  for (let i = 0; i < 2; i++) assert.equal((await line.hungup(call)).status, 200);
  const rows = await house.server.services.rows(`select state, offers from call where call = '${call}'`);
  assert.deepEqual(rows, [{ state: 'ended', offers: 1 }]);
});

test('a poll of the switch is answered the moment the state changes', async () => {
  const call = await line.ring(newPhone());
  const poll = line.state(call, 'waiting', 20_000);
  const began = Date.now();
  await line.hungup(call);
  assert.equal((await poll).body.state, 'ended');
  assert.ok(Date.now() - began < 5000);
});

test('every operation that docs/openapi.json names for the switch was seen to answer well', () => {
  assert.deepEqual(unseenOperations('switch'), []);
});
