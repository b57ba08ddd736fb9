// hotlined train on a history in a real database: too little of it, a first model, a worse one, going back, and the
// running server that takes each without a restart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, refused } from '../support/client.mjs';
import { BEGAN, closedTickets, codes, DAY, SAID } from '../support/history.mjs';
import { runBinary, Server } from '../support/server.mjs';
import { REGION } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

let server;
let admin;
let agent;
let supervisor;

before(async () => {
  server = await Server.start();
  admin = await Client.sit(server, 'admin');
  agent = await Client.sit(server, '1001');
  await agent.follow(['mine']);
  supervisor = await Client.sit(server, 'duban');
});
after(async () => {
  for (const client of [admin, agent, supervisor]) client?.socket.terminate();
  await server?.stop();
});

const train = (...words) => runBinary(['train', ...words, '--config', server.config]);
const version = async () => Number(/^hotline_model_version (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())[1]);
const taken = (number) => until(`the server dispatches by version ${number}`, async () => (await version()) === number);
const models = () => server.services.rows('select version, in_force from model order by version');

const history = (...words) => closedTickets(server, ...words);

/** A caller's own words about a matter, in a sentence that no history holds, and what became of it. */
async function told(code, n, more = {}) {
  const { id } = await agent.do('ticket.submit', { kind: 3, region: REGION, title: '来电求助', phone: '13900000000',
    body: `您好，${SAID[code]}。这是第${n}回来电，家住${n}号楼，麻烦登记。`, ...more });
  await agent.card(id, (card) => [30, 35].includes(card.state));
  const ticket = await supervisor.ask('ticket.get', { id });
  return { ...ticket, how: ticket.events.find((event) => ['dispatch', 'pool'].includes(event.action)) };
}

/** The unit that answers for a matter here: who is proposed when an agent chose the matter himself. */
const unitOf = async (code) => (await agent.ask('intake.suggest', { matter: code, region: REGION })).dept;

test('a fresh installation says how many tickets it needs, and dispatches by the catalogue', async () => {
  const ended = await train();
  assert.equal(ended.code, 4);
  assert.match(ended.err, /只有 0 件，至少需要 500 件/);
  assert.equal(await version(), 0);
  assert.deepEqual(await admin.ask('model.list', {}), { models: [], changes: [], confirmed: 0 });
  assert.match((await train('list')).out, /还没有模型/);
});

test('while no model is in force, words that the catalogue does not know seldom find their unit', async () => {
  let right = 0;
  for (const code of codes) {
    const ticket = await told(code, 501);
    right += ticket.state === 35 && ticket.dept === (await unitOf(code));
    assert.equal(ticket.how.detail.model, undefined);
  }
  assert.ok(right <= 2, `${right} of 5`);
});

test('only what was confirmed counts', async () => {
  await history(0, 3);
  await history(1, 3, undefined, { action: 'withdraw', edge: '35, 60' });
  await history(2, 3, undefined, { action: 'answer', edge: '30, 60' });
  await history(3, 3, undefined, { elsewhere: true });
  await history(4, 3, undefined, { master: '(select min(ticket) from ticket)' });
  await history(5, 3, undefined, { state: 60 });
  assert.equal((await admin.ask('model.list', {})).confirmed, 3);
});

test('the first model beats the catalogue, is installed, and the running server takes it', async () => {
  await history(10, 600);
  const only = await train('--report');
  assert.equal(only.code, 0, only.err);
  assert.deepEqual(await models(), []);
  const ended = await train();
  assert.equal(ended.code, 0, ended.err);
  assert.match(ended.out, /目录用词.*\n.*新模型 +正确率 1\.0000/);
  assert.match(ended.out, /已启用模型第 1 版/);
  await taken(1);
  const { models: [model], changes } = await admin.ask('model.list', {});
  assert.equal(model.in_force, true);
  assert.equal(model.figures.judged, 100);
  assert.equal(model.figures.learned, 503);
  assert.equal(model.figures.choosers.at(-1).accuracy, 1);
  assert.ok(model.figures.choosers.find((one) => one.chooser === 'words').accuracy < 0.9);
  assert.deepEqual(changes.map(({ was, now }) => [was, now]), [[null, 1]]);
});

test('what nobody learned from goes by the model through the real server, and each event says so', async () => {
  let right = 0;
  for (let n = 0; n < 40; n++) {
    const code = codes[n % codes.length];
    const ticket = await told(code, 600 + n);
    right += ticket.state === 35 && ticket.dept === (await unitOf(code));
    assert.equal(ticket.how.detail.model, 1, JSON.stringify(ticket.how));
  }
  assert.ok(right >= 38, `${right} of 40 held-out tickets reached the unit of their matter`);
});

test('an absent unit is passed over for its stand-in, also when the model chose it', async () => {
  const [code] = codes;
  const unit = await unitOf(code);
  const standIn = await unitOf('0305');
  assert.notEqual(unit, standIn);
  const day = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
  await supervisor.do('dispatch.absent', { dept: unit, stand_in: standIn, from: day, until: day, reason: '防汛抽调' });
  await until('the stand-in is proposed', async () =>
    (await agent.ask('intake.suggest', { body: SAID[code], region: REGION })).dept === standIn);
  const ticket = await told(code, 700);
  assert.equal(ticket.dept, standIn);
  assert.match(ticket.how.note, /不在岗（防汛抽调），由.*代办/);
  assert.equal(ticket.how.detail.model, 1);
  const { absences } = await supervisor.ask('dispatch.rules');
  await supervisor.do('dispatch.present', { absence: absences[0].absence, reason: '回岗' });
  await until('the unit is back', async () =>
    (await agent.ask('intake.suggest', { body: SAID[code], region: REGION })).dept === unit);
});

test('a loaded unit keeps what is its duty, and its queue is told as a reason', async () => {
  const code = codes[3];
  const unit = await unitOf(code);
  const open = await server.services.value(`select count(*)::int from ticket where dept = ${unit} and state < 80`);
  assert.ok(open >= 8, `${open} stand there`);
  const book = await supervisor.ask('dispatch.rules');
  const content = { ...book.content, desks: [{ unit, most: open - 1 }] };
  const { rev } = await supervisor.do('dispatch.draft', { rev: 0, content: JSON.stringify(content) });
  await supervisor.ask('dispatch.try');
  await until('the trial is over', async () => !(await supervisor.ask('dispatch.trial')).running);
  await supervisor.do('dispatch.enforce', { rev, reason: '限量试行' });
  await until('the queue is known', async () =>
    (await agent.ask('intake.suggest', { body: SAID[code], region: REGION })).reasons.some((one) => one.includes('在办')));
  const ticket = await told(code, 800);
  assert.equal(ticket.dept, unit, 'who is responsible stands in the law');
  assert.match(ticket.how.note, new RegExp(`该单位在办 \\d+ 件，已达 ${open - 1} 件（职责不因此改变）`));
});

test('training counts practice anew, and practice then speaks before the catalogue', async () => {
  const code = codes[4];
  await server.services.psql(`update ticket set ended = 'rate' where number like 'T%'; delete from practice`);
  assert.equal((await train('--report')).code, 0);
  assert.equal(await server.services.value('select count(*)::int from practice'), 0, 'a report changes nothing');
  const ended = await train();
  assert.equal(ended.code, 0, ended.err);
  const handled = await server.services.value(`select handled from practice where matter = '${code}' and region = '${REGION}'`);
  assert.ok(handled >= 100, `${handled} of this matter were handled`);
  await until('practice is told', async () => (await agent.ask('intake.suggest', { matter: code, region: REGION }))
    .reasons.some((one) => one.includes(`本县区近一年同类 ${handled} 件均由`)));
});

test('a model is not judged by what the one in force has learned', async () => {
  await taken(2);
  await server.services.psql(`update model set learned_until = ${BEGAN + 1000 * DAY} where version = 2`);
  const early = await train();
  assert.equal(early.code, 4);
  assert.match(early.err, /没有学过的已确认工单只有 0 件，至少需要 100 件/);
  await server.services.psql(`update model set learned_until = ${BEGAN + 60 * DAY} where version = 2`);
});

test('a worse model is refused, and the one in force stays', async () => {
  // A month of wrong matters, then a clean one by which both are judged.
  await history(100, 1200, (n) => codes[(n + 1) % codes.length]);
  await history(300, 140);
  const ended = await train();
  assert.equal(ended.code, 3, ended.out + ended.err);
  assert.match(ended.err, /新模型不如现行模型，没有启用/);
  assert.deepEqual(await models(), [{ version: 1, in_force: false }, { version: 2, in_force: true }]);
  assert.equal(await version(), 2);
});

test('going back from the terminal and from the console, also while Redis is away', async () => {
  const unknown = await train('rollback', '9', '试试');
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /没有模型第 9 版/);
  assert.equal((await train('rollback', '1', '第二版派错')).code, 0);
  await taken(1);
  assert.match((await train('list')).out, /^ {2}第 2 版.*\n\* 第 1 版/m);
  assert.deepEqual(await admin.do('model.rollback', { version: 2, reason: '再试第二版' }), {});
  await taken(2);
  const same = await refused(admin.do('model.rollback', { version: 2, reason: '再按一次' }), 'rule');
  assert.match(same.sentence, /这一版正在使用/);
  await refused(admin.do('model.rollback', { version: 77, reason: '没有的' }), 'not_found');
  await server.services.redis('flushall');
  assert.equal((await train('rollback', '0', '停用')).code, 0);
  await taken(0);
  const { changes } = await admin.ask('model.list', {});
  assert.deepEqual(changes.map(({ was, now }) => [was, now]), [[2, null], [1, 2], [2, 1], [1, 2], [null, 1]]);
});

test('a server that starts takes the model in force, and one that cannot be read does not stop it', async () => {
  assert.equal((await train('rollback', '1', '重新启用')).code, 0);
  await taken(1);
  await server.restart();
  assert.equal(await version(), 1);
  await server.services.psql(`update model set bytes = substr(bytes, 1, 1000) where version = 2`);
  assert.equal((await train('rollback', '2', '损坏的')).code, 0);
  await taken(2);
  await until('the log tells that it cannot be read', () => /version 2 cannot be read, the catalogue's words dispatch/.test(server.log));
});

test('files are learned from without a database, and what is wrong with them is told', async () => {
  const none = await train('--from', '/nowhere.csv', '--test', '/nowhere.csv');
  assert.equal(none.code, 1);
  assert.match(none.err, /\/nowhere\.csv 读不了/);
  assert.equal((await train('--from', 'x')).code, 2);
  assert.equal((await train('--install')).code, 2);
});
