// Two people at once, the same request twice, and desks that are behind: one deed, one winner.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { pothole, submitted, ticketIn } from '../support/tickets.mjs';

const house = openHouse();
const desks = {};

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.other = await house.sit('zhujian2', ['dept']);
  desks.supervisor = await house.sit('duban', ['all']);
});

test('when two handlers sign at the same moment one wins and the other learns who', async () => {
  for (let round = 0; round < 20; round++) {
    const card = await submitted(desks.agent);
    const tries = [desks.handler, desks.other];
    if (round % 2) tries.reverse();
    const ends = await Promise.allSettled(tries.map((desk) => desk.move('sign', card)));
    const won = ends.findIndex((end) => end.status === 'fulfilled');
    const lost = ends.findIndex((end) => end.status === 'rejected');
    assert.ok(won >= 0 && lost >= 0, `one each: ${ends.map((end) => end.status)}`);
    const { name, data } = ends[lost].reason;
    assert.equal(name, 'stale');
    assert.equal(data.by, tries[won].me.name);
    assert.equal(data.action, 'sign');
    assert.equal(data.card.handler, tries[won].me.name);
    assert.equal(data.card.ver, card.ver + 1);
  }
});

test('the same request sent again gives the same reply and makes one ticket', async () => {
  const request = randomUUID();
  const ticket = pothole();
  const first = await desks.agent.do('ticket.submit', ticket, request);
  const again = await desks.agent.do('ticket.submit', ticket, request);
  assert.deepEqual(again, first);
  const { open } = await desks.agent.ask('caller.history', { phone: ticket.phone });
  assert.deepEqual(open.map((card) => card.id), [first.id]);
});

test('the same request sent twenty times in one breath makes one ticket', async () => {
  const request = randomUUID();
  const ticket = pothole();
  const cards = await Promise.all(Array.from({ length: 20 }, () => desks.agent.do('ticket.submit', ticket, request)));
  assert.equal(new Set(cards.map((card) => card.number)).size, 1);
  const { open } = await desks.agent.ask('caller.history', { phone: ticket.phone });
  assert.equal(open.length, 1);
});

test('a request id in capital letters is the same request', async () => {
  const request = randomUUID();
  const ticket = pothole();
  const first = await desks.agent.do('ticket.submit', ticket, request);
  assert.deepEqual(await desks.agent.do('ticket.submit', ticket, request.toUpperCase()), first);
});

test('a move sent again is made once and answered the same', async () => {
  const card = await submitted(desks.agent);
  const request = randomUUID();
  const first = await desks.handler.move('sign', card, {}, request);
  assert.deepEqual(await desks.handler.move('sign', card, {}, request), first);
  const full = await desks.handler.ask('ticket.get', { id: card.id });
  assert.equal(full.events.filter((event) => event.action === 'sign').length, 1);
});

test('a request id of somebody else does not show their reply', async () => {
  const request = randomUUID();
  const ticket = pothole();
  const mine = await desks.agent.do('ticket.submit', ticket, request);
  const strange = await house.sit('1002');
  const end = await strange.do('ticket.submit', pothole(), request).then(
    (card) => card.number,
    (error) => error.name,
  );
  assert.notEqual(end, mine.number, 'the stranger got the reply of another account');
});

test('a desk that is behind gets the present card instead of a move', async () => {
  const card = await submitted(desks.agent);
  await desks.handler.move('sign', card);
  const refusal = await refused(desks.supervisor.move('recall', card, { reason: '改派' }), 'stale');
  assert.equal(refusal.data.card.state, 40);
  assert.equal(refusal.data.by, desks.handler.me.name);
});

test('a forged view of the ticket changes nothing', async () => {
  const card = await submitted(desks.agent);
  const forgeries = [
    { ...card, state: 40 },
    { ...card, ver: card.ver + 1 },
    { ...card, kind: 6 },
    { ...card, urgency: 2 },
    { ...card, matter: '0101' },
  ];
  for (const forged of forgeries) {
    const move = forged.state === 40 ? ['finish', { text: '办好了', solved: true }] : ['sign', {}];
    await refused(desks.handler.move(move[0], forged, move[1]), 'stale');
  }
  const full = await desks.handler.ask('ticket.get', { id: card.id });
  assert.equal(full.ver, card.ver);
  assert.equal(full.state, 35);
});

test('twenty moves at once on one ticket make one step', async () => {
  const card = await ticketIn(35, desks);
  const ends = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => (i % 2 ? desks.handler : desks.other).move('sign', card)),
  );
  assert.equal(ends.filter((end) => end.status === 'fulfilled').length, 1);
  for (const end of ends) if (end.status === 'rejected') assert.equal(end.reason.name, 'stale');
});

test('what others only looked at makes no move stale, what they added does', async () => {
  const card = await ticketIn(40, desks);
  const looks = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => (i % 2 ? desks.handler : desks.other).move('progress', card, { text: `进展${i}` })));
  assert.ok(looks.every((end) => end.status === 'fulfilled'), 'ten at once, all kept');
  await desks.agent.move('urge', card);
  const spoken = await desks.handler.move('contact', card, { result: 'reached', text: '已联系' });
  await desks.agent.move('supplement', spoken, { text: '门牌号是三号' });
  const refusal = await refused(desks.handler.move('finish', spoken, { text: '办好了', solved: true }), 'stale');
  assert.equal(refusal.data.action, 'supplement');
  assert.equal((await desks.handler.move('finish', refusal.data.card, { text: '办好了', solved: true })).state, 50);
});
