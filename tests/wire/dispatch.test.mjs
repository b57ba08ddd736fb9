// 分派规则 over the wire: proposals while typing, a draft tried and put into force without a restart in every
// process, co-handlers in the same move, absences, candidates of the pool.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, login, refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { Beside } from '../support/process.mjs';
import { HEATING, HOUSING, REGION, coldRoom, pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const POLICE = 2412;
const GOVERNMENT = 2401;
const house = openHouse();
let agent;
let supervisor;
let second; // another process beside the first
let elsewhere; // and a supervisor's console there

before(async () => {
  await house.opened;
  agent = await house.sit('1001', ['mine']);
  supervisor = await house.sit('duban');
  second = await Beside.start(house.server, 'console,dispatch');
  const { cookie } = await login(house.server, 'duban2');
  elsewhere = await Client.connect(second, cookie);
  await elsewhere.hello();
});
after(() => second?.end());

const rules = (desk = supervisor) => desk.ask('dispatch.rules');
const full = (id) => supervisor.ask('ticket.get', { id });
const dispatchOf = (ticket) => ticket.events.find((event) => ['dispatch', 'pool'].includes(event.action));

async function draft(change) {
  const book = await rules();
  const content = structuredClone(book.draft?.content ?? book.content);
  change(content);
  return supervisor.do('dispatch.draft', { rev: book.draft?.rev ?? 0, content: JSON.stringify(content) });
}

async function tried() {
  await supervisor.ask('dispatch.try');
  await until('the trial is over', async () => !(await supervisor.ask('dispatch.trial')).running);
  const book = await rules();
  assert.equal(book.draft.tried_rev, book.draft.rev);
  return book.draft.tried;
}

/** Put a change into force; the number of the new version. */
async function enforced(change, reason = '试行') {
  const { rev } = await draft(change);
  await tried();
  return (await supervisor.do('dispatch.enforce', { rev, reason })).version;
}

const rule = (more) => ({ id: 1, name: '夜间施工归公安', any: '夜间施工', ...more });

test('what is typed is answered with matters, units, and reasons', async () => {
  const blank = await agent.ask('intake.suggest');
  assert.deepEqual([blank.matter, blank.dept, blank.band], [null, null, 'pool']);
  const unplaced = await agent.ask('intake.suggest', { body: '路口井盖缺失，路灯不亮' });
  assert.equal(unplaced.matter, '0305');
  assert.equal(unplaced.dept, null, 'no unit before the place is known');
  const found = await agent.ask('intake.suggest', { body: '路口井盖缺失，路灯不亮', region: REGION, kind: 3 });
  assert.deepEqual([found.matter, found.dept, found.band, found.level], ['0305', HOUSING, 'straight', 0]);
  assert.ok(found.sure >= 60 && found.reasons.some((words) => words.includes('“井盖缺失”')), found.reasons.join());
  assert.equal(found.candidates[0].dept, HOUSING);
  const chosen = await agent.ask('intake.suggest', { body: '屋里冷', region: REGION, matter: '0101' });
  assert.deepEqual([chosen.dept, chosen.sure, chosen.cos], [HEATING, 100, []]);
  assert.deepEqual(chosen.proposed, [HOUSING], 'the bureau may be asked to help');
  await refused(supervisor.ask('intake.suggest', { body: 'x' }), 'not_allowed');
});

test('what was offered and whether it was taken stays with the ticket', async () => {
  const offer = { offered: '0305', offered_dept: HOUSING, offered_sure: 88 };
  const taken = await agent.do('ticket.submit', pothole(offer));
  const other = await agent.do('ticket.submit', coldRoom(offer));
  const offered = async ({ id }) => (await full(id)).events.find((event) => event.action === 'submit').detail.offered;
  assert.deepEqual(await offered(taken), { matter: '0305', dept: HOUSING, sure: 88, taken: true });
  assert.equal((await offered(other)).taken, false);
});

test('a draft that was not tried cannot take effect, unless only notes were changed', async () => {
  const bad = (change, words) => draft(change).then(() => assert.fail('was taken'), (error) => {
    assert.equal(error.name, 'bad_params');
    assert.match(error.data.fields.content, words);
  });
  await bad((copy) => copy.rules.push(rule({})), /没有写明怎么办/);
  await bad((copy) => copy.rules.push(rule({ any: '', unit: POLICE })), /至少要有一个条件/);
  await bad((copy) => copy.rules.push(rule({ unit: 999 })), /没有承办单位 999/);
  await bad((copy) => copy.rules.push(rule({ unit: POLICE, pool: true })), /只能选一个/);
  await bad((copy) => Object.assign(copy, { suggest: 90 }), /不能高于/);
  await bad((copy) => Object.assign(copy, { straight: 0 }), /1 到 100/);
  const { rev } = await draft((copy) => copy.rules.push(rule({ unit: POLICE })));
  await refused(supervisor.do('dispatch.enforce', { rev, reason: '试行' }), 'rule');
  await refused(supervisor.do('dispatch.draft', { rev: rev + 5, content: '{}' }), 'bad_params');
  const found = await tried();
  assert.ok(found.tickets >= 2 && found.moves === 0 && found.against === 1, JSON.stringify(found));
  // A note is no reason to try again.
  const noted = await draft((copy) => (copy.rules[0].note = '待法制办确认'));
  const { version } = await supervisor.do('dispatch.enforce', { rev: noted.rev, reason: '夜间施工由公安牵头' });
  assert.equal(version, 2);
  const book = await rules();
  assert.deepEqual([book.version, book.draft, book.versions[0].who, book.versions[0].reason],
    [2, null, '韩松柏', '夜间施工由公安牵头']);
});

test('a version takes effect in every process without a restart, and each event names it', async () => {
  const night = { title: '夜间施工扰民', body: '楼下工地夜间施工，十二点还在打桩。' };
  for (const desk of [agent, elsewhere])
    await until('the process decides by version 2', async () => {
      if (desk === elsewhere) return (await rules(desk)).version === 2 && second.log.includes('dispatch rules version 2');
      return (await desk.ask('intake.suggest', { ...night, region: REGION })).dept === POLICE;
    });
  const { id } = await submitted(agent, pothole({ ...night, matter: undefined }));
  const ticket = await full(id);
  const { detail, note } = dispatchOf(ticket);
  assert.deepEqual([ticket.dept, detail.rules, detail.by_rule, detail.band], [POLICE, 2, 1, 'straight']);
  assert.match(note, /按分派规则第2版第1条“夜间施工归公安”（文中“夜间施工”）由.*公安局承办/);
});

test('a trial tells how many would have gone elsewhere, and how often that agrees with who handled them', async () => {
  await draft((copy) => copy.rules.push({ id: 2, name: '井盖归政府', matter: '0305', unit: GOVERNMENT }));
  const found = await tried();
  const lids = found.moved.filter((one) => one.dept === GOVERNMENT);
  assert.ok(lids.length >= 1 && lids.every((one) => one.was === HOUSING && one.handled === HOUSING && one.why.includes('第2条')));
  assert.equal(found.moves, found.moved.length);
  assert.equal(found.right_now - found.right_draft, lids.length);
  const { rev } = (await rules()).draft;
  await supervisor.do('dispatch.drop', { rev });
  assert.equal((await rules()).draft, null);
});

test('going back is a new version with an earlier content, at once', async () => {
  const { version } = await supervisor.do('dispatch.rollback', { version: 1, reason: '公安有异议' });
  assert.equal(version, 3);
  await refused(supervisor.do('dispatch.rollback', { version: 3, reason: 'x' }), 'rule');
  await until('the rules of version 1 decide again', async () =>
    (await agent.ask('intake.suggest', { body: '夜间施工', region: REGION })).version === 3);
  const book = await rules();
  assert.deepEqual([book.content.rules, book.versions.map((one) => one.version)], [[], [3, 2, 1]]);
  assert.equal((await supervisor.ask('dispatch.version', { version: 2 })).content.rules[0].unit, POLICE);
});

test('co-handlers get their 承办单 in the same move', async () => {
  await enforced((copy) => copy.rules.push({ id: 1, name: '井盖请公安协助', matter: '0305', cos: [POLICE, HOUSING] }));
  await until('the new version decides', async () =>
    (await agent.ask('intake.suggest', { matter: '0305', region: REGION })).cos.length === 1);
  const { id } = await submitted(agent);
  const ticket = await full(id);
  assert.deepEqual([ticket.dept, ticket.parts.map((part) => part.dept)], [HOUSING, [POLICE]], 'not to the lead itself');
  assert.deepEqual(dispatchOf(ticket).detail.assists, [POLICE]);
  assert.ok(ticket.parts[0].due > ticket.accepted);
});

test('while a unit is absent another stands in, and back it is responsible again', async () => {
  const day = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
  const away = { dept: HEATING, stand_in: HOUSING, from: day, until: day, reason: '搬迁' };
  await refused(supervisor.do('dispatch.absent', { ...away, stand_in: HEATING }), 'bad_params');
  await supervisor.do('dispatch.absent', away);
  await refused(supervisor.do('dispatch.absent', away), 'bad_params');
  const asked = () => agent.ask('intake.suggest', { matter: '0101', region: REGION });
  await until('the stand-in is proposed', async () => (await asked()).dept === HOUSING);
  assert.match((await asked()).reasons.join(), /不在岗（搬迁），由.*代办/);
  assert.equal((await submitted(agent, coldRoom())).dept, HOUSING);
  const { absences } = await rules();
  await supervisor.do('dispatch.present', { absence: absences[0].absence, reason: '提前回岗' });
  await until('the unit is back', async () => (await asked()).dept === HEATING);
});

test('what is not sure goes to the pool with its candidates, which the dispatcher is offered', async () => {
  const { id } = await agent.do('ticket.submit', pothole({ matter: undefined, title: '暖气不热', body: '电梯停运，暖气不热' }));
  const pooled = await agent.card(id, (b) => b.state === 30);
  const { detail } = dispatchOf(await full(id));
  assert.ok(detail.band !== 'straight' && detail.candidates.length >= 2 && detail.candidates[0].why, JSON.stringify(detail));
  const now = await supervisor.ask('dispatch.candidates', { id });
  assert.deepEqual(now.candidates.map((one) => one.dept), detail.candidates.map((one) => one.dept));
  const sent = await supervisor.move('assign', pooled, { dept: now.candidates[0].dept, reason: now.candidates[0].why });
  assert.equal(sent.state, 35);
});

test('only supervisors of the prefecture change the rules; who supervises a county reads them', async () => {
  const county = await house.sit('mohe');
  const book = await rules(county);
  assert.equal(book.mayEdit, false);
  await refused(county.do('dispatch.draft', { rev: 0, content: JSON.stringify(book.content) }), 'not_allowed');
  await refused(county.do('dispatch.rollback', { version: 1, reason: 'x' }), 'not_allowed');
  await refused(agent.ask('dispatch.rules'), 'not_allowed');
});

test('practice is counted from what was really handled, and then decides', async () => {
  await house.server.services.psql(`insert into practice (matter, region, dept, handled) values ('0306', '${REGION}', ${GOVERNMENT}, 12);`);
  await supervisor.do('dispatch.rollback', { version: 1, reason: '重读' });
  await until('practice decides', async () =>
    (await agent.ask('intake.suggest', { matter: '0306', region: REGION })).dept === GOVERNMENT);
  assert.match((await agent.ask('intake.suggest', { matter: '0306', region: REGION })).reasons.join(), /近一年同类 12 件均由.*办理/);
});
