// What must hold when the server is killed, Redis is emptied and PostgreSQL dies, all under load.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, test } from 'node:test';
import { login } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { Load } from '../support/load.mjs';
import { pothole, submitted } from '../support/tickets.mjs';
import { until, untilNone } from '../support/until.mjs';

const RATE = 300;
const BETWEEN = 150; // acknowledged submissions between two blows
const house = openHouse();
const cookies = [];

before(async () => {
  await house.opened;
  for (const name of ['1001', '1002', '1003', '1004']) cookies.push((await login(house.server, name)).cookie);
});

const db = () => house.server.services;
const count = async (table, where = 'true') => Number(await db().value(`select count(*) from ${table} where ${where}`));

/** Do the blows one after another under load; the load when all of it is acknowledged. */
async function under(blows) {
  const before = await count('ticket');
  const load = new Load(house.server, cookies, RATE);
  try {
    await load.more(BETWEEN);
    for (const blow of blows) {
      await blow();
      await load.more(BETWEEN);
    }
  } finally {
    await load.finish();
  }
  assert.deepEqual(load.faults, []);
  load.before = before;
  return load;
}

/** Each acknowledged ticket exists once, no other was made, and each reached its department. */
async function proven(load) {
  const numbers = load.cards.map((card) => card.number);
  assert.equal(new Set(numbers).size, numbers.length, 'one ticket for each request');
  const there = new Set((await db().rows('select number from ticket')).map((row) => row.number));
  for (const number of numbers) assert.ok(there.has(number), `${number} was acknowledged and is lost`);
  assert.equal(await count('ticket'), load.before + numbers.length, 'none unacknowledged is doubled');
  await untilNone('each ticket has reached its department', () => count('ticket', 'state = 20'));
  assert.equal(await count('ticket_event', `action = 'dispatch'`), await count('ticket'), 'dispatched once each');
  await untilNone('the outbox is empty', () => count('outbox'));
  await until('the queues in Redis are those of PostgreSQL', queuesAgree);
  await house.server.verifyClean();
}

async function queuesAgree() {
  const wanted = (await db().rows('select dept, ticket, due from ticket where state = 35'))
    .map((row) => `${row.dept} ${row.ticket} ${row.due}`).sort();
  const found = [];
  for (const key of (await db().redis('KEYS', '{2327}:dept:*')).split('\n').filter(Boolean)) {
    const pairs = (await db().redis('ZRANGE', key, '0', '-1', 'WITHSCORES')).split('\n');
    for (let i = 0; i + 1 < pairs.length; i += 2) found.push(`${key.split(':').at(-1)} ${pairs[i]} ${Number(pairs[i + 1])}`);
  }
  found.sort();
  return wanted.length === found.length && wanted.every((row, i) => row === found[i]);
}

async function killServer() {
  await house.server.kill9();
  await house.server.serve();
}

const emptyRedis = () => db().redis('FLUSHALL');

// SIGQUIT is what `pg_ctl stop -m immediate` sends: no goodbye, recovery at the start.
const DEADLY = { pg: 'SIGQUIT', redis: 'SIGKILL' };

/** End a service without warning. */
async function end(name) {
  const pid = await db().pid(name);
  process.kill(pid, DEADLY[name]);
  await until(`${name} is gone`, () => !existsSync(`/proc/${pid}`));
}

async function restart(...names) {
  await Promise.all(names.map(end));
  await db().verb('start');
}

const killRedis = () => restart('redis');
const killPostgres = () => restart('pg');

test('a server killed three times under load loses no acknowledged ticket and doubles none', async () => {
  const load = await under([killServer, killServer, killServer]);
  assert.ok(load.count('losses') > 0, 'answers were under way');
  await proven(load);
});

test('Redis emptied four times under load loses nothing', async () => {
  const load = await under([emptyRedis, emptyRedis, emptyRedis, emptyRedis]);
  assert.equal(load.count('losses'), 0, 'no console noticed');
  await proven(load);
});

test('Redis killed and started again under load loses nothing', async () => {
  const load = await under([killRedis, killRedis, killRedis]);
  assert.equal(load.count('losses'), 0, 'tickets are taken down without Redis');
  await proven(load);
});

test('PostgreSQL restarted at once three times under load: a clear answer for each request, and nothing lost', async () => {
  const load = await under([killPostgres, killPostgres, killPostgres]);
  const told = load.count('store_lost') + load.count('store_away') + load.count('store_busy');
  assert.ok(told > 0, 'requests in flight were told to try again');
  assert.equal(load.count('losses'), 0, 'the consoles stayed connected');
  await proven(load);
});

test('everything at once', async () => {
  const load = await under([
    () => Promise.all([killServer(), emptyRedis()]),
    () => restart('pg', 'redis'),
    killServer,
    emptyRedis,
    killPostgres,
  ]);
  await proven(load);
});

test('what goes on while Redis is down is dispatched when it is back, and consoles hear of it', async () => {
  const agent = await house.sit('1001', ['mine']);
  await end('redis');
  const card = await agent.do('ticket.submit', pothole());
  assert.equal(card.state, 20);
  const health = await (await fetch(`${house.server.url}/healthz`)).json();
  assert.ok(['ok', 'degraded'].includes(health.status));
  await db().verb('start');
  // Heard as an event, or, when it was sent before the new Redis was looked at, as the word to ask anew.
  const heard = () => agent.frames.some((frame) => frame.includes('"reset":true')
    || (frame.includes(`"id":${card.id},`) && frame.includes('"state":35,') && frame.includes('"method":"feed"')));
  await until('the console hears that the ticket was dispatched', heard);
  await until('the ticket is with a department', async () => (await agent.ask('ticket.get', { id: card.id })).state === 35);
});

test('while PostgreSQL is away healthz says so, and the console is told to try again', async () => {
  const agent = await house.sit('1001', ['mine']);
  await end('pg');
  await until('healthz says 503', async () => (await fetch(`${house.server.url}/healthz`)).status === 503);
  await assert.rejects(submitted(agent), (error) => {
    assert.equal(error.data?.retry, true, error.message);
    return true;
  });
  await db().verb('start');
  await until('all is well again', () => house.server.healthy());
  await submitted(agent);
});
