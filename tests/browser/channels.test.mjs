// 接入渠道 on the console: a key whose secret is shown once, quotas, webhooks, and dead letters sent again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { Open311, Partner } from '../support/partner.mjs';
import { Receiver } from '../support/receiver.mjs';
import { REGION, newPhone } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse({ webhook_allow: '127.0.0.1', webhook_timeout_ms: 1000, webhook_retry_ms: 50, webhook_retry_most_ms: 100, webhook_tries: 2 });
let browser, admin, partner, receiver;

before(async () => {
  await house.opened;
  browser = await openBrowser();
  admin = await Desk.open(browser, house.server, 'admin');
  await admin.enter();
  await admin.at('account-count').waitFor();
  await admin.page.goto('/admin/channels');
  await admin.says('channel-count', '0');
});
after(async () => {
  await receiver?.close();
  await browser?.close();
});

const submit = () => partner.submit({ kind: 3, region: REGION, title: '路灯不亮', body: '路灯坏了一周', phone: newPhone() });

test('a key is made, its secret is shown once and works', async () => {
  await admin.accessible('接入渠道, empty');
  await admin.at('channel-new').click();
  await admin.at('channel-name').fill('省政务服务平台');
  await admin.at('channel-channel').selectOption({ label: '政务服务平台' });
  await admin.at('scope-webhook').check();
  await admin.at('scope-open311').check();
  await admin.at('channel-save').click();
  await admin.says('fault-scopes', '单独开设');
  await admin.accessible('开通密钥 with a fault');
  await admin.picture('channels-form');
  await admin.at('scope-open311').uncheck();
  await admin.at('channel-save').click();
  const secret = await admin.says('secret', /^[0-9a-f]{64}$/);
  const key = await admin.says('secret-key', /^k[0-9a-f]{23}$/);
  await admin.accessible('the secret');
  await admin.picture('channels-secret');
  await admin.at('secret-close').click();
  await admin.gone('secret');
  partner = new Partner(house.server, { key, secret });
  assert.equal((await submit()).status, 201);
  assert.ok(!(await admin.page.content()).includes(secret));
});

test('a quota is changed with a reason, and the change is told', async () => {
  await admin.at('quota-省政务服务平台').click();
  await admin.at('quota-day').fill('500');
  await admin.at('quota-save').click();
  await admin.says('fault-quota-reason', '不能为空');
  await admin.at('quota-reason').fill('试运行');
  await admin.at('quota-save').click();
  await admin.gone('quota-dialog');
  await admin.says('channel-table', '/ 500 次');
  await admin.page.getByText('每天 10000 → 500，原因：试运行').waitFor();
  await admin.says('channel-省政务服务平台', '提交 1 件');
});

test('a webhook that nobody answers leaves dead letters, which go out again', async () => {
  receiver = await Receiver.start(partner.credentials);
  await receiver.down();
  await admin.at('hook-省政务服务平台').click();
  await admin.at('hook-url').fill('ftp://example.org');
  await admin.at('hook-save').click();
  await admin.says('fault-hook-url', 'http');
  await admin.at('hook-url').fill(receiver.url);
  await admin.at('hook-save').click();
  await admin.gone('hook-dialog');
  const { number } = (await submit()).body;
  const dead = await until('there is a dead letter', async () => Number(await house.server.services.value(
    `select count(*) from webhook_delivery where state = 'dead'`)) > 0, { ms: 20_000 });
  assert.ok(dead);
  await admin.page.reload();
  await admin.at('dead-1').click();
  await admin.says('dead-table', number);
  await admin.accessible('死信');
  await admin.picture('channels-dead');
  await receiver.up();
  await admin.at('resend-all').click();
  await receiver.event('the dead letter', (told) => told.number === number && told.kind === 'accepted');
  await admin.at('dead-close').click();
  await admin.accessible('接入渠道');
  await admin.picture('channels');
});

test('a key that is off opens nothing; an Open311 key is shown as its clients send it', async () => {
  await admin.at('enable-省政务服务平台').click();
  await admin.at('confirm-yes').click();
  await admin.says('channel-省政务服务平台', '已停用');
  assert.equal((await submit()).status, 401);
  await admin.at('channel-new').click();
  await admin.at('channel-name').fill('市民随手拍');
  await admin.at('channel-channel').selectOption({ label: 'Open311' });
  for (const scope of ['submit', 'read']) await admin.at(`scope-${scope}`).uncheck();
  await admin.at('scope-open311').check();
  await admin.press('Control+Enter');
  const city = new Open311(house.server, await admin.says('secret', /^k[0-9a-f]{23}\.[0-9a-f]{64}$/));
  await admin.press('Control+Enter');
  await admin.gone('secret');
  assert.equal((await city.post({ service_code: '0305', address_string: '加格达奇区朝阳路' })).status, 201);
  admin.checkQuiet();
});
