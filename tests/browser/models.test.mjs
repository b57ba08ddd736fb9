// 分派模型 on an administrator's desk: before there is one, what a trained one shows, and going back with a reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { closedTickets } from '../support/history.mjs';
import { runBinary, Server } from '../support/server.mjs';
import { until } from '../support/until.mjs';

let server;
let browser;
let desk;

before(async () => {
  server = await Server.start();
  browser = await openBrowser();
  desk = await Desk.open(browser, server, 'admin');
  await desk.enter();
  await desk.at('account-count').waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const inForce = () => server.services.value('select coalesce((select version from model where in_force), 0)');

test('without a model the page says what dispatches and what is missing', async () => {
  await closedTickets(server, 0, 20);
  await desk.page.goto('/admin/models');
  await desk.says('model-present', '目录用词');
  await desk.says('empty', '再有 480 件');
  await desk.accessible('the page without a model');
  await desk.picture('models-empty');
});

test('a trained model shows its figures and is left and taken again with a reason', async () => {
  await closedTickets(server, 10, 600);
  const ended = await runBinary(['train', '--config', server.config]);
  assert.equal(ended.code, 0, ended.err);
  await desk.page.reload();
  await desk.says('model-present', '第 1 版');
  await desk.says('model-1', /100\.0%.*正在使用/s);
  await desk.accessible('the page with a model');
  await desk.picture('models');
  await desk.at('model-none').press('Enter');
  await desk.at('model-dialog').waitFor();
  await desk.at('model-reason').fill('先看一周');
  await desk.accessible('the dialog');
  await desk.picture('models-dialog');
  await desk.press('Enter');
  await desk.says('model-present', '目录用词');
  assert.equal(await inForce(), 0);
  await desk.at('use-1').click();
  await desk.at('model-confirm').click();
  await desk.at('model-dialog').getByRole('alert').first().waitFor();
  await desk.at('model-reason').fill('派得更准');
  await desk.at('model-confirm').click();
  await until('version 1 is in force again', async () => (await inForce()) === 1);
  await desk.says('model-present', '第 1 版');
  desk.checkQuiet();
});
