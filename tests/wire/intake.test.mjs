// The door of systems: signatures, quotas, idempotency, their own tickets and nobody else's.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { pdf, png } from '../support/citizen.mjs';
import { openHouse } from '../support/house.mjs';
import { unseenOperations } from '../support/openapi.mjs';
import { CHANNELS, Partner, sign } from '../support/partner.mjs';
import { CALLER_NAME, REGION, newPhone } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const letter = (more = {}) => ({ kind: 3, region: REGION, place: '朝阳路12号', title: '路灯不亮影响夜间出行',
  body: '朝阳路12号门前的路灯坏了一个星期，请市政部门尽快维修。', phone: newPhone(), name: CALLER_NAME, ...more });
let partner, admin, supervisor, handler, agent;

before(async () => {
  await house.opened;
  [admin, supervisor, handler, agent] = await Promise.all([house.sit('admin'), house.sit('duban', ['all']),
    house.sit('zhujian1', ['dept']), house.sit('1001', ['callback'])]);
  partner = await Partner.make(house.server, admin, { channel: CHANNELS.mailbox });
});

const count = (table) => house.server.services.value(`select count(*) from ${table}`);

async function submitted(more, who = partner) {
  const { status, body } = await who.submit(letter(more));
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

test('a signed ticket goes the way of all tickets, under its own channel', async () => {
  const { number, code, accepted } = await submitted({ ref: 'XX-2026-17', matter: '0305' });
  const card = await supervisor.event('ticket', (b) => b.number === number);
  assert.equal(card.channel, CHANNELS.mailbox);
  assert.equal(card.accepted, accepted);
  const view = await partner.get(`requests/${number}`);
  assert.equal(view.status, 200);
  assert.equal(view.body.number, number);
  assert.equal(view.body.title, '路灯不亮影响夜间出行');
  assert.equal((await partner.citizen.do('look', { number, code })).status, 200, 'the citizen may look as well');
  assert.ok(!view.bytes.toString().includes(CALLER_NAME));
});

test('an idempotency key gives the very same answer, and is for one content only', async () => {
  const [key, ticket] = ['order-1', letter()];
  const first = await partner.submit(ticket, key);
  const again = await partner.submit(ticket, key);
  assert.deepEqual(again.body, first.body);
  const both = await Promise.all([partner.submit(ticket, 'order-2'), partner.submit(ticket, 'order-2')]);
  assert.deepEqual(both[0].body, both[1].body);
  const before = await count('ticket');
  const other = await partner.submit(letter({ title: '另一件事' }), key);
  assert.equal(other.status, 400);
  assert.ok(other.body.error.fields['Idempotency-Key']);
  const { number } = first.body;
  const more = await partner.do(number, 'supplement', { text: '就在路口' }, 's-1');
  assert.equal(more.status, 200);
  assert.deepEqual((await partner.do(number, 'supplement', { text: '就在路口' }, 's-1')).status, 200);
  assert.equal((await partner.do(number, 'supplement', { text: '换了说法' }, 's-1')).status, 400);
  assert.equal((await partner.get(`requests/${number}`)).body.timeline.filter((step) => step.term === '补充信息').length, 1);
  const none = await partner.send('POST', '/api/v1/requests', letter());
  assert.equal(none.status, 400);
  assert.ok(none.body.error.fields['Idempotency-Key']);
  const mine = await Partner.make(house.server, admin);
  assert.notEqual((await mine.submit(ticket, key)).body.number, number, 'keys of idempotency are each system’s own');
  assert.equal(await count('ticket'), Number(before) + 1);
});

test('whoever does not sign rightly learns nothing and stores nothing', async () => {
  const before = await count('ticket');
  const ticket = letter();
  const body = JSON.stringify(ticket);
  const post = (Authorization, sent = body) => partner.citizen.send('POST', '/api/v1/requests', sent,
    { ...(Authorization ? { Authorization } : {}), 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() });
  const own = partner.credentials;
  const good = (more, content = body, method = 'POST', path = '/api/v1/requests') => sign({ ...own, ...more }, method, path, Buffer.from(content), more);
  for (const [what, answer] of Object.entries({
    none: await post(null),
    bearer: await post(`Bearer ${own.secret}`),
    scheme: await post(good({}).replace('HMAC-SHA256', 'HMAC-SHA1')),
    cut: await post(good({}).slice(0, -1)),
    unknown: await post(good({ key: 'k00000000000000000000000' })),
    secret: await post(good({ secret: '0'.repeat(64) })),
    body: await post(good({}), body.replace('路灯', '井盖')),
    method: await post(good({}, body, 'GET')),
    path: await post(good({}, body, 'POST', '/api/v1/changes')),
    injection: await post(good({ key: "k' or '1'='1" })),
    old: await post(good({ time: Date.now() - 301_000 })),
    early: await post(good({ time: Date.now() + 301_000 })),
  })) {
    assert.equal(answer.status, 401, what);
    assert.equal(answer.body.error.code, 'bad_signature', what);
    if (what === 'old' || what === 'early') assert.match(answer.body.error.message, /时钟/);
  }
  const nonce = randomUUID();
  assert.equal((await partner.submit(ticket, randomUUID(), { nonce })).status, 201);
  const replay = await partner.submit(ticket, randomUUID(), { nonce });
  assert.deepEqual([replay.status, replay.body.error.code], [401, 'replayed']);
  assert.equal(await count('ticket'), Number(before) + 1);
});

test('scopes, expiry, switching off and a new secret hold at once', async () => {
  const reader = await Partner.make(house.server, admin, { scopes: ['read'] });
  const denied = await reader.submit(letter());
  assert.deepEqual([denied.status, denied.body.error.code], [403, 'no_scope']);
  assert.equal((await reader.get('changes')).status, 200);
  assert.equal((await reader.send('GET', '/api/v1/webhooks')).status, 403);
  const { key } = reader.credentials;
  const fresh = await admin.do('channel.rotate', { key });
  assert.equal((await reader.get('changes')).status, 401, 'the old secret ended');
  reader.credentials = fresh;
  assert.equal((await reader.get('changes')).status, 200);
  await admin.do('channel.set', { key, active: false, reason: '停用' });
  assert.equal((await reader.get('changes')).body.error.code, 'key_off');
  await admin.do('channel.set', { key, active: true, reason: '启用' });
  await house.server.services.psql(`update api_key set expires = 1 where key = '${key}'`);
  assert.equal((await reader.get('changes')).body.error.code, 'key_off');
});

test('quotas by minute and day are kept and counted', async () => {
  const daily = await Partner.make(house.server, admin, { per_day: 2 });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await daily.get('changes')).status);
  assert.deepEqual(statuses, [200, 200, 429, 429]);
  const hasty = await Partner.make(house.server, admin, { per_minute: 2 });
  await until('a minute that holds three', async () => {
    const three = [];
    for (let i = 0; i < 3; i++) three.push((await hasty.get('changes')).status);
    return three.includes(429);
  });
  const row = (await admin.ask('channel.list')).keys.find((one) => one.key === daily.credentials.key);
  assert.deepEqual(row.today, { asked: 2, submitted: 0, refused: 2 });
});

test('bad content is refused by the name of its field, and nothing is stored', async () => {
  const before = await count('ticket');
  for (const [more, field] of [[{ kind: 9 }, 'kind'], [{ region: '999999' }, 'region'], [{ town: '232701100' }, 'town'],
    [{ title: '' }, 'title'], [{ title: '长'.repeat(61) }, 'title'], [{ body: 1 }, 'body'], [{ body: '\u0000' }, 'body'],
    [{ phone: 'x' }, 'phone'], [{ matter: '9999' }, 'matter'], [{ points: [] }, 'points'], [{ secrecy: 3 }, 'secrecy'],
    [{ channel: 1 }, 'channel'], [{ api_key: 'x' }, 'api_key'], [{ ref: '长'.repeat(61) }, 'ref']]) {
    const answer = await partner.submit(letter(more));
    assert.equal(answer.status, 400, field);
    assert.ok(answer.body.error.fields?.[field] ?? /JSON/.test(answer.body.error.message), `${field}: ${JSON.stringify(answer.body)}`);
  }
  for (const raw of ['', '[]', '{', '"x"', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '{"kind":1,"kind":2}'])
    assert.equal((await partner.send('POST', '/api/v1/requests', raw, { 'Idempotency-Key': randomUUID() })).status, 400, String(raw));
  assert.equal((await partner.submit(letter({ body: 'x'.repeat(70_000) }))).status, 413);
  assert.equal((await partner.submit(letter(), 'x'.repeat(101))).status, 400);
  for (const query of ['after=1', 'after=x-1', 'limit=0', 'limit=501', 'limit=ten'])
    assert.equal((await partner.send('GET', `/api/v1/changes?${query}`)).status, 400, query);
  for (const path of ['nothing', 'requests/1', 'requests/232720260101000001/look', 'requests/232720260101000001/link'])
    assert.equal((await partner.send('GET', `/api/v1/${path}`)).status, 404, path);
  assert.equal(await count('ticket'), before);
});

test('a system sees and moves its own tickets only', async () => {
  const other = await Partner.make(house.server, admin, { channel: CHANNELS.mailbox });
  const { number } = await submitted();
  assert.equal((await other.get(`requests/${number}`)).status, 404);
  assert.equal((await other.do(number, 'urge')).status, 404);
  assert.equal((await other.attach(number, png())).status, 404);
  assert.equal((await partner.get('requests/232720200101000001')).status, 404);
  assert.deepEqual((await other.get('changes')).body.changes, []);
});

test('supplement, urge, rate and withdraw obey the law; the changes tell all of it in order', async () => {
  const { number } = await submitted({ ref: 'R-1' });
  let card = await supervisor.event('ticket', (b) => b.number === number && (b.state === 30 || b.state === 35));
  if (card.state === 35) card = await supervisor.move('recall', card, { reason: '改派' });
  card = await supervisor.move('assign', card, { dept: handler.me.dept, reason: '市政设施', matter: '0305' });
  assert.equal((await partner.do(number, 'urge', {})).status, 200);
  assert.equal((await partner.do(number, 'rate', { grade: 5, solved: true })).status, 409);
  card = await supervisor.ask('ticket.get', { id: card.id });
  card = await handler.move('sign', card);
  card = await handler.move('contact', card, { result: 'reached', text: '已联系' });
  card = await handler.move('finish', card, { text: '已修复', solved: true });
  card = await supervisor.move('pass', card);
  await agent.move('notify', card, { way: 'phone', text: '已告知' });
  const bad = await partner.do(number, 'rate', { grade: 1, solved: false });
  assert.deepEqual(Object.keys(bad.body.error.fields).sort(), ['blame', 'reason']);
  const rated = await partner.do(number, 'rate', { grade: 5, solved: true });
  assert.equal(rated.body.state, 80);

  const seen = [];
  let after = '0-0';
  await until('all changes are told', async () => {
    const { body } = await partner.get(`changes?after=${after}&limit=3`);
    assert.ok(body.changes.length <= 3);
    seen.push(...body.changes.filter((one) => one.number === number));
    after = body.next;
    return seen.some((one) => one.kind === 'rated');
  });
  const versions = seen.map((one) => one.ver);
  assert.deepEqual(versions, [...versions].sort((a, b) => a - b));
  assert.equal(new Set(seen.map((one) => one.event)).size, seen.length);
  assert.ok(seen.every((one) => one.ref === 'R-1'));
  const kinds = seen.map((one) => one.kind);
  for (const kind of ['accepted', 'dispatched', 'urged', 'signed', 'answered', 'rated']) assert.ok(kinds.includes(kind), kind);
  const gone = await submitted();
  const withdrawn = await until('withdrawn', async () => {
    const answer = await partner.do(gone.number, 'withdraw', { reason: '已自行解决' });
    return answer.status === 200 && answer;
  });
  assert.ok([60, 85].includes(withdrawn.body.state));
});

test('attachments are signed by their hash', async () => {
  const { number } = await submitted();
  const sent = await partner.attach(number, png(1), '现场.png', 'file-1');
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  assert.equal(sent.body.type, 'image/png');
  assert.deepEqual((await partner.attach(number, png(1), '现场.png', 'file-1')).status, 201);
  assert.equal((await partner.attach(number, png(2), '现场.png', 'file-1')).status, 400, 'another file under the same key');
  assert.equal((await partner.attach(number, pdf(), '合同.pdf')).status, 201);
  assert.equal((await partner.get(`requests/${number}`)).body.files, 2);
  const changed = await partner.attach(number, png(3), 'x.png', randomUUID(), { hash: 'a'.repeat(64) });
  assert.deepEqual([changed.status, changed.body.error.code], [401, 'bad_signature']);
  assert.equal((await partner.attach(number, Buffer.from('no picture'))).status, 400);
  const noHash = await partner.citizen.send('POST', `/api/v1/attachments/${number}?name=a.png`, png(), {
    Authorization: sign(partner.credentials, 'POST', `/api/v1/attachments/${number}`, ''), 'Idempotency-Key': randomUUID() });
  assert.ok(noHash.body.error.fields['X-Content-SHA256']);
  assert.equal((await partner.get(`requests/${number}`)).body.files, 2);
});

test('secrets are shown once, kept sealed, and Open311 stands alone', async () => {
  const request = randomUUID();
  const asked = { name: '换钥匙', channel: CHANNELS.window, scopes: ['submit'], per_minute: 1, per_day: 1 };
  const first = await admin.do('channel.create', asked, request);
  assert.match(first.secret, /^[0-9a-f]{64}$/);
  assert.deepEqual(await admin.do('channel.create', asked, request), first);
  assert.ok(!(await house.server.services.dump()).includes(first.secret));
  assert.ok(!JSON.stringify(await admin.ask('channel.list')).includes(first.secret));
  for (const scopes of [[], ['open311', 'read']]) await assert.rejects(admin.do('channel.create', { ...asked, scopes }), /scopes/);
  await assert.rejects(admin.do('channel.create', { ...asked, expires: '2020-01-01' }), /expires/);
  await assert.rejects(supervisor.do('channel.create', asked), /not_allowed/);
});

test('webhooks are a system’s own, and every operation of the document was asked and answered as it says', async () => {
  const { number } = await submitted();
  const card = await supervisor.event('ticket', (b) => b.number === number && (b.state === 30 || b.state === 35));
  const pool = card.state === 35 ? await supervisor.move('recall', card, { reason: '地点不清' }) : card;
  await agent.move('ask_info', pool, { text: '请说明是哪一盏灯' });
  const supplied = await partner.do(number, 'supply', { text: '门牌12号正对面' });
  assert.equal(supplied.status, 200);
  const made = await partner.send('POST', '/api/v1/webhooks', { url: 'https://example.org/hook', events: ['closed'] }, { 'Idempotency-Key': 'w' });
  assert.deepEqual((await partner.send('GET', '/api/v1/webhooks')).body.webhooks, [made.body]);
  assert.equal((await partner.send('DELETE', `/api/v1/webhooks/${made.body.hook}`, undefined, { 'Idempotency-Key': 'e' })).status, 200);
  assert.deepEqual(unseenOperations('channels'), []);
});
