// Tens of thousands of tickets by people who do legal and illegal things at once, while the clock jumps by hours
// and days, until every ticket is archived: the law holds, and nothing is left that `hotlined verify` can find.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Clock } from '../support/faketime.mjs';
import { openHouse } from '../support/house.mjs';
import { UNREACHABLE, recount } from '../support/recount.mjs';
import { Actor, World, dice } from './actors.mjs';

const TICKETS = Number(process.env.HOTLINE_RANDOM_TICKETS ?? 10_000);
const SEED = Number(process.env.HOTLINE_RANDOM_SEED ?? Date.now() % 1_000_000);
const MOST_MS = 1_500_000; // of the whole run
const LOOPS = 3; // things that one person has under way
const JUMP_EVERY_MS = 1500;
const PEOPLE = { 1001: ['mine', 'callback'], 1002: ['mine', 'callback'], 1003: ['mine', 'callback'], 1004: ['mine', 'callback'],
  zhujian1: ['dept'], zhujian2: ['dept'], gongre: ['dept'], gongshui: ['dept'], dqzhujian: ['dept'], duban: ['all'], duban2: ['all'] };

const clock = await Clock.make();
// Thirty people in one process read in turns: what waits for one of them is not what is tried here.
const house = openHouse({ session_hours: 8760, link_budget: 268_435_456 }, clock.env, MOST_MS);
let world;

before(async () => {
  await house.opened;
  world = new World(await house.server.services.rows('select * from flow_edge'), clock);
});

let over = false;
let timer;
after(() => clearInterval(timer));

/** Small jumps while there is much to do, large ones when only the clock can move what is left. */
function jump(random) {
  const left = world.open.length;
  const waiting = world.submitted >= TICKETS && left > 0;
  clock.jump(waiting && left < TICKETS / 5 ? 3 * 86_400 : random.below(6 * 3600));
}

test(`${TICKETS} tickets end well whatever people do (seed ${SEED})`, async (t) => {
  const random = dice(SEED);
  const actors = [];
  for (const [name, topics] of Object.entries(PEOPLE)) {
    const client = await house.sit(name, topics);
    actors.push(new Actor(world, client, SEED + actors.length, TICKETS));
  }
  timer = setInterval(() => jump(random), JUMP_EVERY_MS);
  const began = Date.now();
  const done = () => over || world.faults.length > 0 || (world.submitted >= TICKETS && world.open.length === 0);
  const ticker = setInterval(() => console.log(`${Math.round((Date.now() - began) / 1000)} s: ${world.submitted} submitted, ` +
    `not archived ${JSON.stringify(world.standing())}, ${[...world.done.values()].reduce((a, b) => a + b, 0)} moves`), 10_000);
  try {
    await Promise.all(actors.flatMap((actor) => Array.from({ length: LOOPS }, () => actor.work(done))));
  } finally {
    over = true;
    clearInterval(ticker);
    clearInterval(timer);
  }
  assert.deepEqual(world.faults, []);
  t.diagnostic(`accepted ${JSON.stringify(Object.fromEntries([...world.done].sort()))}`);
  t.diagnostic(`refused ${JSON.stringify(Object.fromEntries(world.refused))}`);
  for (const name of ['illegal_move', 'not_allowed', 'stale', 'rule', 'bad_params'])
    assert.ok(world.refused.get(name) > 0, `nobody was refused as ${name}`);
});

// A 预警单 is made of an alert and not of a call: tests/wire/warning.test.mjs.
const WARNED = ['forewarn', 'settle'];

test('each action that people may take was taken', async () => {
  const never = world.actions.filter((action) => world.edges.some((edge) => edge.action === action && edge.who & 7) &&
    action !== 'attach' && action !== 'check' && !WARNED.includes(action) && !world.done.get(action));
  assert.deepEqual(never, []);
});

test('each ticket is archived, nothing is left open beside it', async () => {
  const db = house.server.services;
  assert.equal(Number(await db.value('select count(*) from ticket where state <> 90')), 0);
  assert.equal(Number(await db.value('select count(*) from part where state < 40')), 0);
  assert.equal(Number(await db.value('select count(*) from supervision where closed is null')), 0);
  await house.server.verifyClean();
});

test('the sums of the reports equal a recount from the events', async () => {
  const db = house.server.services;
  const evaluations = await db.rows('select grade, solved, counted, at from evaluation');
  const events = await db.rows('select ticket, seq, action, from_state, to_state, at, due, round, detail from ticket_event');
  const supervisor = await house.sit('duban');
  const date = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
  const [first, last] = [events.reduce((least, event) => Math.min(least, event.at), Infinity), clock.now()];
  for (let at = first; at < last; at += 30 * 86_400_000) {
    const [from, to] = [date(at), date(Math.min(at + 29 * 86_400_000, last))];
    const { total } = await supervisor.ask('report.get', { from, to, by: 'all' }, 60_000);
    const again = recount(events, evaluations, await db.rows(UNREACHABLE), Date.parse(`${from}T00:00:00+08:00`), Date.parse(`${to}T00:00:00+08:00`) + 86_400_000, last);
    for (const [figure, cell] of Object.entries(again)) assert.deepEqual(total[figure], cell, `${figure} from ${from} to ${to}`);
  }
});
