// “一件事” in Chromium: each of the 13 cases is applied for, accepted, delivered and rated by its lead and worked by a
// department at its own desk, while the others work beside them at the wire; one is late, one refuses, one takes a
// promise for a paper. At each moment the lead's page says what the database says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { Desks, get, list, login, move, openTasks, staff, workAll } from '../support/cases.mjs';
import { Clock } from '../support/faketime.mjs';
import { openHouse } from '../support/house.mjs';
import { CALLER_NAME, newPhone, pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const DAY_S = 86400;
const clock = await Clock.make();
const house = openHouse({}, clock.env, 1_500_000);
const wire = new Desks(house);
const windows = new Map();
let browser;
let themes;
let agent; // at the wire

before(async () => {
  await staff(house);
  themes = await list(house);
  agent = await house.sit('1001', ['mine']);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

/** The browser window of somebody who has logged in. */
async function sit(name) {
  if (windows.has(name)) return windows.get(name);
  if (!house.cookies.has(name)) await house.sit(name);
  const context = await browser.newContext({
    baseURL: house.server.url, viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce',
  });
  await context.addCookies([{ name: 'sid', value: house.cookies.get(name).slice(4), url: house.server.url }]);
  await context.addInitScript(() => localStorage.setItem('hotline.signed-in', '1'));
  const desk = new Desk(await context.newPage(), name);
  windows.set(name, desk);
  return desk;
}

const windowOf = (dept) => sit(login(dept));

async function leave(name) {
  const desk = windows.get(name);
  windows.delete(name);
  desk.checkQuiet();
  await desk.page.context().close();
}

/** What the page draws of a case. */
const drawn = (desk) => desk.at('case-detail').evaluate((article) => ({
  ver: Number(article.dataset.ver),
  state: Number(article.dataset.state),
  matters: [...article.querySelectorAll('[data-test^="matter-"][data-state]')].map((one) => [Number(one.dataset.test.slice(7)), Number(one.dataset.state)]),
  tasks: [...article.querySelectorAll('[data-test^="task-"][data-state]')].map((one) => `${one.dataset.test.slice(5)}:${one.dataset.state}`),
  settled: article.querySelector('[data-test=case-settled]').textContent.match(/\d+\/\d+/)[0],
  late: [...article.querySelectorAll('[data-test^="late-"]')].map((one) => one.dataset.test.slice(5)),
}));

const byFirst = (a, b) => a[0] - b[0];

/** Waits until the page shows the newest version, then compares all of it with what the server knows. */
async function truthful(desk, at, id) {
  const full = await until(`the page of ${desk.login} shows the newest version`, async () => {
    const now = await get(at, id);
    return (await drawn(desk)).ver === now.ver ? now : null;
  });
  const seen = await drawn(desk);
  assert.equal(seen.state, full.state);
  assert.deepEqual(seen.matters.sort(byFirst), full.chain.map((m) => [m.no, m.state]));
  assert.deepEqual(seen.tasks.sort(), full.chain.flatMap((m) => m.tasks.map((t) => `${t.no}-${t.dept}:${t.state}`)).sort());
  assert.equal(seen.settled, `${full.matters.settled}/${full.matters.all}`);
  const open = full.chain.flatMap((m) => m.tasks).filter((t) => t.late && t.state >= 30 && t.state <= 50);
  assert.deepEqual(seen.late.sort(), open.map((t) => `${t.no}-${t.dept}`).sort());
  return full;
}

async function apply(desk, theme, phone, papers = new Set(theme.matters.flatMap((m) => m.papers))) {
  await desk.page.goto('/cases?new=1');
  await desk.at('case-theme').selectOption(String(theme.theme));
  await desk.at('case-matters').waitFor();
  await desk.at('case-name').fill(CALLER_NAME);
  await desk.at('case-phone').fill(phone);
  await desk.at('place-pick').fill('加格达奇');
  await desk.press('Enter');
  for (const paper of papers) await desk.at(`paper-${paper}`).check();
  await desk.press('Control+Enter');
  await desk.at('case-detail').waitFor();
  return Number(await desk.at('case-detail').getAttribute('data-id'));
}

async function acceptIt(desk) {
  await desk.at('case-do-take').click();
  await desk.says('case-state', '受理审核');
  await desk.at('case-do-accept').click();
  await desk.says('case-state', '办理中');
}

/** A dialog with these fields, ended by the keyboard. */
async function tell(desk, button, fields) {
  await desk.at(button).click();
  await desk.at('case-dialog').waitFor();
  for (const [field, value] of Object.entries(fields)) await desk.at(field).fill(value);
  await desk.press('Control+Enter');
  await desk.gone('case-dialog');
}

/** A department signs and finishes its task at its own desk. */
async function workInWindow(desk, id, task) {
  const row = `do-sign-${task.no}-${task.dept}`;
  await desk.page.goto(`/cases?view=tasks&id=${id}`);
  await desk.at(row).click();
  await tell(desk, `do-finish-${task.no}-${task.dept}`, { 'case-text': '经核查符合规定，已办结' });
}

const date = (days) => new Date(clock.now() + days * DAY_S * 1000 + 8 * 3600_000).toISOString().slice(0, 10);

for (let number = 1; number <= 13; number++)
  test(`case ${number}: one application, one picture, one delivery, one rating`, async () => {
    const theme = themes.find((one) => one.theme === number);
    const lead = await windowOf(theme.lead);
    const at = await wire.of(theme.lead);
    const id = await apply(lead, theme, newPhone());
    await acceptIt(lead);
    let full = await truthful(lead, at, id);
    if (number === 6 || number === 9) await lead.picture(`case-${number}-accepted`);
    // One department at its own desk in the browser; where the lead begins alone, the lead itself.
    const gathers = new Set(full.chain.filter((m) => m.gathers).map((m) => m.no));
    const ready = openTasks(full).filter((t) => !gathers.has(t.no));
    const first = ready.find((t) => t.dept !== theme.lead) ?? ready[0];
    const unit = await windowOf(first.dept);
    await workInWindow(unit, id, first);
    await unit.at(`task-${first.no}-${first.dept}`).waitFor();
    full = await truthful(lead, at, id);
    assert.ok([80, 60].includes(full.chain.find((m) => m.no === first.no).state) || full.chain.find((m) => m.no === first.no).tasks.length > 1);
    // The others work at the same time.
    await workAll(wire, id, at);
    full = await truthful(lead, at, id);
    assert.equal(full.state, 50);
    await lead.says('case-outcome', '全部办成');
    await tell(lead, 'case-do-deliver', { 'case-text': '综合窗口一次取件' });
    await lead.says('case-state', '已送达');
    await lead.at('case-do-rate').click();
    await lead.choose('case-grade-5');
    await lead.press('Control+Enter');
    await lead.says('case-state', '已评价');
    await truthful(lead, at, id);
    // Open windows would redraw at every move of the cases to come.
    for (const name of [...windows.keys()]) await leave(name);
  });

test('one late, one refusing, one on a promise: the lead’s page tells the truth at each moment', async () => {
  const theme = themes.find((one) => one.theme === 3);
  const lead = await windowOf(theme.lead);
  const at = await wire.of(theme.lead);
  const phone = newPhone();
  const id = await apply(lead, theme, phone);
  await acceptIt(lead);
  let full = await truthful(lead, at, id);
  // 容缺: the housing bureau accepts a promise in its own window.
  const housing = await windowOf(1008);
  await housing.page.goto(`/cases?view=tasks&id=${id}`);
  await housing.at('do-sign-3-1008').click();
  await tell(housing, 'do-promise-3-1008', { 'case-text': '补交招牌设置效果图', 'case-until': date(3) });
  await tell(housing, 'do-finish-3-1008', { 'case-text': '同意设置，效果图容缺' });
  await housing.says('matter-state-3', '容缺');
  await lead.says('matter-state-3', '容缺');
  await truthful(lead, at, id);
  // The fire brigade refuses, with reason and basis.
  const fire = full.chain.find((m) => m.no === 4).tasks[0].dept;
  const brigade = await windowOf(fire);
  await brigade.page.goto(`/cases?view=tasks&id=${id}`);
  await brigade.at(`do-sign-4-${fire}`).click();
  await tell(brigade, `do-fail-4-${fire}`, { 'case-reason': '疏散门向内开启', 'case-basis': '消防法第十五条' });
  await lead.says('case-failed', '待牵头决定');
  await truthful(lead, at, id);
  // The lead's own first task is late; the promise runs out.
  clock.jump(4 * DAY_S);
  await lead.says('case-late', '1');
  await lead.at('late-1-1006').waitFor();
  await lead.says('case-promises', '不得出件');
  full = await truthful(lead, at, id);
  assert.equal(full.late_tasks, 1);
  await lead.picture('case-late-refused-promised');
  await lead.accessible('a case that is late, refused and on a promise');
  // The lead decides and works; the promise is kept; the case is complete.
  await tell(lead, 'do-waive-4', { 'case-reason': '申请人整改后另行申请' });
  await truthful(lead, at, id);
  for (const no of [1, 2]) {
    await lead.at(`do-sign-${no}-1006`).click();
    await tell(lead, `do-finish-${no}-1006`, { 'case-text': '已办结' });
    await truthful(lead, at, id);
  }
  await lead.says('case-state', '办理中');
  await tell(lead, 'do-keep-3', { 'case-text': '效果图已交' });
  await lead.says('case-state', '出件');
  await lead.says('case-outcome', '部分办成');
  await tell(lead, 'case-do-deliver', { 'case-text': '窗口取件' });
  await lead.says('case-state', '已送达');
  // A bad rating that points at the fire brigade.
  await lead.at('case-do-rate').click();
  await lead.choose('case-grade-1');
  await lead.at('case-on').selectOption('4');
  await lead.at('case-reason').fill('检查标准没有一次讲清');
  await lead.accessible('the dialog of a rating');
  await lead.press('Control+Enter');
  await lead.says('case-state', '已评价');
  await lead.says('case-complaint', '差评');
  await truthful(lead, at, id);
  await lead.picture('case-rated-bad');
});

test('a complaint is linked by suggestion in the browser, and shows where people get stuck', async () => {
  house.cookies.delete('1001');
  agent = await house.sit('1001', ['mine']);
  const theme = themes.find((one) => one.theme === 9);
  const at = await wire.of(theme.lead);
  const phone = newPhone();
  const card = await at.do('case.apply', { theme: 9, matters: [1, 2, 3], region: '232761', name: CALLER_NAME, phone });
  await move(at, 'case.accept', await move(at, 'case.take', card));
  const ticket = await submitted(agent, pothole({ phone, title: '新生儿出生一件事办不下来', body: '预防接种证办理让我跑了三趟', kind: 3 }));
  const handlerless = await sit('1001');
  await handlerless.page.goto(`/agent/tickets?id=${ticket.id}`);
  await handlerless.at('case-suggestion').first().waitFor();
  await handlerless.picture('case-suggestion');
  await handlerless.accessible('a ticket with suggested cases');
  await handlerless.at('case-link-take').first().click();
  await handlerless.says('case-linked', card.number);
  const lead = await windowOf(theme.lead);
  await lead.page.goto(`/cases?id=${card.id}`);
  await lead.says('case-complaint', ticket.number);
  house.cookies.delete('duban');
  const supervisor = await sit('duban');
  await supervisor.page.goto('/cases/stuck');
  await supervisor.at('stuck-to').fill(date(1));
  await supervisor.says('stuck-9-complaints', '1');
  await supervisor.at('stuck-open-9').click();
  await supervisor.says('stuck-9-2', '预防接种证');
  await supervisor.at('stuck-open-3').click();
  await supervisor.says('stuck-3-bad', '1');
  await supervisor.says('stuck-3-refused', '1');
  assert.ok(Number(await supervisor.says('stuck-3-late', /\d/)) >= 2, 'the late task and the late promise');
  await supervisor.picture('stuck');
  await supervisor.accessible('where people get stuck');
  await supervisor.page.goto(`/cases?view=done`);
  await supervisor.at('case-list').waitFor();
  await supervisor.accessible('the list of cases');
});

test('a lead comes to the case that waits for it, and does not accept without papers by one click', async () => {
  const theme = themes.find((one) => one.theme === 13);
  const lead = await windowOf(theme.lead);
  const id = await apply(lead, theme, newPhone(), []);
  await lead.page.goto('/handler');
  await lead.says('case-lead', '一件事牵头待办');
  await lead.at('case-lead').click();
  await lead.page.waitForURL(/view=lead/);
  await lead.at(`case-${id}`).click();
  await lead.at('case-do-take').click();
  await lead.says('case-state', '受理审核');
  await lead.at('case-do-accept').click();
  await lead.says('confirm', '还缺');
  await lead.press('Escape');
  await lead.gone('confirm');
  await lead.says('case-state', '受理审核');
  await lead.at('case-do-accept').click();
  await lead.at('confirm-yes').click();
  await lead.says('case-state', '办理中');
});

test('the form says what is missing, and the administrator drafts, compares and enacts a list', async () => {
  const theme = themes.find((one) => one.theme === 13);
  const lead = await windowOf(theme.lead);
  await lead.page.goto('/cases?new=1');
  await lead.at('case-submit').click();
  await lead.says('fault-case-theme', '请选择');
  await lead.at('case-theme').selectOption('13');
  await lead.says('case-missing', '还缺');
  await lead.at('case-helped').check();
  await lead.accessible('the form of an application');
  await lead.picture('case-form');
  house.cookies.delete('admin');
  const admin = await sit('admin');
  await admin.page.goto('/admin/themes');
  await admin.at('theme-draft').click();
  await admin.at('theme-diff').waitFor();
  await admin.at('theme-open-13').click();
  await admin.at('edit-13-8').click();
  await admin.at('m-name').fill('城镇独生子女父母奖励金申领');
  await admin.accessible('the dialog of a matter');
  await admin.at('theme-save').click();
  await admin.says('theme-diff', '奖励金申领');
  await admin.picture('themes');
  await admin.accessible('the list with its draft');
  await admin.at('theme-enact').click();
  await admin.at('confirm-yes').click();
  await admin.says('version-2', '现行');
});

test('no page complained', () => {
  for (const desk of windows.values()) desk.checkQuiet();
});
