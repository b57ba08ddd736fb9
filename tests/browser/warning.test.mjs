// 预警 on the supervisor's desk: an alert appears by itself, grows, is claimed by key, becomes a 预警单 that its unit
// signs, and is closed with a verdict.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { newPhone, pothole } from '../support/tickets.mjs';

const house = openHouse();
const TITLES = ['育才小区楼下烧烤店油烟扰民', '育才小区烧烤店油烟直排无人管', '投诉育才小区楼下烧烤店油烟太大', '育才小区烧烤店油烟何时解决'];
let browser;
let agent;
let supervisor;
let handler;
let admin;

before(async () => {
  await house.opened;
  agent = await house.sit('1002', ['mine']);
  browser = await openBrowser();
  supervisor = await Desk.open(browser, house.server, 'duban');
  handler = await Desk.open(browser, house.server, 'zhujian1');
  for (const desk of [supervisor, handler]) await desk.enter();
  await supervisor.goTo('supervisor-warning');
});
after(async () => {
  await browser?.close();
});

async function look(desk, name, what) {
  await desk.accessible(what);
  for (const width of [1440, 1024]) {
    await desk.page.setViewportSize({ width, height: 900 });
    await desk.picture(`${name}-${width}`);
  }
}

const tell = (which) => agent.do('ticket.submit', pothole({
  title: TITLES[which], body: `${TITLES[which]}，请尽快处理。`, place: '育才小区', phone: newPhone() }));
const incident = () => supervisor.page.locator('article.alert', { hasText: '同一事件' });

test('an alert appears live with its evidence, a badge tells of it, and more is folded into it', async () => {
  // By the season of the day on which this runs, a plan of 未诉先办 may stand here already.
  await supervisor.at('filter-severity').waitFor();
  await supervisor.accessible('the page before the alert');
  for (let i = 0; i < 3; i++) await tell(i);
  await incident().waitFor();
  assert.match(await incident().textContent(), /3 件诉求反映同一事件/);
  assert.match((await incident().locator('mark').allTextContents()).join(' '), /育才小区/);
  assert.ok(Number(await supervisor.at('badge-nav-supervisor-warning').textContent()) >= 1);
  await tell(3);
  await incident().getByText('又有 1 件并入').waitFor();
  await supervisor.picture('warning');
  await supervisor.accessible('the alerts');
});

test('it is claimed by key, made a 预警单 whose unit sees the evidence and signs, and closed as real', async () => {
  await incident().focus();
  await supervisor.press('r');
  await incident().getByText('认领', { exact: false }).first().waitFor();
  await incident().getByTestId('claim').waitFor({ state: 'detached' });
  await supervisor.press('t');
  await supervisor.at('task-dialog').waitFor();
  await supervisor.accessible('the dialog');
  await supervisor.picture('warning-task');
  await supervisor.at('task-ok').click();
  await incident().getByText('预警单').first().waitFor();
  await handler.page.getByText('预警：育才小区').first().click();
  await handler.at('task-warning').waitFor();
  assert.equal(await handler.at('task-warning').locator('li').count(), 4);
  await handler.accessible('the 预警单');
  await handler.picture('warning-handler');
  await handler.press('s');
  await handler.says('detail-state', '办理中');
  await incident().focus();
  await supervisor.press('x');
  await supervisor.at('close-ok').click();
  await supervisor.at('fault-close-real').waitFor();
  await supervisor.choose('close-true');
  await supervisor.at('close-text').fill('已转住建局核查');
  await supervisor.at('close-ok').click();
  await incident().waitFor({ state: 'detached' });
  await supervisor.at('tab-closed').click();
  await incident().getByText('属实').waitFor();
  await supervisor.says('precision', '同一事件 1/1');
  await supervisor.at('tab-plans').click();
  await supervisor.says('plan-table', '供暖');
  await supervisor.accessible('the plans');
});

test('an administrator adds a word and a plan, is refused nonsense, and takes both back; who did it is kept', async () => {
  admin = await Desk.open(browser, house.server, 'admin');
  await admin.enter();
  await admin.at('account-count').waitFor();
  await admin.goTo('admin-warning');
  await admin.says('word-table', '集体上访');
  await admin.at('word-new').click();
  await admin.type('冒');
  await admin.press('Enter');
  await admin.says('fault-word-word', '至少两个字');
  await look(admin, 'warning-word', 'the dialog of a word');
  await admin.at('word-word').fill('冒顶');
  await admin.at('word-severity').selectOption({ label: '严重' });
  await admin.at('word-reason').fill('矿区说法');
  await admin.at('word-save').click();
  await admin.says('word-冒顶', '有效');
  await admin.says('warning-changes', '冒顶（严重）');
  await agent.do('ticket.submit', pothole({ title: '矿井冒顶', body: '井下冒顶，请派人查看。', phone: newPhone() }));
  await supervisor.at('tab-open').click();
  await supervisor.page.locator('article.alert', { hasText: '诉求中出现“冒顶”' }).waitFor();
  await admin.at('word-edit-冒顶').click();
  await admin.at('word-active').selectOption({ label: '停用' });
  await admin.at('word-save').click();
  await admin.says('word-冒顶', '已停用');

  await admin.at('plan-new').click();
  await admin.at('plan-name').fill('春季返工');
  await admin.at('plan-from').fill('02-29');
  await admin.at('plan-to').fill('02-28');
  await admin.at('plan-advice').fill('请人社部门提前排查欠薪');
  await admin.at('plan-save').click();
  await admin.says('fault-plan-reason', /./);
  await admin.at('plan-reason').fill('上年来电集中');
  await admin.at('plan-save').click();
  await admin.says('fault-plan-from', '每年都有的日子');
  await look(admin, 'warning-plan', 'the dialog of a plan');
  await admin.at('plan-from').fill('02-10');
  await admin.at('plan-to').fill('02-09');
  await admin.at('plan-save').click();
  await admin.says('fault-plan-to', '最长 300 天');
  await admin.at('plan-to').fill('03-31');
  await admin.at('plan-save').click();
  await admin.says('plan-100', '02-10 至 03-31');
  await admin.at('plan-drop-100').click();
  await admin.at('drop-reason').fill('并入其他计划');
  await admin.at('drop-ok').click();
  await admin.says('plan-100', '已停用');
  await admin.says('warning-changes', '并入其他计划');
  await look(admin, 'warning-admin', 'words and plans');
});

test('nobody complained', () => {
  admin.checkQuiet();
  supervisor.checkQuiet();
  handler.checkQuiet();
});
