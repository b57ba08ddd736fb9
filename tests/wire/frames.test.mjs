// What comes in: every kind of bad frame and bad parameter gets a clear answer, and the link lives on.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { commands } from '../support/law.mjs';
import { CALLER_PHONE, pothole } from '../support/tickets.mjs';

const house = openHouse();
let agent;
let handler;
let supervisor;

before(async () => {
  agent = await house.sit('1001', ['mine', 'callback']);
  handler = await house.sit('zhujian1', ['dept']);
  supervisor = await house.sit('duban');
});

/** Send text as it is; the answer whatever its id. */
async function raw(text) {
  agent.send(text);
  return agent.strays.take(`an answer to ${text.slice(0, 60)}`);
}

async function rawRefused(text, code) {
  const answer = await raw(text);
  assert.equal(answer.jsonrpc, '2.0');
  assert.equal(answer.error?.code, code, `${text.slice(0, 80)} → ${JSON.stringify(answer)}`);
  assert.ok(answer.error.message.length > 2);
  assert.equal(answer.error.data.retry, false);
  return answer;
}

test('what is no JSON is a parse error and the link lives on', async () => {
  for (const text of ['', '{', 'hello', '{"jsonrpc":"2.0","id":1,"method":"ticket.get"', '{"a":1,"a":2}', '[1,2', '\u0000', '{} {}', '{"a":"\\u0000"}', '{"a":"\\ud800"}'])
    assert.equal((await rawRefused(text, -32700)).id, null);
  assert.ok((await agent.ask('session.hello')).account);
});

test('deep nesting is refused before it is read', async () => {
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  await rawRefused(deep, -32700);
  await rawRefused('{"a":'.repeat(9) + '1' + '}'.repeat(9), -32700);
  assert.ok((await agent.ask('session.hello')).account);
});

test('what is no JSON-RPC 2.0 request is a bad request', async () => {
  const wrong = [
    '[]',
    '[{"jsonrpc":"2.0","id":"x","method":"session.hello"}]',
    '1',
    'null',
    '"text"',
    '{}',
    '{"id":"x","method":"session.hello"}',
    '{"jsonrpc":"1.0","id":"x","method":"session.hello"}',
    '{"jsonrpc":"2.0","id":"x"}',
    '{"jsonrpc":"2.0","id":"x","method":7}',
    '{"jsonrpc":"2.0","id":{"a":1},"method":"session.hello"}',
    '{"jsonrpc":"2.0","id":1.5,"method":"session.hello"}',
    '{"jsonrpc":"2.0","id":"x","method":"session.hello","params":"no"}',
  ];
  for (const text of wrong) await rawRefused(text, -32600);
});

test('an unknown method is said to be unknown, with its id', async () => {
  for (const method of ['ticket.burn', '', 'x'.repeat(5000), 'ticket.submit ', 'TICKET.SUBMIT', '__proto__']) {
    const answer = await rawRefused(JSON.stringify({ jsonrpc: '2.0', id: 'mine', method }), -32601);
    assert.equal(answer.id, 'mine');
  }
});

test('positional parameters are refused as bad parameters', async () => {
  await rawRefused('{"jsonrpc":"2.0","id":"x","method":"ticket.get","params":[1]}', -32602);
});

test('ids of every allowed kind come back as they were', async () => {
  for (const id of ['a', '', '汉字', 0, -5, 9007199254740991]) {
    agent.send({ jsonrpc: '2.0', id, method: 'session.hello' });
    const answer = await agent.strays.take('the answer', (message) => message.id === id);
    assert.equal(answer.result.account, agent.me.account);
  }
});

test('a notification is not answered, and writes nothing', async () => {
  const ticket = pothole();
  agent.send({ jsonrpc: '2.0', method: 'session.hello' });
  agent.send({ jsonrpc: '2.0', method: 'ticket.submit', params: { ...ticket, request: randomUUID() } });
  const answer = await agent.strays.take('the refusal of the write');
  assert.equal(answer.id, null);
  assert.equal(answer.error.code, -32600);
  const { open } = await agent.ask('caller.history', { phone: ticket.phone });
  assert.deepEqual(open, []);
  assert.deepEqual(agent.strays.drain(), []);
});

test('a write without a UUID of its own is refused', async () => {
  for (const request of [undefined, '', 'x', 7, randomUUID().slice(1), `${randomUUID()}0`, null]) {
    const refusal = await refused(agent.ask('ticket.submit', { ...pothole(), request }), 'bad_params');
    assert.match(refusal.data.fields.request, /UUID/);
  }
});

const seen = { ver: 1, state: 35, kind: 3, urgency: 0, matter: null };
const long = (count) => '长'.repeat(count);
const ticket = pothole();

// desk, command, right parameters, then for each field values that are wrong.
const TABLE = [
  ['agent', 'ticket.submit', ticket, {
    kind: [undefined, null, 0, 7, '3', 3.5, true, [], 1e18],
    urgency: [3, -1, '1', 1.5, {}],
    secrecy: [3, -1, '0'],
    matter: ['9999', '汉字', '012345678', 5, "'; drop table ticket; --"],
    theme: [0, 100, 99, '1'],
    region: [undefined, '', '999999', '232761100', '2327-61x', 232761],
    town: ['232701100', 'nowhere'],
    place: [long(201), 7],
    title: [undefined, '', '   ', '\u3000\u3000', long(61), 5, 'a\u0007b'],
    body: [undefined, '', long(4001), ['x'], '\u001b[31m'],
    phone: ['12', 'abc', '1'.repeat(16), Number(`${CALLER_PHONE}0000`), '138456７890x'],
    name: [long(41), 5],
    id_no: ['1'.repeat(21), '身份证', 5],
    call: ['no-such-call', long(81)],
    unheard_of: [1, 'x', null],
  }],
  ['agent', 'ticket.get', { id: 1 }, { id: [undefined, 0, -1, 1.5, '1', null, 2 ** 31, 2 ** 53, true] }],
  ['agent', 'ticket.find', { number: '000001' }, { number: [undefined, '', '1'.repeat(19), '汉', 5] }],
  ['agent', 'ticket.list', { view: 'mine' }, {
    view: [undefined, 'all', '', 5], limit: [0, 201, '5'], state: [-1, 100], dept: [0, 'x'],
    region: ['汉', 'x'.repeat(13)], after: [long(61)] }],
  ['handler', 'ticket.sign', { id: 1, seen }, {
    seen: [undefined, null, {}, [], 'x', { ...seen, ver: 0 }, { ...seen, state: 100 }, { ...seen, kind: 7 },
      { ...seen, urgency: 3 }, { ...seen, more: 1 }, { ver: 1, state: 35, kind: 3 }, { ...seen, ver: '1' }, { ...seen, matter: 5 },
      { ...seen, matter: undefined }] }],
  ['handler', 'ticket.finish', { id: 1, seen, text: '好', solved: true }, {
    text: [undefined, '', long(4001)], solved: [undefined, 1, 'true', null], fact: [0, 5, 'x'],
    answers: [[], 'x', [''], [long(2001)], Array(11).fill('好'), [1]] }],
  ['agent', 'ticket.notify', { id: 1, seen: { ...seen, state: 55 }, way: 'sms', text: '好' }, {
    way: [undefined, 'fax', 1, ''], text: [undefined, long(2001)] }],
  ['agent', 'ticket.rate', { id: 1, seen: { ...seen, state: 60 }, grade: 5, solved: true }, {
    grade: [undefined, 0, 6, '5', 4.5], solved: [undefined, 'no'], reason: [long(401)], comment: [long(1001)] }],
  ['supervisor', 'ticket.assign', { id: 1, seen: { ...seen, state: 30 }, dept: 2402, reason: '核实' }, {
    dept: [undefined, 0, 'x'], reason: [undefined, '', long(401)], assists: [[], [0], ['x'], [1, 1], [1, 2, 3, 4, 5, 6]] }],
  ['handler', 'ticket.ask_pause', { id: 1, seen: { ...seen, state: 40 }, cause: 1, until: '2026-12-01', reason: '冬季' }, {
    cause: [undefined, 0, 7, 'x'], until: [undefined, '2026-02-30', '20261201', 5] }],
  ['agent', 'seat.set', { state: 'busy' }, { state: [undefined, 'offline', 'talking', 2], reason: [long(41)] }],
  ['agent', 'feed.open', { topics: ['mine'] }, { topics: [undefined, 'mine', ['mine', 'mine'], ['moon'], [1], {}] }],
  ['agent', 'caller.history', { phone: ticket.phone }, { phone: [undefined, '', 'x', 5] }],
];

const writes = new Set(commands().filter((row) => row.lane === 'WRITE').map((row) => row.name));

for (const [role, method, right, fields] of TABLE)
  test(`${method} names each field that is wrong`, async () => {
    const desk = { agent, handler, supervisor }[role];
    for (const [field, values] of Object.entries(fields))
      for (const value of values) {
        const params = { ...right, [field]: value };
        const asked = writes.has(method) ? desk.do(method, params) : desk.ask(method, params);
        const refusal = await refused(asked, 'bad_params').catch((error) => {
          throw new Error(`${method} ${field} = ${JSON.stringify(value)?.slice(0, 60)}: ${error.message}`);
        });
        assert.deepEqual(Object.keys(refusal.data.fields), [field], `${field} = ${JSON.stringify(value)?.slice(0, 60)}`);
        assert.ok(refusal.data.fields[field].length >= 2);
      }
  });

test('all that is wrong is said at once', async () => {
  const refusal = await refused(
    agent.do('ticket.submit', { kind: 9, region: '232761', title: '', body: '正文', phone: 'x' }), 'bad_params');
  assert.deepEqual(Object.keys(refusal.data.fields).sort(), ['kind', 'phone', 'title']);
});

test('blank optional fields are the same as none', async () => {
  const card = await agent.do('ticket.submit', pothole({ place: '', town: null, name: '  ', matter: '', id_no: null }));
  assert.equal(card.place, '');
  assert.equal(card.town, null);
});

test('text is kept as it was said, to the last character', async () => {
  const body = '“引号”\'单\' \\反斜杠\\ {json} [1] <b>&amp;</b>\n第二行\t𠮷😀 end';
  const card = await agent.do('ticket.submit', pothole({ title: `标题 <script> "x" '--`, body }));
  const full = await agent.ask('ticket.get', { id: card.id });
  assert.equal(full.body, body);
  assert.equal(full.title, `标题 <script> "x" '--`);
});

test('lengths are counted in characters, not bytes', async () => {
  const card = await agent.do('ticket.submit', pothole({ title: long(60), body: '𠮷'.repeat(4000) }));
  assert.equal(card.title.length, 60);
});

test('phone numbers are one number however they are written', async () => {
  const phone = `${CALLER_PHONE}9999`;
  const spaced = `+86 ${phone.slice(0, 3)}-${phone.slice(3, 7)} ${phone.slice(7)}`;
  const card = await agent.do('ticket.submit', pothole({ phone: spaced }));
  const { open } = await agent.ask('caller.history', { phone });
  assert.deepEqual(open.map((row) => row.id), [card.id]);
});
