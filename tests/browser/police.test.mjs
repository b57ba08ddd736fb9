// Danger is told while the agent types and connected with one key; 110联动 shows what has crossed and sends again
// what died.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { validDocument } from '../support/openapi.mjs';
import { KEY_ID, Police, SECRET } from '../support/police.mjs';
import { until } from '../support/until.mjs';

const police = new Police();
const house = openHouse({
  police_keys: `${KEY_ID}:${SECRET}`, police_url: await police.listen(), police_retry_ms: 50, police_retry_most_ms: 200,
});
let browser;
let agent;
let supervisor;
let admin;

before(async () => {
  await house.opened;
  Object.assign(police, { server: house.server, base: house.server.url });
  browser = await openBrowser();
  agent = await Desk.open(browser, house.server, '1001');
  await agent.enter();
  await agent.at('ticket-form').waitFor();
  supervisor = await Desk.open(browser, house.server, 'duban');
  await supervisor.enter();
  await supervisor.at('nav-supervisor-police').waitFor();
});
after(async () => {
  await browser?.close();
  await police.close();
});

async function look(desk, name, what) {
  await desk.accessible(what);
  for (const width of [1440, 1024]) {
    await desk.page.setViewportSize({ width, height: 900 });
    await desk.picture(`${name}-${width}`);
  }
}

test('what is no danger shows nothing', async () => {
  await agent.at('body-input').fill('路口井盖缺失，咨询身份证怎么补办');
  await agent.at('body-input').fill('煤气味很重');
  await agent.says('danger-words', /119/);
  await agent.at('body-input').fill('路口井盖缺失');
  await until('the bar is quiet again', async () => (await agent.at('danger-bar').getAttribute('data-level')) === '0');
});

test('danger is told at once and once, and connected with one key', async () => {
  await agent.at('body-input').fill('家里煤气味很重');
  await agent.says('danger-words', /请立即接通 119.*煤气味/);
  await agent.page.evaluate(() => {
    window.changes = 0;
    new MutationObserver((list) => (window.changes += list.length)).observe(document.querySelector('[data-test=danger-words]'),
      { childList: true, subtree: true, characterData: true });
  });
  await agent.at('body-input').pressSequentially('，在育才小区', { delay: 30 });
  await until('the longer text was judged too', async () => (await agent.at('danger-bar').getAttribute('data-level')) === '2');
  await agent.at('title').fill('煤气泄漏');
  await agent.says('danger-words', /煤气泄漏|煤气味/);
  await agent.accessible('the form with danger');
  await agent.picture('police-danger');
  assert.ok((await agent.page.evaluate(() => window.changes)) <= 2, 'said again only when the verdict changes');
  await agent.at('connect-119').click();
  await until('the form is free again', async () => (await agent.at('body-input').inputValue()) === '');
  await agent.says('ticket-number', /^2327\d{14}$/);
});

test('one click sends everything typed to 110', async () => {
  await agent.at('body-input').fill('隔壁正在打架，有人流血');
  await agent.says('danger-words', /110/);
  await agent.at('place').fill('育才小区3号楼');
  await agent.at('hand-110').click();
  const push = await police.next('push');
  assert.deepEqual([push.BJNR, push.AFDD], ['隔壁正在打架，有人流血', '育才小区3号楼']);
  await until('the form is free again', async () => (await agent.at('body-input').inputValue()) === '');
  await agent.page.goto('/agent/police');
  await agent.says('handoff-table', '转110');
  await agent.says('handoff-table', '已送达，待接收');
  await agent.accessible('the agent’s transfers');
  await agent.picture('police-agent');
  await agent.page.goto('/agent');
});

test('the supervisor sees it live, with its history on the ticket', async () => {
  await supervisor.at('nav-supervisor-police').click();
  await supervisor.says('handoff-table', '隔壁正在打架');
  await supervisor.says('link-health', '连接正常');
  const { ticket_no: number } = police.heard.find((one) => one.kind === 'push').body;
  await police.send('refuse', police.envelope({ ticket_no: number, code: 1, text: '属邻里纠纷', person: '李警官', version: 1 }));
  await supervisor.says('count-dispute', '1');
  await supervisor.at('tab-dispute').click();
  await supervisor.says('handoff-table', '属邻里纠纷');
  await supervisor.picture('police-dispute');
  await supervisor.page.getByRole('button', { name: number }).first().click();
  await supervisor.says('handoffs', '属邻里纠纷');
  await supervisor.picture('police-ticket');
  await supervisor.press('Escape');
  await supervisor.at('rule').first().click();
  await supervisor.at('deed-reason').fill('由社区调解');
  await supervisor.at('deed-ok').click();
  assert.equal((await police.next('ruling')).owner, 'hotline');
});

test('a dead letter is sent again by a person, after a question', async () => {
  police.mode = { status: 422 };
  await agent.at('body-input').fill('有人持刀在店里砍人');
  await agent.says('danger-words', /110/);
  await agent.at('hand-110').click();
  await supervisor.says('count-dead', '1');
  await supervisor.at('tab-dead').click();
  await supervisor.says('dead-table', /422/);
  await supervisor.accessible('the dead letters');
  await supervisor.picture('police-dead');
  police.mode = {};
  await supervisor.at('letter-again').click();
  await supervisor.at('letter-reason').fill('平台已恢复');
  await supervisor.at('letter-ok').click();
  await supervisor.page.getByRole('button', { name: '重新发送' }).click();
  await supervisor.gone('dead-table');
  await until('it arrived', () => police.heard.some((one) => one.kind === 'push' && /持刀/.test(one.body.BJNR) && police.known.has(one.body.msg_id)));
});

test('out, in, disputes and dead letters are readable on a wide and on a narrow desk', async () => {
  assert.equal((await police.push({ JQ_TYWYSBM: 'JQ-browser-1', BJNR: '小区路灯全部不亮，请尽快修复' })).status, 200);
  for (const tab of ['out', 'in', 'dispute', 'dead']) {
    await supervisor.at(`tab-${tab}`).click();
    if (tab === 'in') await supervisor.says('handoff-table', '路灯全部不亮');
    await look(supervisor, `police-${tab}`, `the tab ${tab}`);
  }
});

test('an administrator adds a word of the place, tries it, and takes it back', async () => {
  admin = await Desk.open(browser, house.server, 'admin');
  await admin.enter();
  await admin.at('account-count').waitFor();
  await admin.goTo('admin-police');
  await admin.says('police-count', '0');
  await admin.at('police-try').fill('村东头出了老虎神，叼走一只羊');
  await admin.says('police-verdict', '不属于');
  await look(admin, 'police-words-none', 'no word added');
  await admin.at('police-situation').selectOption({ label: '野生动物伤人' });
  await admin.at('police-word').fill('虎');
  await admin.at('police-add').click();
  await admin.says('fault-police-word', '至少两个字');
  await admin.at('police-word').fill('老虎神');
  await admin.press('Enter');
  await admin.says('police-老虎神', '野生动物伤人');
  await until('the tried sentence is judged anew', async () => {
    await admin.at('police-try').press('End');
    await admin.at('police-try').fill('村东头出了老虎神，叼走一只羊。');
    return /有生命财产危险.*老虎神/.test(await admin.at('police-verdict').textContent());
  });
  await agent.at('body-input').fill('村东头出了老虎神');
  await agent.says('danger-words', /老虎神/);
  await agent.at('body-input').fill('');
  await look(admin, 'police-words', 'a word added');
  await admin.at('police-drop-老虎神').click();
  await admin.at('confirm-yes').click();
  await admin.gone('police-老虎神');
  await admin.says('police-changes', '去掉“老虎神”');
  await admin.says('police-changes', '添加“老虎神”');
});

test('the interface is documented where it is served', async () => {
  const reply = await fetch(`${house.server.url}/openapi.json`);
  assert.equal(reply.status, 200);
  assert.match(reply.headers.get('content-type'), /application\/json/);
  await validDocument(await reply.json());
});

test('the pages complained of nothing', () => {
  agent.checkQuiet();
  admin.checkQuiet();
  supervisor.checkQuiet();
});
