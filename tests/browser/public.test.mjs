// A citizen with a phone of 360×640: submits, follows by number and code, adds, urges, and rates.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { HOUSING, contacted, newPhone } from '../support/tickets.mjs';

const house = openHouse({ public_per_minute: 10_000, public_tickets_per_hour: 1000 });
const phone = newPhone();
let browser;
let citizen;
let desks;
let number;
let code;

before(async () => {
  await house.opened;
  desks = { agent: await house.sit('1001'), handler: await house.sit('zhujian1'), supervisor: await house.sit('duban') };
  browser = await openBrowser();
  citizen = await Desk.visit(browser, house.server, '/public');
});
after(async () => {
  await browser?.close();
});

const fits = async () => assert.ok(await citizen.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing is wider than the phone');

test('what is missing is said at its field, and the draft survives a reload', async () => {
  await citizen.accessible('the citizen’s home');
  await citizen.picture('public-home');
  await citizen.at('go-new').click();
  await citizen.at('public-region').selectOption('232761');
  await citizen.at('public-send').click();
  await citizen.says('fault-title', /说明/);
  await citizen.accessible('the form with faults');
  await citizen.at('public-title').fill('路口井盖缺失');
  await citizen.at('public-body').fill('朝阳路路口的井盖缺失三天，夜间行人容易踩空，请尽快修复。');
  await citizen.page.reload();
  assert.equal(await citizen.at('public-title').inputValue(), '路口井盖缺失');
  await citizen.at('public-phone').fill(phone);
  await fits();
  await citizen.picture('public-form');
});

test('a ticket is accepted once, its number and code are shown', async () => {
  await citizen.at('public-send').dblclick();
  number = await citizen.says('public-number', /^2327\d{14}$/);
  code = await citizen.says('public-code', /^\d{6}$/);
  assert.equal(Number(await house.server.services.value('select count(*) from ticket')), 1, 'two taps, one ticket');
  await citizen.accessible('the accepted ticket');
  await citizen.picture('public-accepted');
});

test('a wrong code opens nothing, the right one the progress', async () => {
  citizen.allowed.push(/status of (404|422)/);
  await citizen.page.goto('/public#/look');
  await citizen.at('look-number').fill(number);
  await citizen.at('look-code').fill(code === '000000' ? '000001' : '000000');
  await citizen.at('look-send').click();
  await citizen.says('look-error', /没有找到/);
  await citizen.at('look-code').fill(code);
  await citizen.at('look-send').click();
  await citizen.at('view').waitFor();
  assert.ok(!citizen.page.url().includes(number) && !citizen.page.url().includes(code), 'neither stands in the address');
  await citizen.at('do-supplement').click();
  await citizen.at('do-text').fill('井盖在路口东北角');
  await citizen.at('do-send').click();
  await citizen.says('said', '已补充');
  await citizen.accessible('the progress');
  await fits();
});

test('the citizen reads the answer and rates it bad with a cause', async () => {
  const [{ ticket }] = await house.server.services.rows(`select ticket from ticket where number = '${number}'`);
  let card = await desks.supervisor.ask('ticket.get', { id: ticket });
  assert.ok(card.events.some((event) => event.action === 'supplement' && event.who === '诉求人'));
  if (card.state === 30) card = await desks.supervisor.move('assign', card, { dept: HOUSING, reason: '属住建' });
  card = await desks.handler.move('sign', card);
  await citizen.at('do-urge').click();
  await citizen.at('do-send').click();
  await citizen.says('said', '已催办');
  card = await contacted(desks.handler, card);
  card = await desks.handler.move('finish', card, { text: '已更换井盖', solved: true });
  card = await desks.supervisor.move('pass', card);
  await desks.agent.move('notify', card, { way: 'sms', text: '已更换井盖' });
  await citizen.at('leave').click();
  await citizen.at('look-number').fill(number);
  await citizen.at('look-code').fill(code);
  await citizen.at('look-send').click();
  await citizen.says('view-reply', '已更换井盖');
  await citizen.at('do-rate').click();
  await citizen.at('grade-2').check();
  await citizen.at('solved-no').check();
  await citizen.at('rate-send').click();
  await citizen.at('fault-blame').waitFor();
  await citizen.at('blame').selectOption('1');
  await citizen.at('reason').fill('换了又松动');
  await citizen.accessible('the rating');
  await citizen.picture('public-rating');
  await citizen.at('rate-send').click();
  await citizen.says('said', '感谢');
  assert.equal((await desks.supervisor.ask('ticket.get', { id: ticket })).state, 65);
  await citizen.picture('public-progress');
});

test('the page complained of nothing', () => citizen.checkQuiet());
