// What an agent does with a caller besides sending a ticket on its way: points one by one, an answer at the
// desk, 不予受理, merging, taking up again, and the caller's wishes about earlier tickets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { newPhone, pothole, submitted, ticketIn } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const phone = newPhone();
let browser;
let agent;
let desks;
let open; // a ticket of this caller that is under way
let past; // and one that is over

before(async () => {
  await house.opened;
  desks = {
    agent: await house.sit('1002', ['mine']), handler: await house.sit('zhujian1'), supervisor: await house.sit('duban'),
  };
  past = await ticketIn(80, desks, pothole({ phone, title: '去年反映的井盖' }));
  open = await submitted(desks.agent, pothole({ phone, title: '上次反映的井盖' }));
  browser = await openBrowser();
  agent = await Desk.open(browser, house.server, '1001');
  await agent.enter();
  await agent.at('ticket-form').waitFor();
});
after(async () => {
  await browser?.close();
});

const card = (id) => desks.supervisor.ask('ticket.get', { id });

/** Fill in what every request needs. */
async function fill(title) {
  await agent.at('phone').fill(phone);
  await agent.at('phone').press('Tab');
  await agent.at('place-pick').fill('加格达奇');
  await agent.at('place-pick').press('Enter');
  await agent.at('kind-3').check();
  await agent.at('body-input').fill(`${title}，请尽快处理。`);
  await agent.at('title').fill(title);
}

/** Submit; the card of what came of it. */
async function submit(state) {
  await agent.press('Control+Enter');
  await until('the form is free again', async () => (await agent.at('title').inputValue()) === '');
  await agent.says('dispatch-result', state);
  await agent.says('query-code', /^\d{6}$/);
  return card(Number(await agent.at('ticket-number').getAttribute('data-id')));
}

test('points are listed one by one, and a question is answered at the desk', async () => {
  await fill('咨询井盖由谁管');
  await agent.says('caller-open-count', '1');
  await agent.at('point-add').click();
  await agent.type('井盖归谁管');
  await agent.press('Enter');
  await agent.type('多久能修');
  await agent.at('how-1').check();
  await agent.press('Control+Enter');
  await agent.says('fault-answer', '请填写答复');
  await agent.accessible('the form of a direct answer');
  await agent.picture('agent-answer');
  await agent.at('answer-input').fill('井盖由市政部门管理，一般三日内修复。');
  const done = await submit('待评价');
  assert.deepEqual(done.points, ['井盖归谁管', '多久能修']);
  assert.equal(done.reply, '井盖由市政部门管理，一般三日内修复。');
  await agent.picture('agent-answered');
});

test('what is no matter of the hotline is refused with its cause', async () => {
  await fill('法院判决不服');
  await agent.at('how-2').check();
  await agent.press('Control+Enter');
  await agent.says('fault-refuse-cause', '请选择');
  await agent.at('refuse-cause').selectOption('2');
  await agent.at('answer-input').fill('对判决不服的，请依法上诉。');
  await agent.gone('form-error');
  await agent.picture('agent-refuse');
  assert.equal((await submit('不予受理')).state, 82);
});

test('the same thing again is merged into the caller’s open ticket', async () => {
  await fill('井盖还没修');
  await agent.at(`caller-merge-${open.id}`).click();
  assert.equal(await agent.at('master').inputValue(), String(open.id));
  await agent.accessible('the form of a merge');
  await agent.picture('agent-merge');
  assert.equal((await submit('已并单')).master, open.id);
});

test('what was done with comes again: the new ticket is tied to the old', async () => {
  await fill('井盖又坏了');
  await agent.at(`caller-again-${past.id}`).click();
  assert.equal(await agent.at('prev').inputValue(), String(past.id));
  const again = await submit(/./);
  assert.deepEqual(again.links.map((link) => link.id), [past.id]);
});

test('the caller urges, adds and withdraws from beside the form, which stays as it was', async () => {
  await fill('写到一半');
  await agent.at(`caller-urge-${open.id}`).click();
  await agent.at('dialog-text').fill('来电催促');
  await agent.accessible('the dialog of an urge');
  await agent.picture('agent-urge');
  await agent.at('dialog-ok').click();
  await agent.gone('action-dialog');
  await agent.at(`caller-supplement-${open.id}`).click();
  await agent.at('dialog-text').fill('井盖在东北角');
  await agent.at('dialog-ok').click();
  await agent.gone('action-dialog');
  const now = await card(open.id);
  assert.equal(now.urged, 1);
  assert.ok(now.events.some((event) => event.action === 'supplement' && event.note === '井盖在东北角'));
  assert.equal(await agent.at('title').inputValue(), '写到一半');
});

test('the own tickets show what waits for the caller', async () => {
  await agent.page.goto('/agent/tickets?tab=supply');
  await agent.says('count-supply', '0');
  await agent.accessible('the own tickets');
  await agent.picture('agent-supply');
});

test('the page complained of nothing', () => agent.checkQuiet());
