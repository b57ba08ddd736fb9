// 分派模型 on the administrator's page: nothing learned yet, two versions with their figures, going back with a reason
// and by keyboard, and the running server that follows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { Client } from '../support/client.mjs';
import { closedTickets } from '../support/history.mjs';
import { runBinary, Server } from '../support/server.mjs';
import { until } from '../support/until.mjs';

const pages = [];
let server;
let browser;
let admin;

before(async () => {
  server = await Server.start();
  browser = await openBrowser();
  admin = await Desk.open(browser, server, 'admin');
  pages.push(admin);
  await admin.enter();
  await admin.at('account-count').waitFor();
  await admin.goTo('admin-models');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function train() {
  const ended = await runBinary(['train', '--config', server.config]);
  assert.equal(ended.code, 0, ended.out + ended.err);
}

const inForce = async () =>
  Number(/^hotline_model_version (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())[1]);
const dispatchesBy = (version) => until(`the server dispatches by version ${version}`, async () => (await inForce()) === version);

async function look(name, what) {
  await admin.accessible(what);
  for (const width of [1440, 1024]) {
    await admin.page.setViewportSize({ width, height: 900 });
    await admin.picture(`${name}-${width}`);
  }
}

test('before anything was learned the page says how many cases are missing', async () => {
  await admin.says('model-present', '现在按目录用词派单。已确认的历史工单 0 件');
  await admin.says('empty', '再有 500 件确认办结的工单');
  assert.equal(await admin.at('model-none').count(), 0, 'there is nothing to switch off');
  await look('models-none', 'the page without a model');
  await closedTickets(server, 10, 620);
  await admin.page.reload();
  await admin.says('model-present', '620 件');
  await admin.says('empty', '确认办结的工单已经够了');
});

test('two versions stand with their figures, the newer one in force', async () => {
  await train();
  await train();
  await dispatchesBy(2);
  await admin.page.reload();
  await admin.says('model-present', '现在按第 2 版派单');
  const row = admin.at('model-2');
  assert.match(await row.textContent(), /520 \/ 100/, 'learned from and judged by');
  assert.match(await row.textContent(), /100\.0%/);
  await admin.says('model-2', '正在使用');
  assert.equal(await admin.at('use-2').count(), 0, 'what is in force cannot be chosen');
  await admin.says('model-changes', '第 1 版 → 第 2 版');
  await look('models', 'two versions');
});

test('going back asks for a reason, by keyboard, and the server follows at once', async () => {
  await admin.at('use-1').focus();
  await admin.press('Enter');
  await admin.at('model-dialog').waitFor();
  await until('the reason is asked first', () => admin.page.evaluate(() => document.activeElement.id === 'model-reason'));
  await look('models-dialog', 'the dialog');
  await admin.press('Enter');
  await admin.says('fault-model-reason', /./);
  assert.equal(await inForce(), 2, 'nothing happens without a reason');
  await admin.press('Escape');
  await admin.gone('model-dialog');
  await admin.at('use-1').click();
  assert.equal(await admin.at('fault-model-reason').count(), 0, 'a dialog opened anew shows no old fault');
  await admin.type('第二版把噪声派错');
  await admin.press('Enter');
  await admin.gone('model-dialog');
  await admin.says('model-present', '现在按第 1 版派单');
  await admin.says('model-1', '正在使用');
  await admin.says('model-changes', '第 2 版 → 第 1 版（第二版把噪声派错）');
  await dispatchesBy(1);
});

test('who is late is told that the version is in force already', async () => {
  const late = await Desk.open(browser, server, 'admin');
  pages.push(late);
  await late.enter();
  await late.at('account-count').waitFor();
  await late.goTo('admin-models');
  await late.at('use-2').click();
  const other = await Client.sit(server, 'admin');
  await other.do('model.rollback', { version: 2, reason: '另一位管理员' });
  other.socket.terminate();
  await late.at('model-reason').fill('我也要第二版');
  await late.at('model-confirm').click();
  await late.says('model-dialog', '这一版正在使用');
  await late.press('Escape');
  await late.says('model-present', '第 2 版');
});

test('the model is switched off, and the words of the catalogue dispatch', async () => {
  await admin.page.reload();
  await admin.at('model-none').click();
  await admin.says('model-dialog', '停用模型');
  await admin.at('model-reason').fill('季节变了，先按目录');
  await admin.at('model-confirm').click();
  await admin.gone('model-dialog');
  await admin.says('model-present', '现在按目录用词派单');
  await admin.says('model-changes', '第 2 版 → 目录用词');
  await dispatchesBy(0);
  await look('models-off', 'versions of which none is in force');
});

test('the pages complained of nothing', () => pages.forEach((page) => page.checkQuiet()));
