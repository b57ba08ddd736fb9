// Who called stays private: sealed at rest, masked on the desks, shown on demand and on record.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { CALLER_NAME, newPhone, pothole, submitted, walked } from '../support/tickets.mjs';

const house = openHouse();
const desks = {};
const ID_NO = '232700198001011234';

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all']);
});

const MASKED = { phone: /^138\*+\d{4}$/, name: /^诸\*+$/, id: /^2327\*+1234$/ };

test('desks see masks, never the number, the name or the ID', async () => {
  const card = await submitted(desks.agent, pothole({ id_no: ID_NO }));
  for (const desk of Object.values(desks)) {
    const full = await desk.ask('ticket.get', { id: card.id });
    assert.match(full.phone_mask, MASKED.phone);
    assert.match(full.name_mask, MASKED.name);
    assert.match(full.id_mask, MASKED.id);
  }
  for (const desk of Object.values(desks))
    assert.ok(!desk.frames.some((frame) => frame.includes(ID_NO)), desk.me.login);
  assert.ok(!(await house.server.services.dump()).includes(ID_NO));
});

test('who looks at the contact gets it, and the timeline says who and why', async () => {
  for (const desk of Object.values(desks)) {
    const ticket = pothole({ id_no: ID_NO.replace('1234', '123x') });
    const card = await submitted(desks.agent, ticket);
    const seen = await desk.move('reveal', card, { reason: '上门前需电话联系' });
    assert.equal(seen.phone, ticket.phone);
    assert.equal(seen.name, CALLER_NAME);
    assert.equal(seen.id_no, ID_NO.replace('1234', '123X'));
    assert.equal(seen.card.ver, card.ver + 1);
    assert.equal(seen.card.state, card.state);
    assert.equal(seen.card.due, card.due, 'looking moves no deadline');
    const full = await desks.supervisor.ask('ticket.get', { id: card.id });
    const look = full.events.at(-1);
    assert.deepEqual([look.action, look.who, look.note], ['reveal', desk.me.name, '上门前需电话联系']);
  }
});

test('nobody looks without a reason, and an admin not at all', async () => {
  const card = await submitted(desks.agent);
  await refused(desks.handler.move('reveal', card), 'bad_params');
  await refused(desks.handler.move('reveal', card, { reason: '  ' }), 'bad_params');
  const admin = await house.sit('admin');
  await refused(admin.move('reveal', card, { reason: '检查' }), 'not_allowed');
});

for (const secrecy of [1, 2])
  test(`a handler cannot learn who called when the caller asked for secrecy ${secrecy}`, async () => {
    const card = await submitted(desks.agent, pothole({ secrecy }));
    const full = await desks.handler.ask('ticket.get', { id: card.id });
    assert.deepEqual([full.phone_mask, full.name_mask, full.id_mask], ['保密', '保密', '保密']);
    const refusal = await refused(desks.handler.move('reveal', card, { reason: '需要联系' }), 'not_allowed');
    assert.match(refusal.sentence, /保密/);
    const signed = await desks.handler.move('sign', card);
    await refused(desks.handler.move('reveal', signed, { reason: '需要联系' }), 'not_allowed');
    const seen = await desks.supervisor.move('reveal', signed, { reason: '核实举报' });
    assert.ok(seen.phone);
  });

test('a caller is found again by the number, with open and past tickets', async () => {
  const phone = newPhone();
  const open = await submitted(desks.agent, pothole({ phone }));
  const past = await walked(desks, await submitted(desks.agent, pothole({ phone })), 80);
  const history = await desks.agent.ask('caller.history', { phone });
  assert.deepEqual(history.open.map((card) => card.id), [open.id]);
  assert.deepEqual(history.past.map((card) => card.id), [past.id]);
  assert.deepEqual(await desks.agent.ask('caller.history', { phone: newPhone() }), { open: [], past: [] });
});

test('the same number is sealed differently each time', async () => {
  const phone = newPhone();
  for (let i = 0; i < 2; i++) await desks.agent.do('ticket.submit', pothole({ phone }));
  const rows = await house.server.services.rows(
    `select phone, phone_index from contact order by ticket desc limit 2`);
  assert.notEqual(rows[0].phone, rows[1].phone);
  assert.equal(rows[0].phone_index, rows[1].phone_index);
  assert.match(rows[0].phone, /^1:/);
});

test('a sealed number that was tampered with is not shown', async () => {
  const card = await submitted(desks.agent);
  const { phone } = (await house.server.services.rows(`select phone from contact where ticket = ${card.id}`))[0];
  const put = (text) => house.server.services.psql(`update contact set phone = '${text}' where ticket = ${card.id};`);
  const flipped = phone.slice(0, 12) + (phone[12] === 'A' ? 'B' : 'A') + phone.slice(13);
  await put(flipped);
  await refused(desks.agent.move('reveal', card, { reason: '联系' }), 'internal');
  await put(phone);
});
