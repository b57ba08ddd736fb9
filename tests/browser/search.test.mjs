// 工单查询 on the screen: conditions as words, the address, the opened ticket beside the list, views, the one box.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { newPhone, pothole, submitted, walked } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const phone = newPhone();
let browser;
let desks;
let duban;
let lamp; // closed with a grade
let bridge; // under way, of a caller who is looked for

before(async () => {
  await house.opened;
  desks = { agent: await house.sit('1002', ['mine', 'callback']), handler: await house.sit('zhujian1', ['dept']), supervisor: await house.sit('duban2') };
  lamp = await walked(desks, await submitted(desks.agent, pothole({ title: '文化路路灯不亮', body: '文化路自来水公司门前路灯不亮三天，夜间行人看不见路。' })), 80);
  bridge = await submitted(desks.agent, pothole({ title: '铁路桥下积水', body: '铁路桥下积水没过脚面，路灯不亮，行人无法通过。', phone }));
  for (let n = 1; n <= 30; n++) await desks.agent.do('ticket.submit', pothole({ title: `第${n}处井盖松动`, body: `车辆经过第${n}处井盖时响声很大。` }));
  browser = await openBrowser();
  duban = await Desk.open(browser, house.server, 'duban');
  await duban.page.setViewportSize({ width: 1440, height: 900 });
  await duban.enter();
  await duban.page.waitForURL('**/supervisor');
});
after(async () => {
  await browser?.close();
});

const query = () => Object.fromEntries(new URL(duban.page.url()).searchParams);
const shown = (id) => duban.at(`found-${id}`);

test('words are found in texts, marked, and counted', async () => {
  await duban.goTo('tickets');
  await duban.says('search-count', '共 32 件');
  await duban.at('search-text').fill('路灯');
  await duban.press('Enter');
  await duban.says('search-count', '共 2 件');
  assert.equal(query().text, '路灯');
  assert.match(await shown(bridge.id).textContent(), /积水没过脚面，路灯不亮/, 'some of the text around the word');
  assert.deepEqual(await shown(lamp.id).locator('.title mark').allTextContents(), ['路灯']);
  await duban.accessible('what a search found');
  await duban.picture('search-found');
});

test('conditions are words that can be taken away, and stand in the address', async () => {
  await duban.at('add-state').selectOption('ended');
  await duban.says('search-count', '共 1 件');
  await duban.says('condition-open', '已结束');
  await duban.at('add-grade').selectOption('5');
  await duban.at('add-time').selectOption('closed:today');
  await duban.at('add-matter').fill('井盖');
  await duban.at('add-matter').press('Escape');
  await duban.at('add-dept').fill('加格达奇区住');
  await duban.at('add-dept').press('Enter');
  await duban.says('search-count', '共 1 件');
  await shown(lamp.id).waitFor();
  const { text, open, grade, closed_in, dept } = query();
  assert.deepEqual({ text, open, grade, closed_in, dept }, { text: '路灯', open: 'false', grade: '5', closed_in: 'today', dept: String(lamp.dept) });
  await duban.picture('search-conditions');
  await duban.page.reload();
  await shown(lamp.id).waitFor();
  await duban.at('drop-open').click();
  await duban.gone('condition-open');
  await duban.page.goBack();
  await duban.says('condition-open', '已结束');
  await duban.at('conditions-clear').click();
  await duban.says('search-count', '共 32 件');
});

test('a stretch of days is typed', async () => {
  await duban.at('add-time').selectOption('accepted:days');
  await duban.at('days-from').fill('2020-01-01');
  await duban.at('days-to').fill('2020-01-31');
  await duban.at('days-go').click();
  await duban.says('empty', '没有符合条件的工单');
  await duban.says('condition-accepted_from,accepted_to', '2020-01-01 至 2020-01-31');
  await duban.at('drop-accepted_from,accepted_to').click();
  await duban.says('search-count', '共 32 件');
});

test('a ticket opens beside the list by keys, and the list comes back where it was', async () => {
  await duban.at('search-table').focus();
  await duban.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter');
  await duban.page.getByTestId('ticket-shut').waitFor();
  const opened = Number(query().id);
  assert.ok(opened > 0);
  await duban.accessible('a ticket beside the list');
  await duban.picture('search-split');
  await duban.press('j');
  await until('the next one is beside it', () => Number(query().id) !== opened);
  await duban.press('Escape');
  await duban.gone('ticket-shut');
  assert.equal(query().id, undefined);
  await duban.at('search-table').waitFor();
});

test('columns put the list in order; an order by deadline means open tickets', async () => {
  await duban.at('sort-accepted').click();
  await until('the oldest are first', () => query().sort === 'oldest');
  await until('the oldest are shown', async () => (await duban.page.locator('[role=row][data-number]').first().getAttribute('data-number')) === lamp.number);
  await duban.at('sort-due').click();
  await duban.says('condition-open', '在办');
  await duban.says('search-count', '共 31 件');
  await duban.at('drop-open').click();
  await until('no order by deadline for closed ones', () => query().sort === undefined);
});

test('a caller is found by the number, which comes into no address', async () => {
  await duban.at('search-text').fill(phone);
  await duban.press('Enter');
  await duban.says('condition-phone_index,phone_mask', `${phone.slice(0, 3)}****${phone.slice(7)}`);
  await duban.says('search-count', '共 1 件');
  await shown(bridge.id).waitFor();
  assert.ok(!duban.page.url().includes(phone), 'not in the address');
  await duban.page.reload();
  await shown(bridge.id).waitFor();
  await duban.at('drop-phone_index,phone_mask').click();
});

test('a search is kept as a view, with columns, and shared', async () => {
  await duban.at('search-text').fill('井盖');
  await duban.press('Enter');
  await duban.says('condition-text', '井盖');
  await duban.at('view-keep').click();
  await duban.at('view-name').fill('井盖松动');
  await duban.at('column-channel').check();
  await duban.at('column-matter').uncheck();
  await duban.at('view-shared').check();
  await duban.accessible('the dialog of a view');
  await duban.picture('search-view');
  await duban.at('view-save').click();
  await duban.gone('view-dialog');
  await duban.says('views', '井盖松动');
  assert.deepEqual(await duban.page.getByRole('columnheader').allTextContents().then((all) => all.map((one) => one.replace(/[ ▲▼]/g, ''))),
    ['诉求', '状态', '地点', '承办单位', '受理', '期限', '评价', '渠道']);
  await duban.at('view-overdue').click();
  await duban.says('condition-due', '已超期');
  await duban.at(`view-${(await desks.supervisor.ask('view.list', {})).rows[0].view}`).click();
  await duban.says('condition-text', '井盖');
  await duban.at('add-kind').selectOption('3');
  await duban.says('view-changed', '已改');
});

test('what cannot be asked is said in words', async () => {
  duban.allowed.push(/bad_params/);
  await duban.at('search-text').fill('灯');
  await duban.press('Enter');
  await duban.says('error', '每个词至少两个字');
});

test('the one box leads from a number to its ticket and from words to the page; agents and units search too', async () => {
  const handler = await Desk.open(browser, house.server, 'zhujian1');
  await handler.page.setViewportSize({ width: 1024, height: 768 });
  await handler.enter();
  await handler.page.waitForURL('**/handler');
  await handler.at('lookup').fill('路灯');
  await handler.press('Enter');
  await handler.says('search-count', '共 2 件');
  assert.equal(await handler.at('add-dept').count(), 0, 'a unit has its own');
  await handler.accessible('a search at 1024');
  await handler.picture('search-1024');
  await handler.at(`found-${lamp.id}`).click();
  await handler.at('ticket-shut').waitFor();
  await handler.picture('search-1024-split');
  await handler.at('lookup').fill(bridge.number);
  await handler.press('Enter');
  await handler.at('ticket-modal').waitFor();
  await handler.checkQuiet();
});

test('the page complained of nothing', () => duban.checkQuiet());
