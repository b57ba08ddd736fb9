// “一件事” at the wire: the 13 cases in parallel, joins and chains, refusal and return, races, withdrawal, 差评.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { Desks, accepted, application, get, list, move, openTasks, staff, workAll } from '../support/cases.mjs';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { CALLER_NAME, newPhone, pothole, submitted } from '../support/tickets.mjs';

const house = openHouse({}, {}, 900_000);
const desks = new Desks(house);
let themes;
let agent;
let supervisor;

const theme = (number) => themes.find((one) => one.theme === number);
const task = (full, no, dept) => full.chain.find((m) => m.no === no).tasks.find((t) => dept === undefined || t.dept === dept);
const matter = (full, no) => full.chain.find((m) => m.no === no);

before(async () => {
  await staff(house);
  themes = await list(house);
  agent = await house.sit('1001', ['mine']);
  supervisor = await house.sit('duban', ['all']);
});

test('the list has 13 cases with one lead each, 86 matters and 100 shares', async () => {
  assert.equal(themes.length, 13);
  assert.ok(themes.every((one) => one.lead));
  assert.equal(themes.reduce((sum, one) => sum + one.matters.length, 0), 86);
  assert.equal(await house.server.services.value('select count(*) from list_unit'), 100);
});

for (let number = 1; number <= 13; number++)
  test(`case ${number} is applied for once, worked in parallel, delivered once and rated once`, async () => {
    const { id, lead: leading } = await accepted(desks, theme(number));
    const lead = await desks.of(leading);
    const full = await workAll(desks, id, lead);
    assert.equal(full.state, 50, 'all is gathered');
    assert.equal(full.outcome, 'passed');
    assert.ok(full.chain.every((m) => [80, 85].includes(m.state)));
    const delivered = await move(lead, 'case.deliver', full, { text: '一窗取件' });
    const rated = await move(lead, 'case.rate', delivered, { grade: 5 });
    assert.equal(rated.state, 80);
    await refused(move(lead, 'case.rate', rated, { grade: 1, reason: '再评' }), 'illegal_move');
  });

test('what depends on another matter waits, what does not begins at once', async () => {
  const card = await accepted(desks, theme(8));
  const lead = await desks.of(card.lead);
  const full = await get(lead, card.id);
  assert.deepEqual(full.chain.map((m) => m.state), [30, 20, 30, 30, 20, 20]);
  await refused(move(lead, 'task.sign', full, { no: 2, dept: card.lead }), 'illegal_move');
});

test('only what the applicant needs is done, and the missing papers are told at once', async () => {
  const lead = await desks.of(theme(9).lead);
  const card = await lead.do('case.apply', application(theme(9), { matters: [1, 3], papers: ['出生医学证明'] }));
  let full = await get(lead, card.id);
  assert.deepEqual(full.chain.map((m) => m.state), [10, 85, 10, 85, 85, 85, 85]);
  assert.ok(full.missing.length > 0 && !full.missing.includes('出生医学证明'));
  const taken = await move(lead, 'case.take', full);
  const asked = await move(lead, 'case.ask', taken, { text: full.missing.join('、') });
  assert.equal(asked.state, 35);
  const supplied = await move(agent, 'case.supply', asked, { text: '已补齐', papers: full.missing });
  full = await get(lead, card.id);
  assert.deepEqual(full.missing, []);
  await refused(move(lead, 'case.ask', supplied, { text: '再补一样' }), 'rule');
  await move(lead, 'case.accept', supplied);
});

test('twenty departments at once on one case lose nothing and trouble nobody', async () => {
  const card = await accepted(desks, theme(6));
  const lead = await desks.of(card.lead);
  const full = await get(lead, card.id);
  const tasks = openTasks(full);
  assert.equal(tasks.length, 18);
  // All with what they saw before any of them moved: their own tasks nobody else touched.
  await Promise.all(tasks.map(async (one) => move(await desks.of(one.dept), 'task.sign', full, { no: one.no, dept: one.dept })));
  const after = await get(lead, card.id);
  assert.ok(openTasks(after).every((one) => one.state === 40));
  assert.equal(after.ver, full.ver + 18);
  const gather = task(after, 1);
  await refused(move(lead, 'task.finish', after, { no: 1, dept: gather.dept, text: '汇总' }), 'rule');
});

test('of two people who sign one task one wins, and the same request twice is one deed', async () => {
  const card = await accepted(desks, theme(13));
  const own = await desks.of(1004);
  const other = await house.sit('gongan', ['dept']);
  const ends = await Promise.allSettled([own, other].map((desk) => move(desk, 'task.sign', card, { no: 9, dept: 1004 })));
  assert.equal(ends.filter((end) => end.status === 'fulfilled').length, 1);
  const lost = ends.find((end) => end.status === 'rejected').reason;
  assert.ok(['stale', 'illegal_move'].includes(lost.name), lost.name);
  const full = await get(own, card.id);
  const request = randomUUID();
  const first = await move(own, 'task.finish', full, { no: 9, dept: 1004, text: '户籍无误' }, request);
  assert.deepEqual(await move(own, 'task.finish', full, { no: 9, dept: 1004, text: '户籍无误' }, request), first);
  await refused(move(own, 'task.sign', full, { no: 9, dept: 1004 }), 'stale');
});

test('somebody else’s task, matter and case stay somebody else’s', async () => {
  const card = await accepted(desks, theme(3));
  const stranger = await desks.of(1016);
  await refused(get(stranger, card.id), 'not_yours');
  await refused(move(stranger, 'task.sign', card, { no: 1, dept: 1006 }), 'not_yours');
  const unit = await desks.of(1008);
  await refused(move(unit, 'task.sign', card, { no: 1, dept: 1006 }), 'not_yours');
  await refused(move(unit, 'matter.waive', card, { no: 3, reason: '不办' }), 'not_yours');
  await refused(move(unit, 'case.stop', card, { reason: '不办' }), 'not_yours');
  await refused(move(unit, 'task.sign', card, { no: 1, dept: 1234 }), 'rule');
});

test('a refusal waits for the lead, who goes on without it', async () => {
  const card = await accepted(desks, theme(3));
  const lead = await desks.of(card.lead);
  const fire = task(await get(lead, card.id), 4).dept;
  const unit = await desks.of(fire);
  const signed = await move(unit, 'task.sign', card, { no: 4, dept: fire });
  await refused(move(unit, 'task.fail', signed, { no: 4, dept: fire, reason: '疏散门向内开' }), 'bad_params');
  await move(unit, 'task.fail', signed, { no: 4, dept: fire, reason: '疏散门向内开', basis: '消防法第十五条' });
  const stuck = await workAll(desks, card.id, lead);
  assert.equal(stuck.state, 40);
  assert.equal(matter(stuck, 4).state, 82);
  await refused(move(lead, 'case.deliver', stuck, { text: '取件' }), 'illegal_move');
  const gathered = await move(lead, 'matter.waive', stuck, { no: 4, reason: '申请人改日另办' });
  assert.equal(gathered.state, 50);
  assert.equal(gathered.outcome, 'partly');
});

test('a return goes to the lead, who insists or gives it to another', async () => {
  const card = await accepted(desks, theme(3));
  const lead = await desks.of(card.lead);
  const unit = await desks.of(1008);
  const sent = await move(unit, 'task.send_back', card, { no: 3, dept: 1008, reason: '不属本局', basis: '三定规定', should: 1004 });
  const insisted = await move(lead, 'task.insist', sent, { no: 3, dept: 1008, reason: '户外招牌由住建管理' });
  const again = await move(unit, 'task.send_back', insisted, { no: 3, dept: 1008, reason: '已移交', basis: '会议纪要' });
  await refused(move(lead, 'task.reassign', again, { no: 3, dept: 1008, to_dept: 999999, reason: '改派' }), 'bad_params');
  await move(lead, 'task.reassign', again, { no: 3, dept: 1008, to_dept: 1004, reason: '由公安办理' });
  const full = await get(lead, card.id);
  assert.equal(task(full, 3, 1008).state, 85);
  assert.equal(task(full, 3, 1004).state, 30);
  const { rows } = await (await desks.of(1004)).ask('task.list', { view: 'open' });
  assert.ok(rows.some((row) => row.id === card.id && row.no === 3));
  const stuck = await supervisor.ask('stuck.get', { from: '2020-01-01', to: '2099-12-31' });
  assert.ok(stuck.pairs.some((pair) => pair.a === 1004 && pair.b === 1008));
  assert.equal(stuck.themes.find((one) => one.theme === 3).matters.find((m) => m.no === 3).figures.returns, 2);
});

test('a withdrawn case ends everywhere at once', async () => {
  const card = await accepted(desks, theme(1));
  const lead = await desks.of(card.lead);
  const gone = await move(agent, 'case.withdraw', card, { reason: '申请人改主意' });
  assert.equal(gone.state, 85);
  const full = await get(lead, card.id);
  assert.equal(openTasks(full).length, 0);
  await refused(move(lead, 'task.sign', full, { no: 1, dept: card.lead }), 'illegal_move');
});

test('the lead hears of every department’s answer, the department of its own task', async () => {
  const card = await accepted(desks, theme(2));
  const lead = await desks.of(card.lead);
  const unit = await desks.of(1006);
  await unit.event('task', (b) => b.id === card.id && b.state === 30);
  const signed = await move(unit, 'task.sign', card, { no: 1, dept: 1006 });
  await lead.event('case', (b) => b.id === card.id && b.ver === signed.ver);
  await supervisor.event('case', (b) => b.id === card.id && b.ver === signed.ver);
  await move(unit, 'task.finish', signed, { no: 1, dept: 1006, text: '属实' });
  await lead.event('task', (b) => b.id === card.id && b.no === 2 && b.state === 30);
});

test('a case may be received in one county for another, by a helper who says by what right', async () => {
  const mohe = await house.sit('mhzhujian', ['dept']);
  const wish = application(theme(9), { region: '232761', helper_name: '李帮办', helper_unit: '漠河市政务服务中心' });
  const wrong = await refused(mohe.do('case.apply', wish), 'bad_params');
  assert.ok(wrong.data.fields.helper_right);
  const card = await mohe.do('case.apply', { ...wish, helper_right: '委托书' });
  assert.equal(card.received_region, '232701');
  assert.equal(card.region, '232761');
  const lead = await desks.of(card.lead);
  await lead.event('case', (b) => b.id === card.id);
  const taken = await move(lead, 'case.take', card);
  await refused(move(mohe, 'case.accept', taken), 'not_yours');
  const asked = await move(lead, 'case.ask', taken, { text: '请补结婚证' });
  await move(mohe, 'case.supply', asked, { text: '已代收结婚证' });
  const full = await get(mohe, card.id);
  assert.equal(full.helper_right, '委托书');
});

test('a bad rating that points at a matter is a ticket of its unit with the lead beside it', async () => {
  const phone = newPhone();
  const card = await accepted(desks, theme(13), { phone });
  const lead = await desks.of(card.lead);
  const full = await workAll(desks, card.id, lead);
  const delivered = await move(lead, 'case.deliver', full, { text: '邮寄' });
  await refused(move(lead, 'case.rate', delivered, { grade: 1, on: 6 }), 'bad_params');
  const rated = await move(lead, 'case.rate', delivered, { grade: 1, on: 6, reason: '医保年限算错了' });
  assert.equal(rated.grade, 1);
  const { complaints } = await get(lead, card.id);
  assert.equal(complaints.length, 1);
  const insurance = task(full, 6).dept;
  const ticket = await (await desks.of(insurance)).card(complaints[0].id);
  assert.equal(ticket.dept, insurance);
  assert.equal(ticket.channel, 21);
  assert.deepEqual([ticket.theme, ticket.theme_no, ticket.parts], [13, 6, 1]);
  const whole = await lead.ask('ticket.get', { id: ticket.id });
  assert.equal(whole.parts[0].dept, card.lead);
  const { open } = await agent.ask('caller.history', { phone });
  assert.deepEqual(open.map((one) => one.id), [ticket.id]);
  const stuck = await supervisor.ask('stuck.get', { from: '2020-01-01', to: '2099-12-31' });
  const figures = stuck.themes.find((one) => one.theme === 13).matters.find((m) => m.no === 6).figures;
  assert.deepEqual([figures.bad, figures.complaints], [1, 1]);
});

test('a complaint finds its case by the caller’s number and its matter by its words', async () => {
  const phone = newPhone();
  const card = await accepted(desks, theme(9), { phone });
  const ticket = await submitted(agent, pothole({ phone, title: '新生儿出生一件事没人管', body: '预防接种证办理跑了三趟都没有办成' }));
  const { suggestions, linked } = await agent.ask('case.suggest', { ticket: ticket.id });
  assert.equal(linked, null);
  assert.deepEqual([suggestions[0].case, suggestions[0].no], [card.id, 2]);
  assert.ok(suggestions.some((one) => one.theme === 9 && one.case === undefined));
  await agent.do('case.link', { ticket: ticket.id, case: card.id, no: 2, way: 'suggested' });
  const full = await get(await desks.of(card.lead), card.id);
  assert.deepEqual(full.complaints.map((one) => [one.id, one.no, one.way]), [[ticket.id, 2, 'suggested']]);
  await agent.do('case.link', { ticket: ticket.id, theme: 9 });
  assert.equal((await get(await desks.of(card.lead), card.id)).complaints.length, 0);
  await refused(agent.do('case.link', { ticket: ticket.id, theme: 9, no: 30 }), 'bad_params');
  await refused(agent.do('case.link', { ticket: ticket.id, case: 999999 }), 'bad_params');
  assert.equal((await agent.ask('case.suggest', { ticket: (await submitted(agent)).id })).suggestions.length, 0);
});

test('what comes over the window for what could not be got done is urgent', async () => {
  const card = await agent.do('ticket.submit', pothole({ stuck: true, theme: 13 }));
  assert.deepEqual([card.channel, card.urgency], [20, 1]);
});

test('a legal stop holds every clock, and they go on', async () => {
  const card = await accepted(desks, theme(1));
  const lead = await desks.of(card.lead);
  const before = await get(lead, card.id);
  const until = new Date(Date.now() + 10 * 86400000).toISOString().slice(0, 10);
  await refused(move(lead, 'case.suspend', before, { reason: '司法冻结', until: '2020-01-01' }), 'bad_params');
  const stopped = await move(lead, 'case.suspend', before, { reason: '司法冻结', until });
  assert.equal(stopped.state, 45);
  let full = await get(lead, card.id);
  assert.ok(openTasks(full).every((one) => one.due === null));
  await refused(move(lead, 'task.sign', full, { no: 1, dept: card.lead }), 'illegal_move');
  await move(lead, 'case.resume', full);
  full = await get(lead, card.id);
  assert.ok(openTasks(full).every((one) => one.due > Date.now()));
  assert.equal(full.state, 40);
});

test('the applicant is masked, and a look at him is an event', async () => {
  const phone = newPhone();
  const card = await accepted(desks, theme(11), { phone });
  const lead = await desks.of(card.lead);
  const full = await get(lead, card.id);
  assert.doesNotMatch(JSON.stringify(full), new RegExp(`${phone}|${CALLER_NAME}`));
  assert.match(full.phone_mask, /\*/);
  lead.frames.length = 0;
  const shown = await move(lead, 'case.reveal', full, { reason: '核对' });
  assert.deepEqual([shown.phone, shown.name], [phone, CALLER_NAME]);
  lead.frames.length = 0;
  assert.equal((await get(lead, card.id)).events.at(-1).action, 'reveal');
});

const TAMPERINGS = [
  ['case chain', 'update case_event set note = \'另有说法\' where seq = 3'],
  ['case chain', 'delete from case_event where seq = 2'],
  ['case path', 'update case_event set from_state = 30, to_state = 40 where level = \'case\' and action = \'take\''],
  ['case rows', 'update case_file set state = 60 where state = 40'],
  ['case rows', 'update case_task set due = due + 1 where due is not null'],
  ['case rows', 'update case_matter set state = 80 where state = 30'],
  ['case law', 'update case_event set account = (select account from account where login = \'1001\') where action = \'send\''],
  ['case owner', 'update case_file set closed = null where state >= 80'],
  ['case owner', 'update case_task t set due = null from case_file c where c.id = t.id and c.state = 40 and t.state between 30 and 50'],
  ['case chain of matters', 'update case_event set matter_state = 40 where action = \'finish\''],
  ['容缺', 'insert into case_promise (id, no, dept, text, account, at, due, warn, ended) select id, no, 1006, \'x\', 0, 1, 1, 1, 1 from case_matter limit 1'],
  ['case numbers and ratings', 'update case_file set number = \'YJS2327200001011\' || lpad(id::text, 5, \'0\')'],
  ['case numbers and ratings', 'delete from case_link where way = \'rating\''],
  ['case contact', 'update case_contact set phone = \'13800000000\''],
];

for (const [check, deed] of TAMPERINGS)
  test(`verify finds it: ${deed.slice(0, 60)}`, async () => {
    const names = await house.server.services.psql(
      `begin; set local session_replication_role = replica; ${deed}; select check_name from verify_cases() where faults > 0; rollback;`);
    assert.ok(names.split('\n').some((name) => name.startsWith(`${check}:`)), names);
  });
