// Webhooks against a receiver that is slow, down, and hears everything twice.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { Partner } from '../support/partner.mjs';
import { Receiver } from '../support/receiver.mjs';
import { CALLER_NAME, REGION, newPhone } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse({ webhook_allow: '127.0.0.1', webhook_timeout_ms: 1500, webhook_retry_ms: 100, webhook_retry_most_ms: 200,
  webhook_tries: 4 });
let admin, partner;

before(async () => {
  await house.opened;
  admin = await house.sit('admin');
  partner = await Partner.make(house.server, admin);
});

async function submitted(who = partner) {
  const { status, body } = await who.submit({ kind: 3, region: REGION, title: '路灯不亮', body: '路灯坏了', phone: newPhone(), name: CALLER_NAME });
  assert.equal(status, 201, JSON.stringify(body));
  return body.number;
}

async function listened(events, who = partner) {
  const receiver = await Receiver.start(who.credentials);
  const { status, body } = await who.send('POST', '/api/v1/webhooks', { url: receiver.url, ...(events ? { events } : {}) }, { 'Idempotency-Key': receiver.url });
  assert.equal(status, 200, JSON.stringify(body));
  receiver.hook = body.hook;
  return receiver;
}

const stop = async (receiver) => {
  assert.equal((await partner.send('DELETE', `/api/v1/webhooks/${receiver.hook}`, undefined, { 'Idempotency-Key': 'end' })).status, 200);
  await receiver.close();
};
const deadOf = async (hook) => (await admin.ask('delivery.list', { hook })).rows;

test('what happens is told, signed, in the order of each ticket, without anybody’s name', async () => {
  const receiver = await listened();
  const number = await submitted();
  const first = await receiver.event('accepted', (told) => told.number === number && told.kind === 'accepted');
  assert.deepEqual(Object.keys(first).sort(), ['at', 'event', 'kind', 'number', 'ref', 'state', 'state_term', 'ver']);
  await partner.do(number, 'supplement', { text: '就在路口' });
  await partner.do(number, 'supplement', { text: '红色灯杆' });
  await receiver.event('the last', (told) => told.number === number && told.kind === 'supplemented' &&
    receiver.heard.filter((one) => one.number === number && one.kind === 'supplemented').length === 2);
  const versions = receiver.heard.filter((told) => told.number === number).map((told) => told.ver);
  assert.deepEqual(versions, [...new Set(versions)].sort((a, b) => a - b));
  assert.ok(!JSON.stringify(receiver.heard).includes(CALLER_NAME));
  await stop(receiver);
});

test('a slow receiver is given up and told again; nobody else waits for it', async () => {
  const slow = await listened(['accepted']);
  const quick = await listened(['accepted']);
  slow.mode = 'silent';
  const number = await submitted();
  await quick.event('the quick one', (told) => told.number === number);
  await until('the slow one heard it', () => slow.heard.some((told) => told.number === number));
  slow.mode = 'good';
  const told = await slow.event('again', (one) => one.number === number);
  assert.ok(slow.heard.filter((one) => one.event === told.event).length >= 2, 'the same event, known by its id');
  await stop(slow);
  await stop(quick);
});

test('a receiver that takes it in and breaks off hears it twice, with the same event id', async () => {
  const receiver = await listened(['accepted']);
  receiver.mode = 'deaf';
  const number = await submitted();
  await until('it was heard', () => receiver.heard.some((told) => told.number === number));
  receiver.mode = 'good';
  const told = await receiver.event('again', (one) => one.number === number);
  const twice = receiver.heard.filter((one) => one.number === number);
  assert.ok(twice.length >= 2);
  assert.deepEqual(new Set(twice.map((one) => one.event)), new Set([told.event]));
  await stop(receiver);
});

test('down for good: dead letters, which an administrator sends again; later ones of the ticket keep their order', async () => {
  const receiver = await listened(['accepted', 'supplemented']);
  await receiver.down();
  const number = await submitted();
  await partner.do(number, 'supplement', { text: '补充' });
  const dead = await until('both are dead', async () => {
    const rows = await deadOf(receiver.hook);
    return rows.length === 2 && rows;
  }, { ms: 30_000 });
  const figures = await (await fetch(`${house.server.url}/metrics`)).text();
  assert.match(figures, /^hotline_webhook_deliveries_total\{outcome="dead"\} 2$/m);
  assert.match(figures, /^hotline_webhook_deliveries_total\{outcome="failed"\} [6-9]$/m, 'three tries of each before');
  assert.ok(dead.every((row) => row.tries === 4 && row.number === number && /没有应答/.test(row.fault)));
  const row = (await admin.ask('channel.list')).keys.find((one) => one.key === partner.credentials.key).hooks.find((one) => one.hook === receiver.hook);
  assert.equal(row.dead, 2);
  await receiver.up();
  assert.deepEqual(await admin.do('delivery.resend', { hook: receiver.hook, delivery: dead[1].delivery }), { count: 1 });
  await receiver.event('the first', (told) => told.kind === 'accepted');
  assert.deepEqual(await admin.do('delivery.resend', { hook: receiver.hook }), { count: 1 });
  await receiver.event('the second', (told) => told.kind === 'supplemented');
  assert.deepEqual(await deadOf(receiver.hook), []);
  receiver.mode = 'wrong';
  const another = await submitted();
  const refused = await until('refused ones are dead letters too', async () => (await deadOf(receiver.hook)).find((one) => one.number === another), { ms: 30_000 });
  assert.equal(refused.fault, 'HTTP 500');
  await stop(receiver);
});

test('tickets go on while the receiver is away, and what was committed before a kill is told after it', async () => {
  const receiver = await listened(['accepted']);
  await receiver.down();
  const number = await submitted();
  await house.server.kill9();
  await receiver.up();
  await house.server.serve();
  await receiver.event('after the kill', (told) => told.number === number);
  await stop(receiver);
  admin = await house.sit('admin');
});

test('addresses: private ones only where the setting says so, and no other schemes', async () => {
  for (const url of ['ftp://example.org/', 'file:///etc/passwd', 'javascript:1', 'http://', 'http://user:pw@example.org/', 'x', `https://example.org/${'a'.repeat(500)}`]) {
    const answer = await partner.send('POST', '/api/v1/webhooks', { url }, { 'Idempotency-Key': url.slice(0, 90) });
    assert.equal(answer.status, 400, url);
    assert.ok(answer.body.error.fields.url, url);
  }
  const odd = await partner.send('POST', '/api/v1/webhooks', { url: 'https://example.org/', events: ['everything'] }, { 'Idempotency-Key': 'odd' });
  assert.ok(odd.body.error.fields.events);
  const receiver = await listened(['accepted']);
  const other = await Partner.make(house.server, admin);
  assert.equal((await other.send('DELETE', `/api/v1/webhooks/${receiver.hook}`, undefined, { 'Idempotency-Key': 'x' })).status, 404);
  assert.equal((await other.send('GET', '/api/v1/webhooks')).body.webhooks.length, 0);
  await house.server.restart({ webhook_allow: '10.0.0.0/8' });
  admin = await house.sit('admin');
  await submitted();
  const dead = await until('it is not even connected to', async () => (await deadOf(receiver.hook))[0], { ms: 30_000 });
  assert.match(dead.fault, /不允许连接/);
  assert.equal(receiver.heard.length, 0);
  await stop(receiver);
});
