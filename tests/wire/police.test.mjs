// 110 → 12345: signed, accepted in one round trip, done once; progress and result go back in order.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { answerChecker, validDocument } from '../support/openapi.mjs';
import { KEY_ID, Police, SECRET, digestOf, incident, sign } from '../support/police.mjs';
import { CALLER_NAME, HOUSING, newPhone, walked } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const police = new Police();
const house = openHouse({
  police_keys: `${KEY_ID}:${SECRET}`, police_url: await police.listen(), police_retry_ms: 50, police_retry_most_ms: 200,
});
const desks = {};

before(async () => {
  await house.opened;
  Object.assign(police, { server: house.server, base: house.server.url, checked: await answerChecker() });
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all']);
});
after(async () => {
  await police.close();
  assert.deepEqual(police.faults, [], 'our server signs well');
});

const db = () => house.server.services;
const ticketOf = (number) => desks.supervisor.ask('ticket.find', { number });
const about = (number, more) => police.envelope({ ticket_no: number, ...more });

/** An incident that has become a ticket and waits for a person; a new one each time. */
async function inPool(more = {}) {
  const { status, body } = await police.push({ BJNR: '请问这件事情应该找哪个部门，说不清楚。', ...more });
  assert.equal(status, 200, JSON.stringify(body));
  return until('it waits in the pool', async () => {
    const card = await ticketOf(body.ticket_no);
    return card.state === 30 ? card : card.state === 35 ? desks.supervisor.move('recall', card, { reason: '人工看' }) : null;
  });
}

test('an incident is a ticket when the answer comes, with its fields, and its caller is sealed', async () => {
  const phone = newPhone();
  const message = incident({ LXDH: phone, BJRXM: CALLER_NAME, EM_JQJB: '2', ZLCZXX: '已到现场摆放警示标志' });
  const { status, body } = await police.send('push', police.envelope(message));
  assert.equal(status, 200);
  assert.equal(body.accepted, true);
  const card = await ticketOf(body.ticket_no);
  const full = await desks.agent.ask('ticket.get', { id: card.id });
  assert.equal(full.channel, 5);
  assert.equal(full.region, '232761');
  assert.equal(full.urgency, 1);
  assert.equal(full.place, message.AFDD);
  assert.match(full.body, /警示标志/);
  assert.equal(full.title, '路口井盖缺失三天');
  assert.equal(full.handoffs.length, 1);
  assert.equal(full.handoffs[0].police_no, message.JQ_TYWYSBM);
  const settled = await until('it is dispatched', async () => {
    const now = await ticketOf(body.ticket_no);
    return now.state >= 30 ? now : null;
  });
  assert.equal((await desks.agent.move('reveal', settled, { reason: '联系诉求人' })).phone, phone);
});

test('the same message many times at once is one ticket and the very same answer', async () => {
  const message = police.envelope(incident());
  const answers = await Promise.all(Array.from({ length: 12 }, () => police.send('push', message)));
  assert.deepEqual([...new Set(answers.map((one) => one.text))].length, 1);
  assert.ok(answers.every((one) => one.status === 200));
  assert.equal(await db().value(`select count(*)::int from handoff where police_no = '${message.JQ_TYWYSBM}'`), 1);
  const other = await police.send('push', { ...message, BJNR: '另一件事' });
  assert.equal(other.status, 400);
  assert.ok(other.body.error.fields.msg_id);
});

test('the same incident under another msg_id is known, not a second ticket', async () => {
  const first = await police.push({ JQ_TYWYSBM: 'JQ-KNOWN-1' });
  const second = await police.push({ JQ_TYWYSBM: 'JQ-KNOWN-1' });
  assert.equal(second.body.ticket_no, first.body.ticket_no);
  assert.equal(second.body.known, true);
});

test('what is not signed well is refused and leaves nothing', async () => {
  const before = await db().value('select count(*)::int from ticket');
  const body = police.envelope(incident());
  const text = JSON.stringify(body);
  const path = '/police/v1/push';
  const ways = [
    { authorization: '' }, { authorization: 'Bearer x' }, { secret: 'another-secret-0123456789' }, { id: 'nobody' },
    { time: Date.now() - 400_000 }, { time: Date.now() + 400_000 }, { signed: `${text} ` }, { path: '/police/v1/recall' },
    { method: 'GET' }, { authorization: `${sign({ path, body: text })}x` }, { authorization: sign({ path, body: text }).replace('nonce=', 'nonce=x') },
  ];
  for (const how of ways) {
    const answer = await police.send('push', body, how);
    assert.equal(answer.status, 401, JSON.stringify(how));
    assert.equal(answer.body.error.code, 'bad_signature');
  }
  assert.equal(await db().value('select count(*)::int from ticket'), before);
});

test('a captured request cannot be played again', async () => {
  const body = JSON.stringify(police.envelope(incident()));
  const authorization = sign({ path: '/police/v1/push', body });
  assert.equal((await police.send('push', null, { raw: body, authorization })).status, 200);
  const again = await police.send('push', null, { raw: body, authorization });
  assert.equal(again.status, 401);
  assert.equal(again.body.error.code, 'replayed');
  const upper = authorization.replace(/nonce=([0-9a-f-]+)/, (_, nonce) => `nonce=${nonce.toUpperCase()}`);
  assert.equal((await police.send('push', null, { raw: body, authorization: upper })).status, 401, 'letters of the nonce make no new one');
});

test('a bad field is named, and nothing is stored', async () => {
  const before = await db().value('select count(*)::int from police_message');
  const bad = {
    JQ_TYWYSBM: '', BJNR: '', BJSJ: '2026-02-30 10:00:00', EM_JQJB: '9', BJDH: 'abc', ZDF_GXDWDM: '110101000000', BJDZJD: '300',
    BJDZWD: 'north', AFDD: 'x'.repeat(201), version: 'one', time: '2026', msg_id: 'no-uuid', hobby: 'chess', BJRXM: '\u0007',
  };
  for (const [name, value] of Object.entries(bad)) {
    const answer = await police.send('push', police.envelope(incident({ [name]: value })));
    assert.equal(answer.status, 400, `${name}: ${answer.text}`);
    assert.ok(answer.body.error.fields[name], `${name}: ${answer.text}`);
  }
  for (const raw of ['', '[]', '{', 'null', '{"a":1,"a":2}', Buffer.from([0x7b, 0xff, 0x7d])])
    assert.equal((await police.send('push', null, { raw, signed: raw })).status, 400);
  assert.equal((await police.send('nothing', {})).status, 404);
  const big = police.envelope(incident({ BJNR: '长'.repeat(30_000) }));
  assert.equal((await police.send('push', big)).status, 413);
  assert.equal(await db().value('select count(*)::int from police_message'), before);
});

test('progress, result and rating go back, numbered in order', async () => {
  const { body } = await police.push();
  let card = await until('it is at the unit', async () => {
    const now = await ticketOf(body.ticket_no);
    return now.state === 35 || now.state === 30 ? now : null;
  });
  if (card.state === 30) card = await desks.supervisor.move('assign', card, { dept: HOUSING, reason: '属住建职责' });
  await walked(desks, card, 80);
  const told = [];
  const mine = (one) => one.ticket_no === body.ticket_no;
  do told.push((await police.arrivals.take('what is told', (one) => mine(one.body))).body);
  while (told.at(-1).kind !== 'eval');
  assert.deepEqual(told.map((one) => one.version), told.map((_, place) => place + 1), 'no gap, in order');
  assert.ok(told.some((one) => one.kind === 'progress' && one.action === 'sign'));
  const result = told.find((one) => one.kind === 'result');
  assert.match(result.text, /更换井盖/);
  assert.equal(told.at(-1).grade, 5);
});

test('a supplement is read before the next move; a recall takes it back while it waits', async () => {
  const card = await inPool();
  const added = await police.send('supplement', about(card.number, { text: '报警人补充：井盖在东北角' }));
  assert.equal(added.status, 200);
  const error = await refused(desks.supervisor.move('assign', card, { dept: HOUSING, reason: '属住建职责' }), 'stale');
  assert.match(JSON.stringify(error), /heard/);
  const back = await police.send('recall', about(card.number, { text: '属治安案件，收回' }));
  assert.equal(back.body.recalled, true);
  const now = await ticketOf(card.number);
  assert.equal(now.state, 60);
  assert.equal((await police.send('recall', about(card.number, { text: '再收回' }))).status, 400, 'it is theirs already');
});

test('what 110 gave is returned by a person, in time, with a cause; a dispute is ruled on', async () => {
  const card = await inPool();
  const list = async (view) => (await desks.supervisor.ask('police.list', { view })).rows;
  const own = (await list('in')).find((one) => one.ticket === card.id);
  await refused(desks.supervisor.do('police.return', { handoff: own.handoff, reason: '不属于' }), 'bad_params');
  await refused(desks.supervisor.move('hand_over', card, { number: '110', way: 4, reason: '转回去' }), 'rule');
  police.mode = { disputed: true };
  await desks.supervisor.do('police.return', { handoff: own.handoff, cause: 3, reason: '现场有人斗殴，属警情' });
  const refuse = await police.next('refuse', (one) => one.ticket_no === card.number);
  assert.equal(refuse.code, 3);
  assert.equal(refuse.person, desks.supervisor.me.name);
  police.mode = {};
  await until('both sides refuse', async () => (await list('dispute')).some((one) => one.handoff === own.handoff && one.state === 50));
  assert.equal((await ticketOf(card.number)).state, 30, 'who holds it keeps handling');
  const second = await police.send('push', police.envelope(incident({ JQ_TYWYSBM: own.police_no })));
  assert.equal(second.status, 409);
  assert.equal(second.body.error.code, 'crossed');
  await desks.supervisor.do('police.rule', { handoff: own.handoff, owner: 'hotline', reason: '由住建办理' });
  assert.equal((await police.next('ruling', (one) => one.ticket_no === card.number)).owner, 'hotline');
  await refused(desks.supervisor.do('police.rule', { handoff: own.handoff, owner: 'police', reason: '又改' }), 'rule');
});

test('a return that 110 takes ends our part', async () => {
  const card = await inPool();
  const own = (await desks.supervisor.ask('police.list', { view: 'in' })).rows.find((one) => one.ticket === card.id);
  await desks.supervisor.do('police.return', { handoff: own.handoff, cause: 1, reason: '属治安案件' });
  await until('they hold it', async () => (await ticketOf(card.number)).state === 60);
  await db().psql(`update handoff set due = 1 where dir = 2 and state = 30`);
  const late = await inPool();
  await db().psql(`update handoff set due = 1 where ticket = ${late.id}`);
  const other = (await desks.supervisor.ask('police.list', { view: 'in' })).rows.find((one) => one.ticket === late.id);
  assert.match((await refused(desks.supervisor.do('police.return', { handoff: other.handoff, cause: 1, reason: '晚了' }), 'rule')).sentence, /退回时限/);
});

test('heartbeat, query by telephone and 对账', async () => {
  const phone = newPhone();
  const open = await police.push({ LXDH: phone });
  const pulse = await police.send('heartbeat', police.envelope());
  assert.equal(typeof pulse.body.waiting, 'number');
  const look = await police.send('lookup', police.envelope({ phone, person: '接警员0113' }));
  assert.deepEqual(look.body.rows.map((one) => one.ticket_no), [open.body.ticket_no]);
  assert.equal(await db().value(`select person from police_lookup order by lookup desc limit 1`), '接警员0113');
  await db().psql(`update ticket set secrecy = 2 where number = '${open.body.ticket_no}'`);
  assert.deepEqual((await police.send('lookup', police.envelope({ phone, person: '接警员0113' }))).body.rows, []);
  await db().psql(`update ticket set secrecy = 0 where number = '${open.body.ticket_no}'`);

  const day = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
  const ids = await db().rows(`select msg_id from police_message where dir = 2 and kind not in ('recon', 'lookup')`);
  const all = ids.map((one) => one.msg_id);
  const same = await police.send('recon', police.envelope({ day, count: all.length, digest: digestOf(all), ids: all }));
  assert.equal(same.body.same, true);
  const lost = randomUUID();
  const wrong = [...all.slice(1), lost];
  const differs = await police.send('recon', police.envelope({ day, count: wrong.length, digest: digestOf(wrong), ids: wrong }));
  assert.deepEqual([differs.body.same, differs.body.missing, differs.body.unknown], [false, [lost], [all[0]]]);
});

test('danger in what 110 hands over is no ordinary ticket', async () => {
  const { body } = await police.push({ BJNR: '报警人称家里煤气味很重，头晕。' });
  const card = await until('it waits for a person', async () => {
    const now = await ticketOf(body.ticket_no);
    return now.state === 30 ? now : null;
  });
  assert.equal(card.urgency, 2);
  assert.match(card.why, /燃气.*119/);
});

test('without keys there is no door, and it says so', async () => {
  await house.server.restart({ police_keys: '', police_url: '' });
  Object.assign(police, { base: house.server.url });
  police.checked = null;
  assert.equal((await police.push({}, {})).status, 405, 'GET of a page is all there is');
  assert.match(house.server.log, /no police platform/);
});

test('the document is valid OpenAPI', () => validDocument());
