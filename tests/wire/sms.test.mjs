// The SMS gateway: messages are leased, sent and told, and never name anybody.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Citizen, Gateway, lamp } from '../support/citizen.mjs';
import { openHouse } from '../support/house.mjs';
import { unseenOperations } from '../support/openapi.mjs';
import { CALLER_NAME, newPhone, pothole, submitted } from '../support/tickets.mjs';

const house = openHouse();
let agent, handler, supervisor, gateway;

before(async () => {
  await house.opened;
  agent = await house.sit('1001', ['mine', 'callback']);
  handler = await house.sit('zhujian1', ['dept']);
  supervisor = await house.sit('duban', ['all']);
  gateway = new Gateway(house.server);
});

test('whoever submits is told number and code', async () => {
  const phone = newPhone();
  const proof = await new Citizen(house.server).submit(lamp({ phone }));
  const message = (await gateway.all()).find((m) => m.phone === phone);
  assert.ok(message.text.includes(proof.number) && message.text.includes(`查询码${proof.code}`));
  assert.ok(message.text.includes(`${house.server.url}/public`));
  assert.ok(!message.text.includes(CALLER_NAME));
});

test('a lease keeps others away, its end gives the message out again, done ends it', async () => {
  await gateway.done({ sent: (await gateway.all()).map((m) => m.message) });
  await house.server.services.psql(`update message set sent = 1 where sent is null`);
  for (let i = 0; i < 3; i++) await submitted(agent, pothole());
  const two = (await gateway.take(2)).body.messages;
  assert.equal(two.length, 2);
  const rest = await gateway.all();
  assert.equal(rest.length, 1, 'leased messages are not given out twice');
  assert.equal((await gateway.all()).length, 0);

  await house.server.services.psql(`update message set taken = taken - 120000 where message = ${two[0].message}`);
  assert.deepEqual((await gateway.all()).map((m) => m.message), [two[0].message]);

  const told = { sent: [two[0].message, two[1].message], failed: [{ message: rest[0].message, fault: '空号' }] };
  assert.deepEqual((await gateway.done(told)).body, { sent: 2, failed: 1 });
  assert.deepEqual((await gateway.done(told)).body, { sent: 0, failed: 0 }, 'told twice, the first word stands');
  assert.deepEqual((await gateway.done({ failed: [{ message: two[0].message, fault: '晚了' }] })).body, { sent: 0, failed: 0 });
  await house.server.services.psql(`update message set taken = 0 where taken is not null`);
  assert.equal((await gateway.all()).length, 0);
});

test('two gateways side by side never get the same message', async () => {
  for (let i = 0; i < 12; i++) await submitted(agent, pothole());
  const taken = (await Promise.all(Array.from({ length: 6 }, () => gateway.take(3)))).flatMap(({ body }) => body.messages);
  assert.equal(new Set(taken.map((m) => m.message)).size, taken.length);
  assert.equal(taken.length, 12);
});

test('of a ticket under 保密 nothing is told but its number', async () => {
  const phone = newPhone();
  let now = await submitted(agent, pothole({ phone, secrecy: 2, title: '举报偷排污水', body: '某厂夜间向河里偷排污水，气味刺鼻，请环保部门查处。' }));
  if (now.state === 30) now = await supervisor.move('assign', now, { dept: handler.me.dept, reason: '指定', matter: '0305' });
  now = await handler.move('sign', now);
  now = await handler.move('contact', now, { result: 'reached', text: '通过热线联系' });
  now = await handler.move('finish', now, { text: '已查处偷排的工厂', solved: true });
  now = await supervisor.move('pass', now);
  await agent.move('notify', now, { way: 'sms', text: '短信告知' });
  const messages = (await gateway.all()).filter((m) => m.phone === phone);
  assert.equal(messages.length, 2);
  for (const { text } of messages) {
    assert.ok(text.includes(now.number));
    assert.doesNotMatch(text, new RegExp(`偷排|工厂|${CALLER_NAME}`));
  }
  assert.match(messages[1].text, /#\/rate\/\d{18}\.1\.[0-9a-f]{32}$/);
});

test('without the key there is nothing to take', async () => {
  for (const key of ['', 'wrong', house.server.switchKey]) {
    assert.equal((await new Gateway(house.server, key).take(1)).status, 401);
    assert.equal((await new Gateway(house.server, key).done({ sent: [1] })).status, 401);
  }
  for (const body of [{ sent: ['1'] }, { sent: 1 }, { failed: [1] }, { failed: [{ message: 1 }] }, { sent: Array(501).fill(1) }])
    assert.equal((await gateway.done(body)).status, 400, JSON.stringify(body).slice(0, 40));
  assert.equal((await gateway.take(0)).status, 400);
  assert.equal((await gateway.take(501)).status, 400);
  assert.deepEqual(unseenOperations('sms'), []);
  await house.server.restart({ sms_key: '' });
  assert.equal((await gateway.take(1)).status, 404);
});
