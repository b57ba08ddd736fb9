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

test('nobody complained', () => {
  supervisor.checkQuiet();
  handler.checkQuiet();
});
