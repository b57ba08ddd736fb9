// 简报 and 导出记录 on the desk: a bulletin read, explained, corrected and printed on A4; exports watched and fetched.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import readSheets from 'read-excel-file/node';
import { Desk, openBrowser } from '../support/browser.mjs';
import { Client } from '../support/client.mjs';
import { dayFromNow, fillMonths } from '../support/months.mjs';
import { Server } from '../support/server.mjs';
import { root } from '../support/services.mjs';
import { until } from '../support/until.mjs';

let server;
let browser;
let desk;
let console1; // a console without a browser, to look behind the screen
const screens = path.join(root, 'var/screens');

before(async () => {
  server = await Server.start();
  await fillMonths(server, { until: dayFromNow(0), days: 40, daily: 25 });
  browser = await openBrowser();
  console1 = await Client.sit(server, 'duban');
  desk = await Desk.open(browser, server, 'duban');
  await desk.enter();
});
after(async () => {
  desk?.checkQuiet();
  await browser?.close();
  console1?.socket.terminate();
  await server?.stop();
});

/** The week that was asked for; the clock may have made others meanwhile. */
const made = async () => {
  const { rows } = await console1.ask('bulletin.list', { kind: 'week' });
  return rows.find((row) => row.begun <= dayFromNow(-8));
};

test('an empty list says so, and a bulletin is made on demand and opens by itself', async () => {
  await desk.goTo('supervisor-bulletin');
  await desk.says('empty', '还没有简报');
  await desk.at('make').click();
  await desk.at('make-day').fill(dayFromNow(-8));
  await desk.accessible('the dialog');
  await desk.at('make-ok').click();
  await desk.at('sheet').waitFor();
  await desk.says('sheet-version', '第 1 版');
  const row = await made();
  await desk.says('sheet-label', row.label);
  const { document } = await console1.ask('bulletin.get', { id: row.bulletin });
  await desk.says('summary', document.summary[0]);
  await desk.says('figure-accepted', String(document.volume.accepted.now));
  await until('the whole overdue list stands there', async () =>
    (await desk.at('overdue-row').count()) === document.overdue.count);
  assert.ok(document.overdue.count > 3, 'there is something to list');
  await desk.accessible('a bulletin');
  await desk.picture('bulletin');
});

test('each figure says what it means, and an overdue line opens its ticket', async () => {
  const tip = desk.at('figure-response').getByTestId('tip');
  await tip.click();
  await desk.says('tip-note', '按时签收');
  await desk.press('Escape');
  await desk.gone('tip-note');
  const { rows } = await console1.ask('bulletin.overdue', { id: (await made()).bulletin });
  await desk.at(`overdue-${rows[0].id}`).click();
  await desk.says('ticket-modal', rows[0].number);
  await desk.page.locator('.el-dialog__headerbtn').click();
  await desk.gone('ticket-modal');
});

test('a correction wants a reason and is a further version; the first stays', async () => {
  await desk.at('make').click();
  await desk.at('make-ok').click();
  await desk.says('make-error', '须写明原因');
  await desk.at('make-reason').fill('补录三张工单');
  await desk.at('make-ok').click();
  await desk.says('sheet-version', '第 2 版');
  const options = desk.at('versions').locator('option');
  assert.equal(await options.count(), 2);
  await desk.at('versions').selectOption({ index: 1 });
  await desk.says('sheet-version', '第 1 版');
});

test('on paper it is an A4 document with head, page numbers and appendix, without the desk around it', async () => {
  const pdf = path.join(screens, 'bulletin.pdf');
  await writeFile(pdf, await desk.page.pdf({ preferCSSPageSize: true }));
  const info = execFileSync('pdfinfo', [pdf], { encoding: 'utf8' });
  const pages = Number(/Pages:\s+(\d+)/.exec(info)[1]);
  assert.match(info, /Page size:\s+59[45][.\d]* x 84[12]/);
  assert.ok(pages >= 3, `${pages} pages`);
  const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).replaceAll(' ', '');
  const each = text.split('\f').filter((page) => page.trim());
  each.forEach((page, place) => {
    assert.match(page, /大兴安岭地区12345政务服务便民热线运行周报/, `head of page ${place + 1}`);
    assert.match(page, new RegExp(`第${place + 1}页，共${each.length}页`), `foot of page ${place + 1}`);
  });
  assert.match(text, /附：指标说明/);
  assert.match(text, /响应率本期派出的承办中/);
  for (const other of ['下载XLSX', '退出', '看板']) assert.ok(!text.includes(other), `${other} is printed`);
  const { rows } = await console1.ask('bulletin.overdue', { id: (await made()).bulletin, limit: 500 });
  for (const row of rows) assert.ok(text.includes(row.number), `${row.number} is in the printed list`);
  execFileSync('pdftoppm', ['-r', '60', '-png', pdf, path.join(screens, 'bulletin-page')]);
});

test('it is taken away as a spreadsheet under its Chinese name', async () => {
  const [download] = await Promise.all([desk.page.waitForEvent('download'), desk.at('bulletin-xlsx').click()]);
  assert.match(download.suggestedFilename(), /^大兴安岭地区12345政务服务便民热线运行周报_.*\.xlsx$/);
  const sheets = await readSheets(await readFile(await download.path()));
  assert.deepEqual(sheets.map((one) => one.sheet), ['概况', '热点事项', '县市区', '承办单位', '超期清单', '指标说明']);
});

test('exports are watched, fetched, dropped and cancelled', async () => {
  await desk.page.goto('/tickets?kind=3');
  await desk.at('export').click();
  await desk.accessible('the dialog of exports');
  await desk.picture('export-dialog');
  await desk.at('export-ok').click();
  await desk.says('export-started', '编号');
  const { rows: [{ export: id }] } = await console1.ask('export.list', {});
  await desk.at('export-go').click();
  await desk.says(`export-state-${id}`, '已完成');
  await desk.accessible('the exports');
  await desk.picture('exports');
  const [download] = await Promise.all([desk.page.waitForEvent('download'), desk.at(`export-download-${id}`).click()]);
  assert.match(download.suggestedFilename(), /^工单导出_\d{8}_\d{4}_\d+\.xlsx$/);
  const [list] = await readSheets(await readFile(await download.path()));
  const [{ count }] = await server.services.rows('select count(*)::int from ticket where kind = 3');
  assert.equal(list.data.length - 1, count);
  await desk.at(`export-drop-${id}`).click();
  await desk.at('confirm-yes').click();
  await desk.says(`export-state-${id}`, '已删除');
});
