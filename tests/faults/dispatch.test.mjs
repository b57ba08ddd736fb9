// What must hold when dispatchers crash with entries in their hands, when an entry comes twice, and when the rules
// change while the stream is full: each ticket is dispatched exactly once, and none is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { Beside } from '../support/process.mjs';
import { HOUSING, pothole } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const MANY = 100; // fewer than a console may have under way
const POLICE = 2412;
const STREAM = '{2327}:dispatch';
// The server of the house takes tickets down; dispatching is done by processes that the tests can end.
const house = openHouse({ roles: 'console,timers' });
let agent;
let supervisor;
let dispatchers = [];

before(async () => {
  await house.opened;
  agent = await house.sit('1001', ['mine']);
  supervisor = await house.sit('duban');
});
after(async () => {
  await Promise.all(dispatchers.map((one) => one.end('SIGKILL')));
});

const db = () => house.server.services;

async function open() {
  const one = await Beside.start(house.server, 'dispatch');
  dispatchers.push(one);
  return one;
}

const hold = () => dispatchers.forEach((one) => one.kill('SIGSTOP'));
const release = () => dispatchers.forEach((one) => one.kill('SIGCONT'));

async function crash(one) {
  dispatchers = dispatchers.filter((other) => other !== one);
  await one.end('SIGKILL');
}

/** Tickets that are taken down; their numbers. */
async function fill(count = MANY) {
  const cards = await Promise.all(Array.from({ length: count }, () => agent.do('ticket.submit', pothole())));
  return cards.map((card) => card.id);
}

/** Each of them left 已受理 by exactly one event; those events. */
async function once(ids) {
  const among = `ticket in (${ids.join()})`;
  await until('nothing waits for dispatch', async () => (await db().value(`select count(*) from ticket where state = 20`)) === 0,
    { ms: 60_000 });
  const events = await db().rows(`select ticket, action, dept, detail from ticket_event where action in ('dispatch', 'pool') and ${among}`);
  assert.equal(events.length, ids.length, 'one event a ticket');
  assert.equal(new Set(events.map((event) => event.ticket)).size, ids.length, 'and none without');
  return events;
}

async function pending() {
  return Number((await db().redis('XPENDING', STREAM, 'dispatch')).split('\n')[0]);
}

test('a dispatcher that is killed with entries in its hands: another takes them', async () => {
  const first = await open();
  await open();
  hold();
  const ids = await fill();
  // What the two waited for is in their hands; a third read and never came back.
  await db().redis('XREADGROUP', 'GROUP', 'dispatch', 'gone', 'COUNT', 40, 'STREAMS', STREAM, '>');
  assert.ok((await pending()) >= 40);
  await crash(first);
  release();
  assert.ok((await once(ids)).every((event) => event.action === 'dispatch' && event.dept === HOUSING));
  await until('every entry is acknowledged', async () => (await pending()) === 0, { ms: 30_000 });
});

test('an entry that comes twice is dispatched once, by two dispatchers at the same time', async () => {
  await open();
  hold();
  const ids = await fill();
  const entries = (await db().redis('--json', 'XREVRANGE', STREAM, '+', '-', 'COUNT', MANY));
  for (const [, fields] of JSON.parse(entries)) await db().redis('XADD', STREAM, '*', ...fields);
  release();
  await once(ids);
  await until('the second copies are acknowledged as well', async () => (await pending()) === 0, { ms: 30_000 });
});

test('rules that change while the stream is full: each ticket is decided by one version, and told by which', async () => {
  hold();
  const ids = await fill();
  const { content } = await supervisor.ask('dispatch.rules');
  content.rules.push({ id: 1, name: '井盖归公安', matter: '0305', unit: POLICE });
  const { rev } = await supervisor.do('dispatch.draft', { rev: 0, content: JSON.stringify(content) });
  await supervisor.ask('dispatch.try');
  await until('the trial is over', async () => !(await supervisor.ask('dispatch.trial')).running, { ms: 30_000 });
  await supervisor.do('dispatch.enforce', { rev, reason: '压力下生效' });
  release();
  for (const { detail, dept } of await once(ids)) {
    assert.ok([1, 2].includes(detail.rules), JSON.stringify(detail));
    assert.equal(dept, detail.rules === 2 ? POLICE : HOUSING, 'the unit is that of its version');
  }
  for (const one of dispatchers)
    await until('each dispatcher has read version 2', () => one.log.includes('dispatch rules version 2'), { ms: 30_000 });
  const [after] = await once(await fill(1));
  assert.deepEqual([after.detail.rules, after.dept], [2, POLICE]);
});
