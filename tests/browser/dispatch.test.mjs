// 快速分派 on the desks: proposals while typing, taken by one key; candidates of the pool; the rules' page from the
// first edit over the trial into force and back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { HOUSING, newPhone, pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const POLICE = 2412;
const house = openHouse();
let browser;
let agent;
let supervisor;
let caller; // a console without a browser, to look behind the screen

before(async () => {
  await house.opened;
  caller = await house.sit('1002', ['mine']);
  await submitted(caller, pothole());
  browser = await openBrowser();
  agent = await Desk.open(browser, house.server, '1001');
  await agent.enter();
  await agent.at('ticket-form').waitFor();
  supervisor = await Desk.open(browser, house.server, 'duban');
  await supervisor.enter();
});
after(async () => {
  await browser?.close();
});

const ticketOf = async (desk) => (await house.sit('duban2')).ask('ticket.get', {
  id: Number(await desk.at('ticket-number').first().getAttribute('data-id')) });

test('who would deal with it is proposed while the agent types, and one key takes it', async () => {
  await agent.at('phone').fill(newPhone());
  await agent.at('place-pick').fill('加格达奇');
  await agent.at('place-pick').press('Enter');
  await agent.at('kind-3').check();
  await agent.at('body-input').click();
  await agent.type('路口的井盖缺失，路灯不亮，');
  await agent.says('suggest-lead', '住房和城乡建设局');
  await agent.says('suggest-reasons', '“井盖缺失”');
  await agent.says('suggest-0', '市政设施');
  assert.equal(await agent.page.evaluate(() => document.activeElement.id), 'body', 'the cursor stays where it is');
  await agent.accessible('the form with a proposal');
  await agent.picture('agent-suggest');
  await agent.type('请尽快修复。');
  await agent.press('F8');
  await until('the matter is taken', async () => (await agent.at('matter').inputValue()) === '市政设施');
  await agent.says('suggest-sure', '100%');
  assert.equal(await agent.page.evaluate(() => document.activeElement.id), 'body');
  await agent.picture('agent-suggest-taken');
  await agent.press('Control+Enter');
  await agent.says('dispatch-dept', '住房和城乡建设局');
  const ticket = await ticketOf(agent);
  assert.equal(ticket.dept, HOUSING);
  const { offered } = ticket.events.find((event) => event.action === 'submit').detail;
  assert.deepEqual([offered.matter, offered.dept, offered.taken], ['0305', HOUSING, true]);
});

test('the pool shows candidates with their reasons, and one key sends the ticket to the first', async () => {
  const card = await caller.do('ticket.submit', pothole({ matter: undefined, title: '暖气不热', body: '电梯停运，暖气不热' }));
  await caller.card(card.id, (b) => b.state === 30);
  await supervisor.page.goto(`/supervisor/pool?id=${card.id}`);
  await supervisor.at('candidate-0').waitFor();
  await supervisor.accessible('the pool with candidates');
  await supervisor.picture('pool-candidates');
  await supervisor.press('1');
  await supervisor.says('detail-state', '待签收');
  await supervisor.gone('candidates');
});

async function enforce(reason) {
  await supervisor.at('version-reason').fill(reason);
  await supervisor.at('version-ok').click();
  await supervisor.gone('reason-dialog');
}

test('a rule is written, tried against last month, put into force, and taken back', async () => {
  await supervisor.goTo('supervisor-dispatch');
  await supervisor.says('version', '1');
  await supervisor.accessible('the dispatch rules');
  await supervisor.at('rule-add').click();
  await supervisor.at('rule-save').click();
  await supervisor.says('rule-fault', '名称应填写');
  await supervisor.at('rule-name').fill('井盖归公安');
  await supervisor.at('rule-any').fill('井盖，窨井盖');
  await supervisor.at('rule-way').selectOption('unit');
  await supervisor.page.locator('#rule-unit').fill('加格达奇区公安局');
  await supervisor.page.locator('#rule-unit').press('Enter');
  await supervisor.at('rule-basis').fill('联席会议纪要');
  await supervisor.accessible('the dialog of a rule');
  await supervisor.picture('dispatch-rule');
  await supervisor.at('rule-save').click();
  await supervisor.gone('rule-dialog');
  await supervisor.says('rule-table', '含“井盖”“窨井盖”之一');
  assert.ok(await supervisor.at('enforce').isDisabled(), 'not before it was tried');
  await supervisor.at('try').click();
  await supervisor.says('tried-moves', /^[1-9]/);
  await supervisor.says('tried-moved', '公安局');
  await supervisor.accessible('the trial of a draft');
  await supervisor.picture('dispatch-tried');
  await supervisor.at('enforce').click();
  await enforce('试行一月');
  await supervisor.says('version', '2');
  const there = await submitted(caller, pothole());
  assert.equal(there.dept, POLICE);
  await supervisor.at('back-1').click();
  await enforce('公安无此职责');
  await supervisor.says('version', '3');
  await supervisor.says('versions', '公安无此职责');
  await supervisor.picture('dispatch-back');
  await until('the bureau is responsible again', async () => (await submitted(caller, pothole())).dept === HOUSING);
});

test('thresholds and fallbacks are edited in a draft, which can be given up', async () => {
  await supervisor.at('terms-straight').fill('75');
  await supervisor.at('terms-save').click();
  await supervisor.at('draft').waitFor();
  await supervisor.at('fallback-region').selectOption({ label: '呼中区' });
  await supervisor.at('fallback-duty').selectOption({ label: '生态环境' });
  await supervisor.at('fallback-add').click();
  await supervisor.says('fallbacks', '呼中区没有生态环境职责的单位时，由县区政府承办');
  await supervisor.accessible('a draft of thresholds and fallbacks');
  await supervisor.picture('dispatch-draft');
  await supervisor.at('drop').click();
  await supervisor.at('confirm-yes').click();
  await supervisor.gone('draft');
  assert.equal(await supervisor.at('terms-straight').inputValue(), '60');
});

test('the pages complained of nothing', () => {
  agent.checkQuiet();
  supervisor.checkQuiet();
});
