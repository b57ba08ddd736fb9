// Who gets in, for how long, and how a login ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, PASSWORD, login, refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { until } from '../support/until.mjs';

const house = openHouse({ login_tries: 3, lock_minutes: 15 });

function post(path, body, headers = {}) {
  return fetch(`${house.server.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

test('a right password gives a cookie that scripts cannot read and other sites cannot send', async () => {
  const { status, set, body } = await login(house.server, '1001');
  assert.equal(status, 200);
  assert.equal(body.name, '林晓雪');
  assert.equal(body.role, 1);
  assert.match(set, /^sid=[0-9a-f]{64};/);
  for (const flag of [/HttpOnly/, /SameSite=Strict/, /Path=\//]) assert.match(set, flag);
  assert.doesNotMatch(set, /Secure/, 'plain HTTP');
});

test('the database holds only the digest of the cookie and a hash of the password', async () => {
  const { cookie } = await login(house.server, '1001');
  const dump = await house.server.services.dump();
  assert.ok(!dump.includes(cookie.slice(4)));
  assert.ok(!dump.includes(PASSWORD));
  assert.match(dump, /\$argon2id\$/);
});

test('a wrong password, an unknown login and the system account are refused alike', async () => {
  const wrong = await login(house.server, '1002', 'no');
  const unknown = await login(house.server, 'nobody', 'no');
  const system = await login(house.server, 'system', '!');
  for (const { status, cookie, body } of [wrong, unknown, system]) {
    assert.equal(status, 401);
    assert.equal(cookie, '');
    assert.match(body.error.message, /账号或密码错误/);
  }
});

test('a login that is no login is told so', async () => {
  for (const body of ['', '{', '[]', 'null', {}, { login: '1001' }, { password: 'x' }, { login: 1, password: 2 },
    { login: '1001', password: 'x'.repeat(5000) }, { login: '', password: PASSWORD }, { login: '1001', password: PASSWORD, more: 1 }]) {
    const reply = await post('/api/login', body);
    assert.ok([400, 401, 413].includes(reply.status), `${JSON.stringify(body).slice(0, 60)}: ${reply.status}`);
    assert.ok((await reply.json()).error.message);
    assert.equal(reply.headers.get('set-cookie'), null);
  }
  assert.equal((await post('/api/login', 'x'.repeat(200_000))).status, 413);
});

test('three wrong passwords lock the account, even for the right one, until the admin unlocks it', async () => {
  for (let i = 0; i < 2; i++) assert.equal((await login(house.server, '1004', 'no')).status, 401);
  const locking = await login(house.server, '1004', 'no');
  assert.equal(locking.status, 423);
  const locked = await login(house.server, '1004');
  assert.equal(locked.status, 423);
  assert.match(locked.body.error.message, /\d\d:\d\d/, 'it says until when');
  const admin = await house.sit('admin');
  const { rows } = await admin.ask('account.list');
  const row = rows.find((one) => one.login === '1004');
  assert.ok(row.locked_until > Date.now());
  await admin.do('account.unlock', { account: row.account });
  assert.equal((await login(house.server, '1004')).status, 200);
});

test('right passwords in between start the count anew', async () => {
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 2; i++) assert.equal((await login(house.server, '1003', 'no')).status, 401);
    assert.equal((await login(house.server, '1003')).status, 200);
  }
});

test('without a cookie, or with a made-up one, nobody is greeted', async () => {
  for (const cookie of ['', 'sid=', 'sid=1', `sid=${'0'.repeat(64)}`, `sid=${"' or 1=1 --"}`, 'other=1']) {
    const client = await house.connect(cookie);
    await refused(client.ask('session.hello'), 'not_logged_in');
    await client.close();
  }
});

test('hello tells who sits here', async () => {
  const handler = await house.sit('zhujian1');
  const { me } = handler;
  assert.equal(me.login, 'zhujian1');
  assert.equal(me.name, '李春林');
  assert.equal(me.role, 2);
  assert.equal(me.dept, 2402);
  assert.ok(me.dept_name && me.role_term && me.epoch && me.heartbeat > 0);
  assert.ok(Math.abs(me.now - Date.now()) < 5000);
});

test('logging out ends the link and the cookie', async () => {
  const { cookie } = await login(house.server, '1002');
  const client = await house.connect(cookie);
  await client.hello();
  const reply = await post('/api/logout', '', { Cookie: cookie });
  assert.equal(reply.status, 200);
  assert.match(reply.headers.get('set-cookie'), /sid=;.*Max-Age=0/);
  assert.equal((await client.gone()).code, 4401);
  const again = await house.connect(cookie);
  await refused(again.ask('session.hello'), 'not_logged_in');
});

test('logging out here leaves the same account logged in elsewhere', async () => {
  const here = await login(house.server, '1002');
  const there = await login(house.server, '1002');
  const client = await house.connect(there.cookie);
  await client.hello();
  await post('/api/logout', '', { Cookie: here.cookie });
  assert.ok((await client.hello()).account);
});

test('a login that is over closes its link', async () => {
  const { cookie } = await login(house.server, '1002');
  const client = await house.connect(cookie);
  await client.hello();
  await house.server.services.psql(
    `update session set expires = 1 where account = ${client.me.account};`);
  assert.equal((await client.gone()).code, 4401);
  const again = await house.connect(cookie);
  await refused(again.ask('session.hello'), 'not_logged_in');
});

test('stopping an account closes its links and lets it in no more until it is enabled', async () => {
  const admin = await house.sit('admin');
  const client = await house.sit('shichang', ['dept']);
  await admin.do('account.enable', { account: client.me.account, active: false });
  assert.equal((await client.gone()).code, 4401);
  assert.notEqual((await login(house.server, 'shichang')).status, 200);
  await admin.do('account.enable', { account: client.me.account, active: true });
  assert.equal((await login(house.server, 'shichang')).status, 200);
  await refused(admin.do('account.enable', { account: admin.me.account, active: false }), 'rule');
});

test('the WebSocket opens only for our own page', async () => {
  const { cookie } = await login(house.server, '1001');
  for (const origin of ['http://evil.example', 'null', `${house.server.url}.evil.example`, 'http://127.0.0.1:1'])
    await assert.rejects(Client.connect(house.server, cookie, { Origin: origin }), /403/, origin);
  const own = await house.connect(cookie, { Origin: house.server.url });
  assert.ok((await own.hello()).account);
});

test('other sites can neither log in nor out', async () => {
  const { cookie } = await login(house.server, '1001');
  const origin = { Origin: 'http://evil.example' };
  assert.equal((await post('/api/login', { login: '1001', password: PASSWORD }, origin)).status, 403);
  assert.equal((await post('/api/logout', '', { ...origin, Cookie: cookie })).status, 403);
  const client = await house.connect(cookie);
  assert.ok((await client.hello()).account, 'still logged in');
});

test('too many logins a minute from one address are slowed down', async () => {
  // One: a login costs time on purpose, and on a busy machine several cost so much that the next is allowed again.
  await house.server.restart({ logins_per_minute: 1 });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await login(house.server, '1001')).status);
  assert.deepEqual(statuses, [200, 429, 429, 429]);
  await house.server.restart({ logins_per_minute: 10_000 });
  await until('logins are possible again', async () => (await login(house.server, '1001')).status === 200);
});

test('with TLS in front the cookie is for TLS only', async () => {
  const reply = await post('/api/login', { login: '1001', password: PASSWORD }, { 'X-Forwarded-Proto': 'https' });
  assert.match(reply.headers.get('set-cookie'), /; Secure/);
});
