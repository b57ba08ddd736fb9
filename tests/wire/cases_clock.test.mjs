// “一件事” under a moved clock: overtime, corrections and promises that run out, unrated and archived cases; and the
// list's versions.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Desks, accepted, application, get, list, move, openTasks, staff, workAll } from '../support/cases.mjs';
import { refused } from '../support/client.mjs';
import { Clock } from '../support/faketime.mjs';
import { openHouse } from '../support/house.mjs';
import { pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const DAY_S = 86400;
const clock = await Clock.make();
const house = openHouse({ session_hours: 8760 }, clock.env, 900_000);
const desks = new Desks(house);
let themes;
let agent;
let supervisor;
let admin;

const theme = (number) => themes.find((one) => one.theme === number);
const matter = (full, no) => full.chain.find((m) => m.no === no);
const date = (days) => new Date(clock.now() + days * DAY_S * 1000 + 8 * 3600_000).toISOString().slice(0, 10);

/** The lead's view of a case once it is as asked. */
async function seen(lead, id, match) {
  const first = await get(lead, id);
  if (match(first)) return first;
  for (;;) {
    await lead.event('case', (b) => b.id === id);
    const full = await get(lead, id);
    if (match(full)) return full;
  }
}

before(async () => {
  await staff(house);
  themes = await list(house);
  agent = await house.sit('1001', ['mine']);
  supervisor = await house.sit('duban', ['all']);
  admin = await house.sit('admin');
});

test('days of the list count before the general limit, and a version holds for what begins under it', async () => {
  const before = await accepted(desks, theme(11));
  await refused(admin.do('theme.set', { theme: 11, name: '试', audience: '个人', stage: '生活' }), 'rule');
  await admin.do('theme.draft', { year: 2027, note: '次年清单' });
  await refused(admin.do('theme.draft', { year: 2028 }), 'rule');
  await admin.do('theme.set', { theme: 11, name: '社会保障卡居民服务“一件事”', audience: '个人', stage: '生活', days: 2 });
  const matters = { theme: 11, no: 2, name: '就医购药与结算', deps: [1], join: 'all', gathers: false, days: 1, papers: ['社会保障卡'], sure: true, units: ['地区医保局', '定点药店'], lead: false };
  await admin.do('theme.matter', { ...matters, deps: [2] });
  let diff = await admin.ask('theme.diff');
  assert.ok(diff.faults.some((one) => one.includes('前置')), diff.faults.join());
  await refused(admin.do('theme.enact'), 'rule');
  await admin.do('theme.matter', matters);
  await admin.do('theme.remove', { theme: 11, no: 4 });
  diff = await admin.ask('theme.diff');
  assert.deepEqual(diff.faults, []);
  assert.deepEqual(diff.changes.map((one) => [one.no, one.kind]), [[0, 'changed'], [2, 'changed'], [4, 'removed']]);
  await admin.do('theme.enact');
  await admin.do('theme.fill', { unit: '定点药店', region: '232761', dept: 2403 });
  await refused(admin.do('theme.fill', { unit: '定点药店', region: '999999', dept: 2403 }), 'bad_params');
  themes = await list(house);
  const after = await accepted(desks, theme(11));
  const lead = await desks.of(after.lead);
  const [old, now] = [await get(lead, before.id), await get(lead, after.id)];
  assert.deepEqual([old.version, old.chain.length, matter(old, 2).name], [1, 4, '就医购药']);
  assert.deepEqual([now.version, now.chain.length, matter(now, 2).name, matter(now, 2).state], [2, 3, '就医购药与结算', 20]);
  assert.ok(matter(now, 2).tasks.some((one) => one.dept === 2403 && one.unit === '定点药店'));
  assert.ok(now.due < old.due);
  const ticket = await submitted(agent, pothole({ theme: 11, theme_no: 2 }));
  assert.equal(ticket.theme_no, 2);
  assert.equal((await admin.ask('theme.list')).versions[0].state, 'in_force');
});

test('a changed calendar moves a case and its tasks; a task that waits keeps the clock behind it', async () => {
  const card = await accepted(desks, theme(3));
  const lead = await desks.of(card.lead);
  const unit = await desks.of(1008);
  const task = (full) => matter(full, 3).tasks.find((one) => one.dept === 1008);
  await move(unit, 'task.sign', card, { no: 3, dept: 1008 });
  const working = await get(lead, card.id);
  await move(unit, 'task.ask', working, { no: 3, dept: 1008, text: '缺效果图' });
  await move(lead, 'task.urge', await get(lead, card.id), { no: 3, dept: 1008, text: '请尽快' });
  const waiting = await get(lead, card.id);
  const dayOf = (ms) => new Date(ms - 1 + 8 * 3600_000).toISOString().slice(0, 10);
  const days = [...new Set([waiting.due, task(waiting).due].map(dayOf))];
  const csv = `day,kind,name\n${days.map((day) => `${day},holiday,测试假日\n`).join('')}`;
  const tried = await admin.ask('calendar.try', { csv });
  const { moved } = await admin.do('calendar.set', { csv });
  const of = (list, what) => list.find((one) => one.id === card.id && one.what === what && (what === 'case' || one.dept === 1008));
  const now = await get(lead, card.id);
  for (const [what, was, due] of [['case', waiting.due, now.due], ['task', task(waiting).due, task(now).due]]) {
    assert.deepEqual(of(moved, what), of(tried.moved, what));
    assert.deepEqual([of(moved, what).was, of(moved, what).due], [was, due]);
    assert.ok(due > was, `${what} ${was} ${due}`);
  }
  assert.equal(now.promised, now.due);
  assert.ok(now.events.some((one) => one.action === 'reckon' && one.detail.was === waiting.due));
  await move(agent, 'task.supply', now, { no: 3, dept: 1008, text: '已补' });
  const resumed = await get(lead, card.id);
  assert.ok(task(resumed).due >= task(working).due, 'what was left when it was asked');
});

test('a department that is late is told so to the lead, once, and the case still goes on', async () => {
  const card = await accepted(desks, theme(2));
  const lead = await desks.of(card.lead);
  clock.jump(4 * DAY_S);
  const late = await seen(lead, card.id, (full) => full.late_tasks === 1);
  assert.equal(late.events.filter((one) => one.action === 'late' && one.no === 1).length, 1);
  const stuck = await supervisor.ask('stuck.get', { from: '2020-01-01', to: '2099-12-31' });
  assert.ok(stuck.themes.find((one) => one.theme === 2).matters.find((one) => one.no === 1).figures.late >= 1);
  const urged = await move(lead, 'task.urge', late, { no: 1, dept: 1006, text: '请今日办结' });
  const unit = await desks.of(1006);
  const signed = await move(unit, 'task.sign', urged, { no: 1, dept: 1006 });
  assert.equal((await get(lead, card.id)).late_tasks, 0);
  await move(unit, 'task.finish', signed, { no: 1, dept: 1006, text: '属实' });
});

test('容缺: the work goes on, an overdue promise blocks 出件, kept it opens again', async () => {
  const card = await accepted(desks, theme(3));
  const lead = await desks.of(card.lead);
  const unit = await desks.of(1008);
  const signed = await move(unit, 'task.sign', card, { no: 3, dept: 1008 });
  const asked = await move(unit, 'task.ask', signed, { no: 3, dept: 1008, text: '缺招牌效果图' });
  await refused(move(unit, 'task.promise', asked, { no: 3, dept: 1008, text: '补交效果图', until: date(90) }), 'bad_params');
  await move(unit, 'task.promise', asked, { no: 3, dept: 1008, text: '补交效果图', until: date(3) });
  let full = await get(lead, card.id);
  await move(unit, 'task.finish', full, { no: 3, dept: 1008, text: '同意设置' });
  full = await get(lead, card.id);
  assert.equal(matter(full, 3).state, 60);
  clock.jump(4 * DAY_S);
  full = await seen(lead, card.id, (one) => one.promises.late === 1);
  full = await workAll(desks, card.id, lead);
  assert.equal(full.state, 40, 'settled, but not delivered');
  const { promise } = matter(full, 3).promises[0];
  await refused(move(lead, 'matter.keep', full, { no: 3, promise: 999999, text: '?' }), 'rule');
  const kept = await move(lead, 'matter.keep', full, { no: 3, promise, text: '效果图已交' });
  assert.equal(kept.state, 50);
  assert.equal(matter(await get(lead, card.id), 3).state, 80);
});

test('容缺: a promise that comes to nothing is the lead’s to decide, also before delivery', async () => {
  const card = await accepted(desks, theme(3));
  const lead = await desks.of(card.lead);
  const unit = await desks.of(1008);
  const signed = await move(unit, 'task.sign', card, { no: 3, dept: 1008 });
  await move(unit, 'task.promise', signed, { no: 3, dept: 1008, text: '补交效果图', until: date(3) });
  let full = await workAll(desks, card.id, lead);
  assert.equal(full.state, 50, 'a promise that has time holds nothing up');
  clock.jump(4 * DAY_S);
  full = await seen(lead, card.id, (one) => one.promises.late === 1);
  await refused(move(lead, 'case.deliver', full, { text: '取件' }), 'rule');
  const { promise } = matter(full, 3).promises[0];
  const back = await move(lead, 'matter.forfeit', full, { no: 3, promise, reason: '联系不上' });
  assert.equal(back.state, 40);
  const gathered = await move(lead, 'matter.waive', back, { no: 3, reason: '不办此项' });
  assert.deepEqual([gathered.state, gathered.outcome], [50, 'partly']);
});

test('who does not correct in time is refused that matter, and the lead decides', async () => {
  const card = await accepted(desks, theme(3));
  const lead = await desks.of(card.lead);
  const unit = await desks.of(1008);
  const signed = await move(unit, 'task.sign', card, { no: 3, dept: 1008 });
  await move(unit, 'task.ask', signed, { no: 3, dept: 1008, text: '缺效果图' });
  clock.jump(16 * DAY_S);
  const full = await seen(lead, card.id, (one) => one.matters.failed === 1);
  assert.equal(full.events.filter((one) => one.action === 'expire').length, 1);
  const again = await move(lead, 'matter.again', full, { no: 3, reason: '申请人补来了' });
  assert.equal(openTasks(await get(lead, again.id)).filter((one) => one.no === 3).length, 1);
});

test('an application that is not corrected lapses, a stop ends by its day, nobody’s rating ends a case', async () => {
  const lead = await desks.of(theme(1).lead);
  const lapsing = await lead.do('case.apply', application(theme(1)));
  await move(lead, 'case.ask', await move(lead, 'case.take', lapsing), { text: '缺营业执照' });
  const resting = await accepted(desks, theme(1));
  await move(lead, 'case.suspend', resting, { reason: '司法冻结', until: date(5) });
  const ending = await accepted(desks, theme(1));
  const done = await workAll(desks, ending.id, lead);
  await move(lead, 'case.deliver', done, { text: '窗口取件' });
  clock.jump(20 * DAY_S);
  await seen(lead, lapsing.id, (one) => one.state === 85);
  await seen(lead, resting.id, (one) => one.state === 40);
  await seen(lead, ending.id, (one) => one.state === 81);
  clock.jump(40 * DAY_S);
  await seen(lead, ending.id, (one) => one.state === 90);
});

test('“办不成事” that is overdue is supervised at once, by the highest order', async () => {
  // The days that went by have ended the sessions of those who log in with a password.
  house.cookies.delete('1001');
  house.cookies.delete('duban');
  agent = await house.sit('1001', ['mine']);
  const ticket = await submitted(agent, pothole({ stuck: true }));
  clock.jump(DAY_S);
  house.cookies.delete('duban');
  supervisor = await house.sit('duban', ['all']);
  const order = await until('the system supervises it', async () => {
    const { rows } = await supervisor.ask('order.list', { view: 'open' });
    return rows.find((one) => one.ticket === ticket.id);
  });
  assert.equal(order.level, 3);
});
