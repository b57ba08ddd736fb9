// 12345 → 110: one click, and whatever the platform does, each transfer arrives, has its effect once and is
// acknowledged once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { answerChecker } from '../support/openapi.mjs';
import { KEY_ID, Police, SECRET } from '../support/police.mjs';
import { CALLER_NAME, REGION, newPhone, pothole } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const police = new Police();
const house = openHouse({
  police_keys: `${KEY_ID}:${SECRET}`, police_url: await police.listen(), police_retry_ms: 50, police_retry_most_ms: 200,
  police_timeout_ms: 1500, police_tries: 1000, police_in_flight: 4,
});
let agent, supervisor;

before(async () => {
  await house.opened;
  Object.assign(police, { server: house.server, base: house.server.url, checked: await answerChecker() });
  agent = await house.sit('1001', ['mine', 'callback']);
  supervisor = await house.sit('duban', ['all']);
});
after(async () => {
  await police.close();
  assert.deepEqual(police.faults, [], 'our server signs well');
});

const db = () => house.server.services;
const click = (more = {}) => agent.do('intake.hand_over', { number: '110', region: REGION, body: '隔壁正在打架，打得很凶', ...more });
const state = (ticket) => db().value(`select state from handoff where ticket = ${ticket}`);
const arrivals = (number) => police.heard.filter((one) => one.kind === 'push' && one.body.ticket_no === number);
const acked = (ticket) => until(`the transfer of ${ticket} is acknowledged`, async () => (await state(ticket)) === 20, { ms: 60_000 });

test('one click takes along what is known, and less than nothing is enough', async () => {
  const phone = newPhone();
  const card = await click({ phone, name: CALLER_NAME, place: '育才小区3号楼' });
  assert.equal(card.state, 30);
  assert.equal(card.urgency, 2);
  const push = await police.next('push', (body) => body.ticket_no === card.number);
  assert.deepEqual([push.LXDH, push.BJRXM, push.AFDD, push.EM_JQJB, push.situation], [phone, CALLER_NAME, '育才小区3号楼', '1', '正在发生的暴力']);
  await acked(card.id);
  const bare = await agent.do('intake.hand_over', { number: '110' });
  assert.equal((await police.next('push', (body) => body.ticket_no === bare.number)).version, 1);
  await supervisor.event('handoff', (one) => one.ticket === bare.id && one.state === 20);
});

test('under 保密 neither name nor number leaves the house', async () => {
  const card = await click({ phone: newPhone(), name: CALLER_NAME, secrecy: 2 });
  const push = await police.next('push', (body) => body.ticket_no === card.number);
  assert.doesNotMatch(JSON.stringify(push), /BJDH|LXDH|BJRXM/);
});

test('acceptance ends our part and tells the caller; what comes late or twice changes nothing', async () => {
  const card = await click();
  await acked(card.id);
  const accept = police.envelope({ ticket_no: card.number, police_no: 'JQ-ACCEPT', text: '已出警', version: 1 });
  const answers = await Promise.all([1, 2, 3].map(() => police.send('accept', accept)));
  assert.deepEqual(new Set(answers.map((one) => one.text)).size, 1);
  const now = await supervisor.ask('ticket.get', { id: card.id });
  assert.equal(now.state, 60);
  assert.match(now.reply, /已转110办理.*JQ-ACCEPT/);
  await police.send('result', police.envelope({ ticket_no: card.number, text: '已调解', version: 3 }));
  const late = await police.send('progress', police.envelope({ ticket_no: card.number, text: '正在路上', version: 2 }));
  assert.equal(late.body.newer, false);
  assert.equal(await state(card.id), 80);
  assert.equal(now.events.filter((one) => one.action === 'taken').length, 1);
});

test('refused: it stays at the desk, and goes to 110 no second time without a ruling', async () => {
  const card = await click();
  await acked(card.id);
  const refusal = { ticket_no: card.number, text: '属邻里纠纷', version: 1 };
  assert.equal((await police.send('refuse', police.envelope({ ...refusal, code: 1 }))).status, 400, 'a person must say so');
  assert.equal((await police.send('refuse', police.envelope({ ...refusal, code: 1, person: '李警官' }))).status, 200);
  const now = await agent.ask('ticket.get', { id: card.id });
  assert.equal(now.state, 30);
  await refused(agent.move('hand_over', now, { number: '110', way: 1, reason: '再转' }), 'rule');
  const { rows } = await supervisor.ask('police.list', { view: 'dispute' });
  const own = rows.find((one) => one.ticket === card.id);
  await supervisor.do('police.rule', { handoff: own.handoff, owner: 'police', reason: '有人受伤，属治安案件' });
  assert.match((await police.next('push', (body) => body.ruling && body.ticket_no === card.number)).ruling, /治安/);
});

test('an ambulance is called by telephone: recorded, and a person says who took it', async () => {
  const card = await click({ number: '120', way: 2, body: '老人突然晕倒' });
  const now = await agent.move('taken', card, { text: '120 已派车' });
  assert.equal(now.state, 60);
  const full = await agent.ask('ticket.get', { id: card.id });
  assert.deepEqual([full.handoffs[0].peer, full.handoffs[0].way, full.handoffs[0].owner], ['120', 2, 1]);
  assert.equal(arrivals(card.number).length, 0);
  const other = await agent.do('ticket.submit', pothole({ matter: undefined, title: '说不清楚', body: '不知道找谁' }));
  const pool = await agent.card(other.id, (b) => b.state === 30);
  await refused(agent.move('taken', pool, { text: '谁接的' }), 'rule');
});

/** Transfers while the platform behaves like this; then it is well again. */
async function through(mode, what) {
  police.mode = mode;
  const cards = await Promise.all(Array.from({ length: 3 }, () => click()));
  await what(cards);
  police.mode = {};
  for (const card of cards) await acked(card.id);
  for (const card of cards) {
    assert.ok(arrivals(card.number).length >= 1, 'arrived');
    assert.equal(arrivals(card.number).filter((one) => !one.again).length, 1, 'effective once');
    assert.equal(new Set(arrivals(card.number).map((one) => one.body.msg_id)).size, 1, 'one message');
    const tries = await db().rows(`select ok from police_try join police_message using (message) join handoff using (handoff) where ticket = ${card.id} and kind = 'push'`);
    assert.ok(tries.some((one) => one.ok));
  }
}
const tried = (card, times = 1) => until('it was tried in vain', async () =>
  (await db().value(`select max(tries) from police_message join handoff using (handoff) where ticket = ${card.id}`)) >= times, { ms: 60_000 });

test('a platform that answers 503, nonsense, or nothing after taking it', async () => {
  await through({ status: 503 }, ([card]) => tried(card, 2));
  await through({ garbage: true }, ([card]) => tried(card, 2));
  await through({ drop: true }, ([card]) => tried(card, 2));
});

test('a platform too slow for our patience, and one that is down', async () => {
  await through({ delay: 2500 }, ([card]) => tried(card));
  let up;
  police.mode = {};
  up = await police.down();
  const card = await click();
  await tried(card, 2);
  await up();
  await acked(card.id);
});

test('our server killed in the middle, Redis emptied: nothing lost, nothing doubled', async () => {
  await through({ delay: 1000 }, async (cards) => {
    await until('one is on its way', () => arrivals(cards[0].number).length + arrivals(cards[1].number).length > 0 || police.heard.length > 0);
    await house.server.kill9();
    await db().redis('FLUSHALL');
    await house.server.serve();
    agent = await house.sit('1001', ['mine', 'callback']);
    supervisor = await house.sit('duban', ['all']);
    await db().redis('FLUSHALL');
  });
});

test('what the platform will never take is a dead letter, in sight, and a person sends it again', async () => {
  police.mode = { status: 422 };
  const card = await click();
  await until('it is dead', async () => (await supervisor.ask('police.list', { view: 'out' })).dead.some((one) => one.ticket === card.id));
  await agent.move('supplement', card, { text: '又来了两个人' });
  police.mode = {};
  const letter = (await supervisor.ask('police.list', { view: 'out' })).dead.find((one) => one.ticket === card.id);
  assert.match(letter.fault, /422.*系统维护/);
  assert.equal((await supervisor.ask('police.state')).dead, 1);
  await refused(agent.do('police.again', { message: letter.message, reason: '我来' }), 'not_allowed');
  await supervisor.do('police.again', { message: letter.message, reason: '对方已恢复' });
  await acked(card.id);
  const order = await until('both are there', () => {
    const mine = police.heard.filter((one) => !one.again && one.body.ticket_no === card.number).map((one) => one.kind);
    return mine.length === 2 ? mine : null;
  });
  assert.deepEqual(order, ['push', 'supplement']);
  await refused(supervisor.do('police.again', { message: letter.message, reason: '再来' }), 'rule');
});

test('while somebody types: told at once, from memory, however much else waits', async () => {
  const many = Array.from({ length: 160 }, () => agent.ask('ticket.list', { view: 'open' }).catch((error) => error.name));
  const verdict = await agent.ask('intake.danger', { body: '三单元五楼着火了' });
  assert.deepEqual([verdict.level, verdict.numbers, verdict.words], [2, ['119'], ['着火']]);
  assert.equal((await agent.ask('intake.danger', { body: '咨询身份证怎么补办' })).level, 0);
  await Promise.all(many);
  const card = await agent.do('ticket.submit', pothole({ matter: '0305', urgency: 0, title: '对门着火', body: '对门着火了，很大的烟' }));
  assert.equal(card.danger.level, 2, 'told with the answer, whatever was asked before');
  const pool = await agent.card(card.id, (b) => b.state !== 20);
  assert.equal(pool.state, 30, 'never straight to a unit');
  assert.equal(pool.urgency, 2);
});

test('an administrator adds a word and takes only such a word away', async () => {
  const admin = await house.sit('admin');
  await refused(admin.do('police.word', { situation: 'nothing', word: '无' }), 'bad_params');
  await refused(admin.do('police.word', { situation: 'fire', word: '着火', drop: true }), 'bad_params');
  await admin.do('police.word', { situation: 'fire', word: '走水了' });
  await until('the word is known', async () => (await agent.ask('intake.danger', { body: '家里走水了' })).level === 2);
  await admin.do('police.word', { situation: 'fire', word: '走水了', drop: true });
  await until('the word is gone', async () => (await agent.ask('intake.danger', { body: '家里走水了' })).level === 0);
});
