// What a console hears: each event once and in order, after a break exactly what it missed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

// Without early warning: what it raises, and when, is heard here too, and these tests count what is heard.
const house = openHouse({ feed_length: 200, roles: 'console,dispatch,timers' });

/** id/version of every ticket event in these frames, in the order they came. */
function versions(client) {
  return client.frames
    .map((frame) => JSON.parse(frame))
    .filter((message) => message.method === 'feed')
    .flatMap((message) => message.params.events)
    .filter((event) => event.k === 'ticket')
    .map((event) => `${event.b.id}/${event.b.ver}`);
}

/** As many events as asked for, two a ticket, made while others watch; the last card. */
async function happen(agent, events) {
  let last;
  for (let i = 0; i < events / 2; i++) last = await submitted(agent);
  return last;
}

async function comeBack(client, topics) {
  const again = await house.connect(client.cookie);
  await again.hello();
  again.opened = await again.follow(topics, { epoch: client.epoch, since: client.pos });
  return again;
}

test('a console that was away gets exactly the fifty events that it missed', async () => {
  const agent = await house.sit('1001', ['mine']);
  const watcher = await house.sit('duban', ['all']);
  const steady = await house.sit('duban', ['all']);
  const first = await submitted(agent);
  await watcher.card(first.id, (b) => b.state === 35);
  await steady.card(first.id, (b) => b.state === 35);
  const seen = versions(watcher);
  await watcher.close();
  const last = await happen(agent, 50);
  await steady.card(last.id, (b) => b.state === 35);
  const back = await comeBack(watcher, ['all']);
  assert.equal(back.opened.mode, 'replay');
  assert.equal(back.opened.replayed, 50);
  await back.card(last.id, (b) => b.state === 35);
  const missed = versions(back);
  assert.equal(missed.length, 50);
  assert.equal(new Set(missed).size, 50, 'none twice');
  assert.deepEqual([...seen, ...missed], versions(steady), 'together they are all, in order');
});

test('what happens while it catches up is neither lost nor doubled', async () => {
  const agent = await house.sit('1001', ['mine']);
  const watcher = await house.sit('duban', ['all']);
  const steady = await house.sit('duban', ['all']);
  for (let round = 0; round < 5; round++) {
    const gone = round ? house.clients.at(-1) : watcher;
    await gone.close();
    const storm = Promise.all(Array.from({ length: 10 }, () => agent.do('ticket.submit', pothole())));
    const back = await comeBack(gone, ['all']);
    const cards = await storm;
    for (const card of cards) await back.card(card.id, (b) => b.state === 35);
    for (const card of cards) await steady.card(card.id, (b) => b.state === 35);
    const heard = versions(back);
    const wanted = versions(steady).filter((one) => cards.some((card) => one.startsWith(`${card.id}/`)));
    assert.deepEqual(heard, wanted);
  }
});

test('a console sees only its own share of what it missed', async () => {
  const agent = await house.sit('1001', ['mine']);
  const housing = await house.sit('zhujian1', ['dept']);
  const heating = await house.sit('gongre', ['dept']);
  const mark = await submitted(agent);
  await housing.card(mark.id, (b) => b.state === 35);
  await heating.close();
  await housing.close();
  await happen(agent, 10);
  const own = await submitted(agent, pothole({ matter: '0101' }));
  const back = await comeBack({ ...heating, epoch: housing.epoch, pos: housing.pos, cookie: heating.cookie }, ['dept']);
  await back.card(own.id);
  assert.equal(back.opened.replayed, 1);
  assert.deepEqual(versions(back), [`${own.id}/2`]);
});

test('coming back at once misses nothing and repeats nothing', async () => {
  const watcher = await house.sit('duban', ['all']);
  const back = await comeBack(watcher, ['all']);
  assert.equal(back.opened.replayed, 0);
  assert.notEqual(back.opened.mode, 'resync');
});

test('when the stream no longer reaches back the console is told to ask for its lists', async () => {
  const agent = await house.sit('1001', ['mine']);
  const watcher = await house.sit('duban', ['all']);
  await submitted(agent);
  await until('it knows its place', () => watcher.pos);
  await watcher.close();
  await happen(agent, 40);
  const prefix = '{2327}';
  await house.server.services.redis('XTRIM', `${prefix}:feed`, 'MAXLEN', '10');
  const back = await comeBack(watcher, ['all']);
  assert.equal(back.opened.mode, 'resync');
  const card = await submitted(agent);
  await back.card(card.id, (b) => b.state === 35);
});

test('when Redis was emptied consoles that are there hear on, and those who return resync', async () => {
  const agent = await house.sit('1001', ['mine']);
  const steady = await house.sit('zhujian1', ['dept']);
  const watcher = await house.sit('duban', ['all']);
  await submitted(agent);
  await until('it knows its place', () => watcher.pos);
  await watcher.close();
  const { epoch } = await agent.hello();
  await house.server.services.redis('FLUSHALL');
  const card = await agent.do('ticket.submit', pothole());
  await steady.card(card.id, (b) => b.state === 35);
  const back = await comeBack(watcher, ['all']);
  assert.equal(back.opened.mode, 'resync');
  await until('a new life of the stream has begun', async () => (await agent.hello()).epoch !== epoch);
});

test('a position that cannot be, or of another life, is a resync and no error', async () => {
  const watcher = await house.sit('duban', ['all']);
  const { epoch, pos } = watcher;
  const strange = [
    { epoch, since: '99999999999999-0' }, { epoch: 'another', since: pos }, { epoch, since: 'abc' },
    { epoch, since: '-1-1' }, { epoch, since: '1-99999999999999999999999' }, { epoch }, { since: pos },
  ];
  for (const since of strange) {
    const opened = await watcher.follow(['all'], since);
    assert.equal(opened.mode, 'resync', JSON.stringify(since));
  }
});

test('a restart of the server is a break like any other', async () => {
  const agent = await house.sit('1001', ['mine']);
  const watcher = await house.sit('duban', ['all']);
  const card = await submitted(agent);
  await watcher.card(card.id, (b) => b.state === 35);
  await house.server.restart();
  assert.equal((await watcher.gone()).code, 1001);
  const fresh = await house.sit('1001', ['mine']);
  const missed = await submitted(fresh);
  const back = await comeBack(watcher, ['all']);
  assert.equal(back.opened.mode, 'replay');
  await back.card(missed.id, (b) => b.state === 35);
  assert.ok(!versions(back).includes(`${card.id}/2`), 'nothing it had already');
});

test('an event that was committed but not sent is sent within moments', async () => {
  const agent = await house.sit('1001', ['mine']);
  const card = await submitted(agent);
  // As a process leaves it that dies between the commit and Redis.
  await house.server.services.psql(
    `insert into outbox (kind, ref, at) values ('ticket', '${card.id}', ${Date.now()});`);
  const again = await agent.card(card.id, (b) => b.ver === card.ver);
  assert.equal(again.id, card.id);
  await until('the outbox is empty', async () => (await house.server.services.value('select count(*) from outbox')) === 0);
});

test('an entry that nobody can read is passed over', async () => {
  const agent = await house.sit('1001', ['mine']);
  const reads = async () => Number(/cmdstat_xread:calls=(\d+)/.exec(await house.server.services.redis('INFO', 'commandstats'))?.[1]);
  const before = await reads();
  await house.server.services.redis('XADD', '{2327}:feed', '*', 'written', 'by-hand');
  for (let i = 0; i < 50; i++) await agent.ask('session.hello');
  assert.ok((await reads()) - before < 20, 'it is not read again and again');
  assert.ok((await submitted(agent)).id, 'and what comes after it is heard');
});
