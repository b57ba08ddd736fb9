// Attachments: told by their content, kept outside the database, given to whoever may see the ticket.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { before, test } from 'node:test';
import { Citizen, pdf, png } from '../support/citizen.mjs';
import { openHouse } from '../support/house.mjs';
import { runBinary } from '../support/server.mjs';
import { coldRoom, pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
let agent, handler, supervisor, card;
const desks = {};

before(async () => {
  await house.opened;
  agent = await house.sit('1001', ['mine']);
  handler = await house.sit('zhujian1', ['dept']);
  supervisor = await house.sit('duban', ['all']);
  await house.sit('admin');
  for (const name of ['1001', 'zhujian1', 'duban', 'admin'])
    desks[name] = new Citizen(house.server, { Cookie: house.cookies.get(name) });
  card = await submitted(agent, pothole());
});

const dir = () => path.join(house.server.dir, 'files');
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
const waiting = () => readdir(path.join(dir(), 'new'));
const send = (desk, ticket, bytes, name, more = '') =>
  desk.send('POST', `/api/files/${ticket}?name=${encodeURIComponent(name)}${more}`, bytes);
const filesOf = (ticket) => house.server.services.rows(`select * from file where ticket = ${ticket} order by file`);

test('a picture is kept under its hash and given back as it was', async () => {
  const bytes = png(1);
  const sent = await send(desks['1001'], card.id, bytes, '现场 照片.png');
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  assert.equal(sent.body.id, card.id);
  const [row] = await filesOf(card.id);
  assert.deepEqual([row.sha256, row.name, row.type, row.size], [sha(bytes), '现场 照片.png', 'image/png', bytes.length]);
  assert.deepEqual(await readFile(path.join(dir(), row.sha256.slice(0, 2), row.sha256)), bytes);
  assert.deepEqual(await waiting(), []);
  assert.equal((await stat(path.join(dir(), row.sha256.slice(0, 2), row.sha256))).mode & 0o077, 0);

  for (const name of ['1001', 'zhujian1', 'duban']) {
    const got = await desks[name].send('GET', `/api/files/${row.file}`);
    assert.equal(got.status, 200);
    assert.deepEqual(got.bytes, bytes);
    assert.equal(got.headers.get('content-type'), 'image/png');
    assert.match(got.headers.get('content-disposition'), /^inline; filename\*=UTF-8''%E7%8E%B0/);
    assert.match(got.headers.get('content-security-policy'), /sandbox/);
    assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
    const again = await desks[name].send('GET', `/api/files/${row.file}`, undefined, { 'If-None-Match': got.headers.get('etag') });
    assert.equal(again.status, 304);
    assert.equal(again.bytes.length, 0);
  }
  const seen = await agent.ask('ticket.get', { id: card.id });
  assert.equal(seen.events.at(-1).action, 'attach');
  assert.equal(seen.events.at(-1).detail.sha256, sha(bytes));
});

test('a handler adds a document, which is saved and not shown', async () => {
  const bytes = pdf('handler');
  assert.equal((await send(desks.zhujian1, card.id, bytes, '回执.exe')).status, 201);
  const row = (await filesOf(card.id)).at(-1);
  assert.deepEqual([row.name, row.type, row.dept], ['回执.exe.pdf', 'application/pdf', handler.me.dept]);
  const got = await desks['1001'].send('GET', `/api/files/${row.file}`);
  assert.match(got.headers.get('content-disposition'), /^attachment/);
  assert.deepEqual(got.bytes, bytes);
});

test('a quiet look: another desk’s move is not made stale by an attachment', async () => {
  const before = await agent.ask('ticket.get', { id: card.id });
  assert.equal((await send(desks['1001'], card.id, png(2), 'a.png')).status, 201);
  assert.equal((await handler.move('sign', before)).state, 40);
});

test('the same request twice is one attachment; the same content twice is one file', async () => {
  const request = randomUUID();
  const before = (await filesOf(card.id)).length;
  for (let i = 0; i < 2; i++) assert.equal((await send(desks['1001'], card.id, png(3), 'b.png', `&request=${request}`)).status, 201);
  assert.equal((await filesOf(card.id)).length, before + 1);
  const other = await submitted(agent, coldRoom());
  assert.equal((await send(desks['1001'], other.id, png(3), 'c.png')).status, 201);
  assert.deepEqual(await waiting(), []);
});

test('what is no photo and no PDF is refused, whatever it is called, and leaves nothing', async () => {
  const before = (await filesOf(card.id)).length;
  for (const bytes of [Buffer.from('<svg onload="1"/>'), Buffer.from('MZ'), png(1).subarray(0, 40), Buffer.from('GIF89a;'),
    Buffer.concat([Buffer.from('<script>'), png(1)])]) {
    const { status, body } = await send(desks['1001'], card.id, bytes, 'photo.png');
    assert.equal(status, 400);
    assert.match(body.error.message, /照片.*PDF/);
  }
  assert.equal((await send(desks['1001'], card.id, Buffer.alloc(0), 'photo.png')).status, 400);
  assert.equal((await send(desks['1001'], card.id, png(1), '')).status, 400);
  assert.equal((await send(desks['1001'], card.id, png(1), 'x'.repeat(121))).status, 400);
  assert.equal((await send(desks['1001'], card.id, Buffer.alloc(10 * 1024 * 1024 + 1), 'big.png')).status, 413);
  assert.equal((await filesOf(card.id)).length, before);
  await until('nothing waits', async () => (await waiting()).length === 0);
});

test('only who is logged in and may see the ticket', async () => {
  const [row] = await filesOf(card.id);
  const nobody = new Citizen(house.server);
  assert.equal((await send(nobody, card.id, png(5), 'a.png')).status, 401);
  assert.equal((await nobody.send('GET', `/api/files/${row.file}`)).status, 401);
  const stranger = new Citizen(house.server, { Cookie: `sid=${'0'.repeat(64)}` });
  assert.equal((await send(stranger, card.id, png(5), 'a.png')).status, 401);
  assert.equal((await stranger.send('GET', `/api/files/${row.file}`)).status, 401);
  const other = await submitted(agent, coldRoom());
  assert.equal((await send(desks.zhujian1, other.id, png(5), 'a.png')).status, 403, 'another unit’s ticket');
  assert.equal((await send(desks['1001'], other.id, png(6), 'a.png')).status, 201);
  const [foreign] = await filesOf(other.id);
  assert.equal((await desks.zhujian1.send('GET', `/api/files/${foreign.file}`)).status, 403);
  assert.equal((await desks.admin.send('GET', `/api/files/${row.file}`)).status, 403);
  assert.equal((await send(desks['1001'], 99999999, png(5), 'a.png')).status, 404);
  for (const wrong of ['0', '-1', 'x', '1/2', '99999999999999999999'])
    assert.equal((await desks['1001'].send('GET', `/api/files/${wrong}`)).status, 404, wrong);
  const foreignSite = new Citizen(house.server, { ...desks['1001'].headers, Origin: 'https://evil.example' });
  assert.equal((await send(foreignSite, card.id, png(5), 'a.png')).status, 403);
  assert.deepEqual(await waiting(), []);
});

test('twenty for a ticket', async () => {
  const ticket = await submitted(agent, coldRoom());
  for (let i = 0; i < 20; i++) assert.equal((await send(desks['1001'], ticket.id, png(100 + i), `${i}.png`)).status, 201);
  const { status, body } = await send(desks['1001'], ticket.id, png(200), '20.png');
  assert.equal(status, 422);
  assert.match(body.error.message, /20/);
  assert.deepEqual(await waiting(), [], 'nothing is left of what was refused');
});

test('a citizen adds one by number and code, and gets nothing back', async () => {
  const citizen = new Citizen(house.server);
  const proof = await citizen.submit();
  const sent = await citizen.attach(proof, png(7), '门口.png');
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  assert.deepEqual(Object.keys(sent.body).sort(), ['name', 'size', 'type']);
  assert.equal((await citizen.look(proof)).files, 1);
  const [row] = await house.server.services.rows(`select f.* from file f join ticket using (ticket) where number = '${proof.number}'`);
  assert.deepEqual([row.account, row.dept], [-1, null]);
  const wrong = await citizen.attach({ number: proof.number, code: proof.code === '111111' ? '222222' : '111111' }, png(8));
  assert.equal(wrong.status, 404);
  assert.equal((await citizen.attach({ number: '232720200101000001', code: '111111' }, png(8))).status, 404);
  assert.deepEqual(await waiting(), []);
});

test('ten megabytes go to the disk and come back', async () => {
  const big = png(10, 10 * 1024 * 1024 - 200);
  assert.equal((await send(desks['1001'], card.id, big, 'big.png')).status, 201);
  const row = (await filesOf(card.id)).at(-1);
  assert.equal(row.size, big.length);
  assert.ok((await desks.duban.send('GET', `/api/files/${row.file}`)).bytes.equals(big));
});

/** A body that has begun and does not end; the socket. */
function half(path, headers = '') {
  return new Promise((resolve, reject) => {
    const socket = net.connect(house.server.port, '127.0.0.1', () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: 100000\r\n\r\nhalf`);
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

test('a sender who hangs up in the middle leaves nothing', async () => {
  const socket = await half(`/api/files/${card.id}?name=a.png`, `Cookie: ${desks['1001'].headers.Cookie}\r\n`);
  await until('the body has begun', async () => (await waiting()).length === 1);
  socket.destroy();
  await until('nothing waits', async () => (await waiting()).length === 0);
});

test('one address of citizens sends four at a time', async () => {
  const citizen = new Citizen(house.server);
  const proof = await citizen.submit();
  const sockets = await Promise.all(Array.from({ length: 4 }, () => half('/api/public/files?number=1&code=1&name=a')));
  await until('four have begun', async () => (await waiting()).length === 4);
  assert.equal((await citizen.attach(proof, png(11))).status, 503);
  for (const socket of sockets) socket.destroy();
  await until('they have gone', async () => (await waiting()).length === 0);
  assert.equal((await citizen.attach(proof, png(11))).status, 201);
});

test('what a crash left behind: known content gets its place, lost content goes', async () => {
  const bytes = png(1);
  const known = path.join(dir(), 'new', `${sha(bytes)}-abcdef`);
  const lost = path.join(dir(), 'new', `${'0'.repeat(64)}-abcdef`);
  const body = path.join(dir(), 'new', 'body-abcdef');
  const fresh = path.join(dir(), 'new', `${'1'.repeat(64)}-abcdef`);
  for (const name of [known, lost, body, fresh]) await writeFile(name, bytes);
  const yesterday = new Date(Date.now() - 25 * 3600_000);
  for (const name of [known, lost, body]) await utimes(name, yesterday, yesterday);
  await house.server.restart();
  await until('the sweep is done', async () => {
    const left = await waiting();
    return left.length === 1 && left[0] === path.basename(fresh);
  });
  const [row] = await filesOf(card.id);
  assert.deepEqual((await desks['1001'].send('GET', `/api/files/${row.file}`)).bytes, bytes);
});

test('`hotlined verify --files` knows each content by its hash', async () => {
  const verify = () => runBinary(['verify', '--files', '--config', house.server.config]);
  const fine = await verify();
  assert.match(fine.out, /^ok .* files: /m);
  const [row] = await filesOf(card.id);
  const place = path.join(dir(), row.sha256.slice(0, 2), row.sha256);
  const bytes = await readFile(place);
  await writeFile(place, Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]));
  assert.match((await verify()).out, new RegExp(`^BAD .* files: [^]*${row.sha256}`, 'm'));
  await writeFile(place, bytes);
  assert.match((await verify()).out, /^ok .* files: /m);
});

test('while PostgreSQL is away an upload is asked to come again', async () => {
  await house.server.services.psql(`alter role hotline_server nologin; select pg_terminate_backend(pid) from pg_stat_activity
    where usename = 'hotline_server';`);
  const { status, body } = await until('the database is away', async () => {
    const answer = await send(desks['1001'], card.id, png(9), 'a.png');
    return answer.status === 503 && answer;
  });
  assert.match(body.error.message, /重试/);
  await house.server.services.psql('alter role hotline_server login');
  await until('it is back', async () => (await send(desks['1001'], card.id, png(9), 'a.png')).status === 201);
});
