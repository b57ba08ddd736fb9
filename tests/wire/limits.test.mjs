// How much one console or one address may ask of the server, and what happens beyond.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Client, login, refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { pothole } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse({ max_links_per_ip: 12, frames_per_second: 100, link_budget: 65536, max_frame: 16384 });

test('a message that is too big closes the link with 1009', async () => {
  const client = await house.sit('1001');
  client.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'session.hello', params: { build: 'x'.repeat(20_000) } }));
  assert.equal((await client.gone()).code, 1009);
});

test('a message in many fragments is too big all the same', async () => {
  const client = await house.sit('1001');
  for (let i = 0; i < 40; i++) client.socket.send('x'.repeat(1000), { fin: false });
  assert.equal((await client.gone()).code, 1009);
});

test('a message in fragments is read as one', async () => {
  const client = await house.sit('1001');
  const text = JSON.stringify({ jsonrpc: '2.0', id: 'whole', method: 'session.hello' });
  client.socket.send(text.slice(0, 9), { fin: false });
  client.socket.send(text.slice(9, 20), { fin: false });
  client.socket.send(text.slice(20), { fin: true });
  const answer = await client.strays.take('the answer', (message) => message.id === 'whole');
  assert.ok(answer.result.account);
  await client.close();
});

test('binary messages are not for us', async () => {
  const client = await house.sit('1001');
  client.socket.send(Buffer.from('{}'), { binary: true });
  assert.equal((await client.gone()).code, 1003);
});

test('text that is no UTF-8 closes the link with 1007', async () => {
  const client = await house.sit('1001');
  client.socket.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { binary: false });
  assert.equal((await client.gone()).code, 1007);
});

test('a console that talks without end is closed with 4429', async () => {
  const client = await house.sit('1001');
  for (let i = 0; i < 2000; i++) client.send({ jsonrpc: '2.0', id: `n${i}`, method: 'session.hello' });
  assert.equal((await client.gone()).code, 4429);
});

test('who has not said who he is waits for each answer', async () => {
  const stranger = await house.connect('sid=0123456789abcdef');
  const ends = await Promise.all(Array.from({ length: 40 }, () => stranger.ask('session.hello').catch((error) => error.name)));
  assert.deepEqual([...new Set(ends)].sort(), ['not_logged_in', 'too_fast']);
  await refused(stranger.ask('session.hello'), 'not_logged_in');
  await stranger.close();
});

test('one address holds so many links and no more, and a closed one makes room', async () => {
  const { cookie } = await login(house.server, '1001');
  await until('the links of the tests before are gone', async () => (await links()) === 0);
  const held = [];
  for (let i = 0; i < 12; i++) held.push(await house.connect(cookie));
  await assert.rejects(Client.connect(house.server, cookie), /429/);
  await held.pop().close();
  const again = await until('there is room', () => Client.connect(house.server, cookie).catch(() => null));
  for (const client of [...held, again]) await client.close();
});

async function links() {
  const text = await (await fetch(`${house.server.url}/metrics`)).text();
  return Number(/^hotline_links (\d+)/m.exec(text)?.[1]);
}

test('a console that does not read is closed, and nobody else waits for it', async () => {
  const { cookie } = await login(house.server, 'duban');
  const { port } = new URL(house.server.url);
  const slow = connect(Number(port), '127.0.0.1');
  slow.on('error', () => {});
  slow.write(
    'GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n` +
      `Sec-WebSocket-Protocol: jsonrpc.12345.v1\r\nCookie: ${cookie}\r\n\r\n`);
  const [head] = await once(slow, 'data');
  assert.match(String(head), /^HTTP\/1\.1 101/);
  slow.write(frame({ jsonrpc: '2.0', id: 1, method: 'session.hello' }));
  await once(slow, 'data');
  slow.pause();
  const client = await house.sit('1002');
  const before = await links();
  // Long answers that nobody takes away: more than the kernel keeps for a socket.
  for (let i = 0; i < 190; i++) slow.write(frame({ jsonrpc: '2.0', id: i, method: 'reference.all', params: {} }));
  await until('the slow link is closed', async () => (await links()) < before);
  assert.match(house.server.log, /too slow/);
  assert.ok((await client.do('ticket.submit', pothole())).number, 'others are served');
  slow.destroy();
});

/** A masked text frame, as a client must send it. */
function frame(message) {
  const text = Buffer.from(JSON.stringify(message));
  const head = text.length < 126 ? [0x81, 0x80 | text.length] : [0x81, 0xfe, text.length >> 8, text.length & 255];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), text]);
}
