// The citizen's door: number and code open a ticket, nothing else does, and nobody is named behind it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { Citizen, Gateway, lamp } from '../support/citizen.mjs';
import { Desks, application, get, list, move, openTasks, staff, workAll } from '../support/cases.mjs';
import { openHouse } from '../support/house.mjs';
import { unseenOperations } from '../support/openapi.mjs';
import { CALLER_NAME, CALLER_PHONE, REGION, newPhone, pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
let citizen, agent, handler, supervisor;

before(async () => {
  await house.opened;
  citizen = new Citizen(house.server);
  agent = await house.sit('1001', ['mine', 'callback']);
  handler = await house.sit('zhujian1', ['dept']);
  supervisor = await house.sit('duban', ['all']);
});

/** A ticket of a citizen at the housing bureau of 加格达奇区. */
async function assigned(more) {
  const proof = await citizen.submit(lamp(more));
  const card = await supervisor.event('ticket', (b) => b.number === proof.number && (b.state === 30 || b.state === 35));
  if (card.state === 35 && card.dept === handler.me.dept) return { proof, card };
  const pool = card.state === 35 ? await supervisor.move('recall', card, { reason: '改派' }) : card;
  return { proof, card: await supervisor.move('assign', pool, { dept: handler.me.dept, reason: '市政设施', matter: '0305' }) };
}

/** Through the unit and the hotline until the citizen may rate. */
async function told(card) {
  let now = card;
  if (now.state === 35) now = await handler.move('sign', now);
  now = await handler.move('contact', now, { result: 'reached', text: '已电话联系诉求人' });
  now = await handler.move('finish', now, { text: '已更换灯具，现场恢复照明。', solved: true });
  now = await supervisor.move('pass', now);
  return agent.move('notify', now, { way: 'sms', text: '已短信告知' });
}

test('the form is offered what it needs', async () => {
  const { status, body } = await citizen.send('GET', '/api/public/reference');
  assert.equal(status, 200);
  assert.ok(body.regions.find((row) => row.region === REGION).towns.length > 0);
  assert.equal(body.kinds.length, 6);
  assert.equal(body.grades.length, 5);
  assert.ok(body.blames.length > 5);
});

test('a citizen submits, follows, adds, urges and sees how it goes on', async () => {
  const request = randomUUID();
  const ticket = lamp();
  const first = await citizen.submit(ticket, request);
  assert.match(first.number, /^2327\d{14}$/);
  assert.match(first.code, /^\d{6}$/);
  assert.deepEqual(await citizen.submit(ticket, request), first, 'asked twice, done once');

  const view = await citizen.look(first);
  assert.equal(view.title, ticket.title);
  assert.equal(view.timeline[0].term, '已受理');
  assert.equal(view.can.supplement, true);
  assert.equal(view.can.rate, false);
  assert.equal(view.reply, null);

  const name = '欧阳修竹';
  const { proof, card } = await assigned({ name });
  const added = await citizen.do('supplement', proof, { text: `请联系${name}` });
  assert.equal(added.status, 200);
  assert.ok(added.body.timeline.some((step) => step.term === '补充信息'));
  const signed = await handler.move('sign', await handlerCard(card.id));
  await handler.move('progress', signed, { text: `已派人查看，${name}家门口的灯` });
  const urgeRequest = randomUUID();
  assert.equal((await citizen.do('urge', proof, {}, urgeRequest)).status, 200);
  assert.equal((await citizen.do('urge', proof, {}, urgeRequest)).status, 200, 'the same deed again');
  const soon = await citizen.do('urge', proof);
  assert.equal(soon.status, 422);
  assert.match(soon.body.error.message, /之后可再次催办/);

  const seen = await citizen.look(proof);
  assert.equal(seen.state, 40);
  assert.deepEqual(seen.timeline.map((step) => step.term).filter((term) => term !== '已派单'),
    ['已受理', '补充信息', '已签收', '办理进展', '催办']);
  assert.equal(seen.timeline.find((step) => step.term === '办理进展').text, '已派人查看，***家门口的灯');
  assert.match(seen.dept, /住房和城乡建设/);
});

async function handlerCard(id) {
  return handler.ask('ticket.get', { id });
}

test('nothing of a person is in any answer', async () => {
  const { proof, card } = await assigned();
  const done = await told(card);
  const answers = [
    await citizen.do('look', proof),
    await citizen.do('supplement', proof, { text: '晚了' }),
    await citizen.do('rate', proof, { grade: 1, solved: false }),
    await citizen.do('rate', proof, { grade: 5, solved: true }),
  ];
  const text = answers.map((answer) => answer.bytes.toString()).join('\n');
  assert.doesNotMatch(text, new RegExp(`${CALLER_PHONE}|${CALLER_NAME}|"account"|"who"|"agent"|phone|"sealed"`));
  for (const client of [agent, handler, supervisor]) assert.ok(!text.includes(client.me.name), client.me.name);
  assert.equal(done.state, 60);
});

test('by number and code a citizen rates once; 差评 says why', async () => {
  const { proof, card } = await assigned();
  await told(card);
  const view = await citizen.look(proof);
  assert.equal(view.state, 60);
  assert.equal(view.reply, '已更换灯具，现场恢复照明。');
  assert.equal(view.can.rate, true);
  const bad = await citizen.do('rate', proof, { grade: 2, solved: false });
  assert.equal(bad.status, 400);
  assert.deepEqual(Object.keys(bad.body.error.fields).sort(), ['blame', 'reason']);
  const rated = await citizen.do('rate', proof, { grade: 2, solved: false, blame: 1, reason: '还是不亮', comment: '请再来' });
  assert.equal(rated.status, 200);
  assert.equal(rated.body.state, 65);
  assert.equal(rated.body.timeline.at(-1).text, '不满意');
  assert.equal((await citizen.do('rate', proof, { grade: 5, solved: true })).status, 409);
  assert.deepEqual(await house.server.services.rows(
    `select e.grade, blame, way, solved, account from evaluation e join ticket using (ticket) where number = '${proof.number}'`),
    [{ grade: 2, blame: 1, way: 'web', solved: false, account: -1 }]);
});

test('a signed link rates its own round, once, and nothing opens with a forged one', async () => {
  const phone = newPhone();
  const { proof, card } = await assigned({ phone });
  await told(card);
  const message = (await new Gateway(house.server).all()).find((m) => m.phone === phone && m.text.includes('#/rate/'));
  const link = /#\/rate\/(\S+)$/.exec(message.text)[1];
  const open = await citizen.do('link', { link });
  assert.equal(open.status, 200);
  assert.deepEqual(open.body.link, { round: 1, open: true });
  assert.equal(open.body.number, proof.number);

  const forged = link.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const wrong of [forged, link.replace('.1.', '.2.'), link.slice(0, -1), 'x', link.replace(/^\d+/, '232720260101000001')])
    assert.equal((await citizen.do('link/rate', { link: wrong }, { grade: 5, solved: true })).status, 404, wrong);

  const request = randomUUID();
  const rated = await citizen.do('link/rate', { link }, { grade: 1, solved: false, blame: 1, reason: '没有修好' }, request);
  assert.equal(rated.status, 200);
  assert.equal(rated.body.state, 65);
  assert.equal(rated.body.link.open, false);
  assert.equal((await citizen.do('link/rate', { link }, { grade: 1, solved: false, blame: 1, reason: '没有修好' }, request)).status, 200);
  assert.equal((await citizen.do('link/rate', { link }, { grade: 5, solved: true })).status, 409);
  assert.equal((await house.server.services.value(
    `select way from evaluation join ticket using (ticket) where number = '${proof.number}'`)), 'sms');

  // The next round has its own link; the old one stays used.
  const again = await supervisor.ask('ticket.get', { id: card.id });
  const redone = await supervisor.move('redo', again, { reason: '现场核实灯仍不亮' });
  await told(redone);
  const old = await citizen.do('link/rate', { link }, { grade: 5, solved: true });
  assert.equal(old.status, 409);
  assert.match(old.body.error.message, /已经用过或已过期/);
  const next = (await new Gateway(house.server).all()).find((m) => m.phone === phone && m.text.includes('.2.'));
  assert.equal((await citizen.do('link/rate', { link: /#\/rate\/(\S+)$/.exec(next.text)[1] }, { grade: 4, solved: true })).body.state, 80);
});

test('unknown numbers and wrong codes are told alike, and five wrong codes lock the number', async () => {
  const proof = await citizen.submit();
  const wrong = { number: proof.number, code: proof.code === '000000' ? '000001' : '000000' };
  const unknown = await citizen.do('look', { number: '232720200101000001', code: '000000' });
  assert.equal(unknown.status, 404);
  for (let i = 0; i < 4; i++) {
    const answer = await citizen.do('look', wrong);
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.body, unknown.body);
  }
  assert.equal((await citizen.do('look', proof)).status, 200, 'the right one clears the count');
  for (let i = 0; i < 5; i++) await citizen.do('urge', wrong);
  const locked = await citizen.do('look', proof);
  assert.equal(locked.status, 404);
  assert.deepEqual(locked.body, unknown.body);
  await house.server.services.psql(`update contact set query_locked = 1 where query_locked > 0`);
  assert.equal((await citizen.do('look', proof)).status, 200, 'the lock ends by itself');
});

test('a hundred guesses at once are still only five', async () => {
  const proof = await citizen.submit();
  const codes = Array.from({ length: 100 }, (_, i) => String(i).padStart(6, '0')).filter((code) => code !== proof.code);
  await Promise.all(codes.map((code) => citizen.do('look', { number: proof.number, code })));
  const [row] = await house.server.services.rows(
    `select query_locked > 0 as locked from contact join ticket using (ticket) where number = '${proof.number}'`);
  assert.equal(row.locked, true);
});

test('what a citizen may not do is refused with a sentence', async () => {
  const proof = await citizen.submit();
  for (const [deed, more] of [['supply', { text: '补充' }], ['rate', { grade: 5, solved: true }]]) {
    const answer = await citizen.do(deed, proof, more);
    assert.equal(answer.status, 409, deed);
    assert.match(answer.body.error.message, /现在不能/);
  }
  const empty = await citizen.send('POST', '/api/public/tickets', { request: randomUUID(), kind: 9 });
  assert.equal(empty.status, 400);
  assert.ok(empty.body.error.fields.phone && empty.body.error.fields.kind && empty.body.error.fields.title);
  for (const phone of ['123', '1384567000', 'abc', '1234567890123']) {
    const { status, body } = await citizen.send('POST', '/api/public/tickets', { request: randomUUID(), kind: 3, region: '232761', title: '路灯不亮', body: '路灯不亮三天', phone });
    assert.equal(status, 400, phone);
    assert.match(body.error.fields.phone, /手机 11 位，固定电话请加区号/);
  }
  assert.equal((await citizen.do('supplement', proof, { text: '没有编号' }, 'no-uuid')).status, 400);
  assert.equal((await citizen.do('nothing', proof)).status, 404);
  assert.equal((await citizen.send('POST', '/api/public/look', '{')).status, 400);
  assert.equal((await citizen.send('POST', '/api/public/look', '[]')).status, 400);
  assert.equal((await citizen.send('POST', '/api/public/look', { ...proof, role: 4 })).status, 400);
});

test('withdrawing ends it, and asking for more gets it going again', async () => {
  const proof = await citizen.submit();
  const card = await supervisor.event('ticket', (b) => b.number === proof.number && (b.state === 30 || b.state === 35));
  const pool = card.state === 30 ? card : await supervisor.move('recall', card, { reason: '地点不清' });
  await agent.move('ask_info', pool, { text: '请说明是哪一盏灯' });
  const asked = await citizen.look(proof);
  assert.equal(asked.state, 15);
  assert.equal(asked.needs, '请说明是哪一盏灯');
  assert.equal(asked.can.supply, true);
  const supplied = await citizen.do('supply', proof, { text: '门牌12号正对面' });
  assert.equal(supplied.status, 200);
  assert.equal(supplied.body.needs, null);
  const withdrawn = await until('withdrawn', async () => {
    const answer = await citizen.do('withdraw', proof, { reason: '灯已经亮了' });
    return answer.status === 200 && answer;
  });
  assert.ok([60, 85].includes(withdrawn.body.state));
});

test('/public is the citizens’ page, with the same headers as every page', async () => {
  const pages = path.join(house.server.dir, 'pages');
  await mkdir(pages);
  await writeFile(path.join(pages, 'index.html'), 'console');
  await writeFile(path.join(pages, 'public.html'), 'citizens');
  await house.server.restart({ static_dir: pages });
  for (const [address, text] of [['/public', 'citizens'], ['/public/', 'citizens'], ['/', 'console'], ['/publicity', 'console']]) {
    const page = await citizen.send('GET', address);
    assert.equal(page.bytes.toString(), text, address);
    assert.match(page.headers.get('content-security-policy'), /default-src 'self'/);
    assert.equal(page.headers.get('x-frame-options'), 'DENY');
    assert.equal(page.headers.get('cache-control'), 'no-store');
  }
});

test('pages of other sites get nothing, and one address is not let in for ever', async () => {
  const proof = await citizen.submit();
  const foreign = new Citizen(house.server, { Origin: 'https://evil.example' });
  for (const answer of [await foreign.do('look', proof), await foreign.send('GET', '/api/public/reference'),
    await foreign.send('POST', '/api/public/tickets', { request: randomUUID(), ...lamp() })]) {
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  }
  assert.equal((await new Citizen(house.server, { Origin: house.server.url }).do('look', proof)).status, 200);

  await house.server.restart({ public_per_minute: 5, public_tickets_per_hour: 2 });
  const statuses = [];
  for (let i = 0; i < 8; i++) statuses.push((await citizen.do('look', proof)).status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429, 429]);
  await house.server.restart({ public_per_minute: 10_000, public_tickets_per_hour: 2 });
  const taken = [];
  for (let i = 0; i < 3; i++)
    taken.push((await citizen.send('POST', '/api/public/tickets', { request: randomUUID(), ...lamp() })).status);
  assert.deepEqual(taken, [201, 201, 429]);
  await house.server.restart({ public_tickets_per_hour: 100_000 });
});

test('agents and supervisors can tell the code, handlers cannot', async () => {
  const desk = await house.sit('1002', ['mine']);
  const watch = await house.sit('duban', ['all']);
  const unit = await house.sit('zhujian1', ['dept']);
  const card = await desk.do('ticket.submit', pothole());
  assert.match(card.code, /^\d{6}$/);
  const there = await desk.card(card.id, (b) => b.state === 35);
  assert.equal((await citizen.look({ number: card.number, code: card.code })).number, card.number);
  assert.equal((await desk.ask('ticket.get', { id: card.id })).code, card.code);
  assert.equal((await watch.ask('ticket.get', { id: card.id })).code, card.code);
  assert.equal('code' in (await unit.ask('ticket.get', { id: there.id })), false);
  for (const client of [desk, watch, unit])
    for (const frame of client.frames) if (frame.includes('"feed"')) assert.ok(!frame.includes(`"${card.code}"`));
  const other = await submitted(desk, pothole());
  assert.equal('code' in other, false, 'not in the feed');
});

test('danger is told while a citizen writes, and with the answer, and stops nobody from submitting', async () => {
  const judged = async (body) => {
    const { status, body: verdict } = await citizen.send('POST', '/api/public/danger', body);
    assert.equal(status, 200);
    return verdict;
  };
  const fire = { title: '楼道着火', body: '我家楼道着火了，浓烟很大，有人被困', kind: 2 };
  const verdict = await judged(fire);
  assert.equal(verdict.level, 2);
  assert.ok(verdict.numbers.includes('119'));
  assert.ok(verdict.words.length > 0);
  assert.equal((await judged({ body: '昨晚家里被盗，丢了三千元现金' })).level, 1);
  assert.deepEqual(await judged({ body: '路灯不亮', kind: 3 }), { level: 0 });
  assert.deepEqual(await judged({}), { level: 0 });
  assert.equal((await citizen.send('POST', '/api/public/danger', { body: 'x'.repeat(4001) })).status, 400);
  assert.equal((await new Citizen(house.server, { Origin: 'http://evil.example' }).send('POST', '/api/public/danger', fire)).status, 403);
  const request = randomUUID();
  const send = () => citizen.send('POST', '/api/public/tickets', { request, ...lamp(fire) });
  const first = await send();
  assert.equal(first.status, 201);
  assert.equal(first.body.danger.level, 2);
  assert.deepEqual((await send()).body, first.body, 'asked twice, answered alike');
  assert.equal('danger' in (await citizen.send('POST', '/api/public/tickets', { request: randomUUID(), ...lamp() })).body, false);
  assert.equal(await house.server.services.value(`select urgency from ticket where number = '${first.body.number}'`), 2);
});

test('an applicant follows a “一件事” case by number and 查询码, from what is missing to the result', async () => {
  await staff(house);
  const agent = await house.sit('1001', ['mine']);
  const desks = new Desks(house);
  const themes = await list(house);
  const theme = themes.find((one) => one.matters.some((matter) => matter.papers.length > 0)) ?? themes[0];
  const lead = await desks.of(theme.lead);
  const name = '欧阳听雨';
  const phone = '13900001234'; // not of those that must be nowhere: the desk writes it into a text
  const made = await agent.do('case.apply', application(theme, { papers: undefined, phone, name }));
  assert.match(made.code, /^\d{6}$/, 'who takes it down is told');
  const proof = { number: made.number, code: made.code };
  const see = async (with_ = proof) => {
    const { status, body } = await citizen.send('POST', '/api/public/case', with_);
    assert.equal(status, 200, JSON.stringify(body));
    assert.doesNotMatch(JSON.stringify(body), new RegExp(`${name}|${phone}|经办`), 'nobody is named');
    return body;
  };
  const first = await see();
  assert.deepEqual([first.number, first.state_term, first.name, first.promised], [made.number, '已申请', theme.name, null]);
  assert.deepEqual(first.missing, [...new Set(theme.matters.flatMap((matter) => matter.papers))].sort());
  assert.equal(first.matters.length, theme.matters.length);
  assert.equal((await see({ ...proof, number: made.number.slice(3) })).number, made.number, 'without YJS');
  assert.equal((await see({ ...proof, number: made.number.toLowerCase() })).number, made.number);

  let card = await move(lead, 'case.ask', await move(lead, 'case.take', made), { text: `请${name}（${phone}）补交租赁合同` });
  const asked = await see();
  assert.equal(asked.state_term, '补正');
  assert.equal(asked.needs.length, 1);
  assert.equal(asked.needs[0].text, '请***（***）补交租赁合同');
  card = await move(agent, 'case.supply', card, { text: '已补交', papers: first.missing.length > 0 ? first.missing : undefined });
  card = await move(lead, 'case.accept', card);
  const under = await see();
  assert.deepEqual(under.needs, []);
  assert.deepEqual(under.missing, []);
  assert.ok(under.promised > under.applied);
  assert.ok(under.matters.every((matter) => matter.units.length > 0));

  // One department asks for a correction, and accepts a promise afterwards.
  const task = openTasks(await get(lead, made.id))[0];
  const unit = await desks.of(task.dept);
  const target = { no: task.no, dept: task.dept };
  await move(unit, 'task.sign', await get(unit, made.id), target);
  await move(unit, 'task.ask', await get(unit, made.id), { ...target, text: '照片不清楚' });
  const needs = (await see()).needs;
  assert.deepEqual(needs.map((one) => one.text), ['照片不清楚']);
  assert.ok(needs[0].matter && needs[0].unit);
  assert.equal('code' in (await get(unit, made.id)), theme.lead === task.dept, 'a unit beside the lead has no code');
  assert.equal((await get(lead, made.id)).code, made.code);
  await move(agent, 'task.supply', await get(agent, made.id), { ...target, text: '已补' });
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  await move(unit, 'task.promise', await get(unit, made.id), { ...target, text: '原件三日内补交', until: day });
  const [promise] = (await see()).promises;
  assert.equal(promise.text, '原件三日内补交');
  assert.equal(promise.late, false);
  assert.ok(promise.due > Date.now());
  const full = await get(agent, made.id);
  await move(agent, 'matter.keep', full, { no: task.no, promise: full.chain.find((m) => m.no === task.no).promises[0].promise, text: '已交原件' });
  card = await workAll(desks, made.id, lead);
  assert.equal((await see()).state_term, '出件');
  card = await move(agent, 'case.deliver', await get(agent, made.id), { text: '证照已邮寄' });
  await move(agent, 'case.rate', await get(agent, made.id), { grade: 5 });
  const last = await see();
  assert.deepEqual([last.state_term, last.outcome, last.result, last.grade], ['已评价', 'passed', '证照已邮寄', 5]);
  assert.ok(last.closed > 0);
  assert.ok(last.matters.every((matter) => matter.state === 80));
  assert.deepEqual(last.timeline.filter((step) => step.term === '已送达').map((step) => step.text), ['证照已邮寄']);
});

test('a case opens to nobody else, and a number that was guessed at is locked', async () => {
  const agent = await house.sit('1001', ['mine']);
  const desks = new Desks(house);
  const [theme] = await list(house);
  const made = await agent.do('case.apply', application(theme));
  const handed = await (await desks.of(theme.lead)).do('case.apply', application(theme));
  assert.match(handed.code, /^\d{6}$/, 'the window of a department as well');
  const ask = (number, code) => citizen.send('POST', '/api/public/case', { number, code });
  const wrong = made.code === '000000' ? '000001' : '000000';
  const unknown = await ask('YJS232720260101999999', made.code);
  assert.equal(unknown.status, 404);
  assert.deepEqual((await ask(made.number, handed.code)).body, unknown.body, 'the code of another case');
  assert.equal((await ask(made.number, made.code)).status, 200, 'a right code forgives');
  for (let i = 0; i < 10; i++) assert.deepEqual((await ask(made.number, wrong)).body, unknown.body);
  assert.deepEqual((await ask(made.number, made.code)).body, unknown.body, 'locked: the right code opens nothing');
  assert.equal((await ask(handed.number, handed.code)).status, 200, 'the other one is not');
  assert.equal((await citizen.do('look', { number: made.number.slice(3), code: made.code })).status, 404, 'it is no ticket');
  assert.equal((await ask('x'.repeat(25), '1')).status, 400);
});

test('while PostgreSQL is away everybody is asked to come again, and then it works', async () => {
  const proof = await citizen.submit();
  await house.server.services.psql(`alter role hotline_server nologin; select pg_terminate_backend(pid) from pg_stat_activity
    where usename = 'hotline_server';`);
  const answers = await until('the database is away', async () => {
    const all = [await citizen.do('look', proof), await citizen.send('GET', '/api/public/reference'),
      await citizen.send('POST', '/api/public/tickets', { request: randomUUID(), ...lamp() }),
      await new Gateway(house.server).take(1)];
    return all.every((answer) => answer.status === 503) && all;
  });
  for (const answer of answers) assert.match(answer.body.error.message, /重试/);
  await house.server.services.psql('alter role hotline_server login');
  await until('it is back', async () => (await citizen.do('look', proof)).status === 200);
});

test('every operation of this door that docs/openapi.json names was seen to answer well', () => {
  assert.deepEqual(unseenOperations('public').filter((one) => one !== 'POST /api/public/files'), []);
});
