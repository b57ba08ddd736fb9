// A day at the hotline in three browsers at once: agent, handler and supervisor at the real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { Switch } from '../support/switch.mjs';
import { HOUSING, newPhone, pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse({ ring_seconds: 30, wrapup_seconds: 30 });
const phone = newPhone();
const REASON = '井盖换了又松动，夜里仍有响声';
let browser;
let line;
let agent;
let handler;
let other;
let supervisor;
let call;
let auditor; // the second supervisor, at the wire: passes answers, verifies bad ratings
let ticket; // {id, number} of the ticket of the day

before(async () => {
  await house.opened;
  line = new Switch(house.server);
  const earlier = await house.sit('1002', ['mine']);
  await submitted(earlier, pothole({ phone, title: '上次反映的路灯问题' }));
  await earlier.close();
  auditor = await house.sit('duban2');
  browser = await openBrowser();
  [agent, handler, other, supervisor] = await Promise.all(
    ['1001', 'zhujian1', 'zhujian2', 'duban'].map((name) => Desk.open(browser, house.server, name)));
});
after(async () => {
  await browser?.close();
});

const figure = async (name) => Number((await supervisor.says(`figure-${name}`, /\d/)).replace(/\D/g, ''));
const figureBecomes = (name, value) => until(`${name} is ${value}`, async () => (await figure(name)) === value);

/** Open the ticket's row and wait for its detail. */
async function open(desk, id) {
  await desk.at(`row-${id}`).click();
  await desk.page.locator(`[data-test=detail][data-id="${id}"]`).waitFor();
}

async function finish(desk, text) {
  await desk.press('f');
  await desk.at('dialog-text').fill(text);
  await desk.choose('solved-1');
  await desk.at('dialog-ok').click();
  await desk.at('confirm-yes').click();
  await until('the answer waits for its audit', async () => (await now()).state === 50);
  await auditor.move('pass', await now());
}

const now = () => auditor.ask('ticket.get', { id: ticket.id });

test('a wrong password is told, the right one opens the own desk', async () => {
  agent.allowed.push(/401/);
  await agent.accessible('the login page');
  await agent.picture('login');
  await agent.enter('wrong');
  await agent.says('login-error', /账号或密码错误/);
  await agent.enter();
  await agent.says('who', '林晓雪');
  await agent.at('ticket-form').waitFor();
  for (const desk of [handler, other, supervisor]) await desk.enter();
  await handler.says('who', '李春林');
  await other.says('who', '孙丽娜');
  await supervisor.at('board').waitFor();
  // Lost by a reload: at the end it proves that the page was never loaded again.
  await supervisor.page.evaluate(() => (window.sameLife = true));
});

test('a call rings at the ready agent, F2 answers, and the history of the number is there', async () => {
  await agent.says('seat-state', '示忙');
  await agent.at('seat-ready').click();
  await agent.says('seat-state', '示闲');
  await figureBecomes('seats-ready', 1);
  call = await line.ring(phone);
  await agent.at('ringing').waitFor();
  await agent.says('ringing-phone', phone);
  await figureBecomes('seats-ringing', 1);
  await agent.says('caller-open-count', '1');
  await agent.says('caller-open', '上次反映的路灯问题');
  await agent.picture('agent-ringing');
  await agent.press('F2');
  const { extension } = await line.becomes(call, 'answering');
  await line.answered(call, extension);
  await agent.says('talking-phone', phone);
  await agent.says('seat-state', '通话');
  await figureBecomes('seats-talking', 1);
  await agent.says('caller-phone', phone);
});

test('the form is filled by keyboard alone, the matter found by pinyin initials', async () => {
  const openBefore = await figure('open');
  const accepted = await figure('accepted-today');
  await until('the number of the call is in the form', async () => (await agent.at('phone').inputValue()) === phone);
  await agent.at('phone').focus();
  await agent.press('Enter');
  await agent.type('诸葛明月');
  await agent.press('Enter');
  await agent.type('加格达奇');
  await agent.press('Enter', 'Enter');
  await agent.type('朝阳路与胜利路交口');
  await agent.press('Enter');
  for (let i = 0; i < 6 && !(await agent.at('kind-3').isChecked()); i++) await agent.press('ArrowRight');
  await agent.press('Tab');
  await agent.type('朝阳路与胜利路交口的井盖缺失三天，夜间行人容易踩空，请尽快修复。');
  await agent.press('Tab');
  await agent.type('路口井盖缺失');
  await agent.press('Enter');
  await agent.page.keyboard.type('szss');
  await agent.says('matter-option', '市政设施');
  await agent.press('Enter');
  assert.match(await agent.at('matter').inputValue(), /市政设施/);
  await agent.picture('agent-form');
  await agent.accessible('the agent’s desk');
  await agent.press('Control+Enter');
  const number = await agent.says('ticket-number', /^\s*2327\d{14}\s*$/);
  const id = Number(await agent.at('ticket-number').getAttribute('data-id'));
  ticket = { id, number };
  await agent.says('dispatch-dept', '住房和城乡建设局');
  assert.ok((await agent.says('dispatch-why', /./)).length > 5);
  await agent.picture('agent-submitted');
  await figureBecomes('open', openBefore + 1);
  await figureBecomes('accepted-today', accepted + 1);
  await agent.says('caller-open-count', '2');
});

test('the handler sees it arrive live, signs, reports progress and finishes', async () => {
  await handler.at(`row-${ticket.id}`).waitFor();
  await open(handler, ticket.id);
  await handler.says('detail-number', ticket.number);
  await handler.picture('handler-inbox');
  await handler.accessible('the handler’s inbox');
  const mask = await handler.says('phone-mask', /\*/);
  assert.ok(!mask.includes(phone));
  await handler.press('s');
  await handler.says('detail-state', '办理中');
  await until('the board counts it as being handled', async () =>
    /\d/.test(await supervisor.at(`department-${HOUSING}`).textContent()) &&
    (await supervisor.at(`department-${HOUSING}`).locator('td').nth(2).textContent()).trim() === '1');
  await handler.press('p');
  await handler.at('dialog-text').fill('已派市政维修班到场');
  await handler.press('Control+Enter');
  await handler.at('event-progress').waitFor();
  await handler.press('c');
  await handler.at('dialog-text').fill('已电话告知诉求人今日到场');
  await handler.press('Control+Enter');
  await handler.at('event-contact').waitFor();
  await handler.press('f');
  await handler.at('dialog-text').fill('井盖已更换');
  await handler.choose('solved-1');
  await handler.accessible('the dialog of a finish');
  await handler.picture('handler-finish');
  // What was typed survives a reload.
  await handler.page.reload();
  await handler.at('tab-handling').click();
  await open(handler, ticket.id);
  await handler.press('f');
  await until('the answer is there again', async () => (await handler.at('dialog-text').inputValue()) === '井盖已更换');
  await handler.press('Escape');
  await handler.at('confirm-yes').click();
  await finish(handler, '井盖已更换，现场恢复');
});

test('the agent hangs up, tells the citizen and records a bad rating', async () => {
  await agent.press('F9');
  await agent.says('seat-state', '话后整理');
  await figureBecomes('seats-wrapup', 1);
  // The code of this caller is not there to be read out to the next.
  await agent.says('query-code', /^\d{6}$/);
  await agent.at('seat-ready').click();
  const next = await line.ring(newPhone());
  await agent.at('ringing').waitFor();
  await agent.gone('query-code');
  await agent.says('ticket-number', ticket.number);
  await agent.press('F2');
  await line.answered(next, (await line.becomes(next, 'answering')).extension);
  await agent.press('F9');
  await agent.says('seat-state', '话后整理');
  await agent.goTo('agent-callback');
  await open(agent, ticket.id);
  await agent.picture('agent-callback');
  await agent.accessible('the agent’s callbacks');
  await agent.press('n');
  assert.equal(await agent.at('dialog-text').inputValue(), '井盖已更换，现场恢复');
  await agent.at('dialog-ok').click();
  await agent.says('detail-state', '待评价');
  await agent.press('e');
  await agent.choose('rate-1');
  await agent.choose('solved-0');
  await agent.at('redo-note').waitFor();
  await agent.at('dialog-ok').click();
  await agent.says('fault-act-reason', /原因/);
  await agent.at('dialog-blame').selectOption('1');
  await agent.at('dialog-reason').fill(REASON);
  await agent.picture('agent-rating');
  await agent.accessible('the dialog of a rating');
  await agent.at('dialog-ok').click();
  await agent.says('detail-state', '差评核实');
  await auditor.move('redo', await now(), { reason: '回访属实' });
  await agent.says('detail-state', '待签收');
});

test('the handler sees it come back with the reason, and does it again', async () => {
  await handler.at('tab-sign').click();
  await open(handler, ticket.id);
  assert.match(await handler.says(`row-${ticket.id}`, '重办'), /第2轮/);
  await handler.says('redo-reason', REASON);
  await handler.picture('handler-redo');
  await handler.press('s');
  await handler.says('detail-state', '办理中');
  await handler.press('c');
  await handler.at('dialog-text').fill('已再次联系');
  await handler.press('Control+Enter');
  await handler.gone('action-dialog');
  await finish(handler, '已重新安装并加固井盖');
});

test('a good rating closes it, and the timeline tells the whole story', async () => {
  const closed = await figure('closed-today');
  await agent.goTo('agent-callback');
  await open(agent, ticket.id);
  await agent.press('n');
  await agent.at('dialog-ok').click();
  await agent.says('detail-state', '待评价');
  await agent.press('e');
  await agent.choose('rate-5');
  await agent.choose('solved-1');
  await agent.at('dialog-ok').click();
  await agent.says('detail-state', '已办结');
  for (const step of ['submit', 'dispatch', 'progress', 'redo', 'rate']) await agent.at(`event-${step}`).first().waitFor();
  assert.equal(await agent.at('event-sign').count(), 2);
  await agent.picture('ticket-timeline');
  await figureBecomes('closed-today', closed + 1);
  await supervisor.says('figure-rate', '50.0%');
  assert.equal(await supervisor.page.evaluate(() => window.sameLife), true, 'the board was never loaded again');
});

test('of two handlers who sign at once one wins, and the other is told who', async () => {
  const caller = await house.sit('1003', ['mine']);
  for (let round = 0; round < 3; round++) {
    const card = await submitted(caller, pothole({ title: `同时签收${round}` }));
    for (const desk of [handler, other]) {
      await desk.at('tab-sign').click();
      await open(desk, card.id);
    }
    await Promise.all([handler.press('s'), other.press('s')]);
    for (const desk of [handler, other]) await desk.says('detail-state', '办理中');
    const full = await caller.ask('ticket.get', { id: card.id });
    const signs = full.events.filter((event) => event.action === 'sign');
    assert.equal(signs.length, 1);
    const loser = signs[0].who === '李春林' ? other : handler;
    const told = await Promise.race([loser.says('stale', signs[0].who), loser.says('detail', signs[0].who)]);
    assert.ok(told.includes(signs[0].who));
  }
  await other.picture('handler-stale');
});

test('a draft survives a reload', async () => {
  await agent.goTo('agent');
  await agent.at('title').fill('没写完的登记');
  await agent.at('body-input').fill('写到一半页面刷新了');
  await until('the draft is stored', () => agent.page.evaluate(() => new Promise((resolve) => {
    const asked = indexedDB.open('hotline');
    asked.onerror = () => resolve(false);
    asked.onsuccess = () => {
      const store = asked.result.transaction('drafts').objectStore('drafts').getAll();
      store.onsuccess = () => resolve(JSON.stringify(store.result).includes('写到一半页面刷新了'));
    };
  })));
  await agent.page.reload();
  await until('the draft is back', async () => (await agent.at('body-input').inputValue()) === '写到一半页面刷新了');
  assert.equal(await agent.at('title').inputValue(), '没写完的登记');
});

test('when the server restarts the desks say so, recover, and a queued submission is delivered once', async () => {
  const desks = [agent, handler, other, supervisor];
  for (const desk of desks) desk.allowed.push(/WebSocket connection to .* failed/, /ERR_CONNECTION_REFUSED/);
  await agent.at('place-pick').fill('加格达奇');
  await agent.press('Enter');
  await agent.choose('kind-3');
  await agent.at('title').fill('断线时提交的登记');
  await agent.at('matter').fill('szss');
  await agent.press('Enter');
  await house.server.kill9();
  for (const desk of desks) await desk.at('offline-bar').waitFor();
  await agent.picture('agent-offline');
  await agent.accessible('the desk while offline');
  await agent.at('submit').click();
  await house.server.serve();
  for (const desk of desks) await desk.gone('offline-bar');
  const number = await agent.says('ticket-number', /^\s*2327\d{14}\s*$/);
  const rows = await house.server.services.rows(`select ticket, number from ticket where title = '断线时提交的登记'`);
  assert.deepEqual(rows.map((row) => row.number), [number]);
  await handler.at('tab-sign').click();
  await handler.at(`row-${rows[0].ticket}`).waitFor();
  await agent.says('who', '林晓雪');
});

test('every other page opens, is accessible and complains of nothing', async () => {
  const admin = await Desk.open(browser, house.server, 'admin');
  await admin.enter();
  await admin.at('account-count').waitFor();
  const tours = [
    [agent, ['agent-callback', 'agent-tickets']],
    [handler, ['handler', 'handler-done', 'handler-parts']],
    [supervisor, ['supervisor', 'supervisor-pool', 'supervisor-review', 'supervisor-orders', 'tickets',
      'supervisor-seats', 'supervisor-quality', 'supervisor-report']],
    [admin, ['admin', 'admin-limits', 'admin-calendar', 'admin-models', 'admin-server']],
  ];
  for (const [desk, pages] of tours)
    for (const page of pages) {
      await desk.goTo(page);
      await desk.page.waitForURL(`**/${page.replace('-', '/')}**`);
      await desk.page.waitForFunction(() => !document.querySelector('[data-test=loading]'));
      await desk.accessible(page);
      await desk.picture(page);
    }
  await agent.at('cheat').click();
  await agent.accessible('the cheat sheet');
  await agent.picture('cheat-sheet');
  await agent.press('Escape');
  await admin.at('logout').click();
  await admin.at('login').waitFor();
  admin.checkQuiet();
});

test('no page complained during the whole day', () => {
  for (const desk of [agent, handler, other, supervisor]) desk.checkQuiet();
});
