// 个人信息删除 on the console: preview, what must end first, the typed confirmation, and the record.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { pothole, submitted, walked } from '../support/tickets.mjs';

const house = openHouse();
const PHONE = '13976540002';
let browser, admin, desks, open;

before(async () => {
  await house.opened;
  desks = { agent: await house.sit('1001', ['mine']), handler: await house.sit('zhujian1', ['dept']), supervisor: await house.sit('duban', ['all']) };
  open = await submitted(desks.agent, pothole({ phone: PHONE, name: '上官文秀', body: `请回电 ${PHONE}，上官文秀` }));
  await walked(desks, await submitted(desks.agent, pothole({ phone: PHONE, name: '上官文秀' })), 80);
  browser = await openBrowser();
  admin = await Desk.open(browser, house.server, 'admin');
  await admin.enter();
  await admin.at('account-count').waitFor();
  await admin.page.goto('/admin/erasure');
  await admin.at('empty').waitFor();
});
after(() => browser?.close());

const look = async (key) => {
  await admin.at('erasure-key').fill(key);
  await admin.page.keyboard.press('Enter');
};

test('who is not there is said so, and a wrong number names its field', async () => {
  await admin.accessible('个人信息删除, empty');
  assert.ok(await admin.at('erasure-look').isDisabled());
  await look('12');
  await admin.says('fault-erasure-key', /./);
  await look('13900000001');
  await admin.says('erasure-nothing', '没有找到');
});

test('while something is open nothing can be deleted', async () => {
  await look(PHONE);
  await admin.says('erasure-open', '还有 1 件未办结');
  await admin.says('erasure-preview', open.number);
  await admin.gone('erasure-go');
  await admin.accessible('个人信息删除, preview with an open ticket');
  await admin.picture('erasure-open');
});

test('typed and confirmed, it is deleted and on record', async () => {
  await walked(desks, open, 80);
  await look(PHONE);
  await admin.says('erasure-counts', '联系方式 2');
  await admin.at('erasure-go').click();
  await admin.at('erasure-confirm').fill('删除1件');
  assert.ok(await admin.at('erasure-save').isDisabled(), 'not before the sentence is right');
  await admin.at('erasure-confirm').fill('删除2件');
  await admin.at('erasure-save').click();
  await admin.says('fault-erasure-document', /./);
  await admin.at('erasure-document').fill('SQ-2026-0002');
  await admin.at('erasure-reason').fill(`本人 ${PHONE} 申请`);
  await admin.at('erasure-save').click();
  await admin.says('fault-erasure-reason', '不要写入');
  await admin.accessible('删除个人信息 with a fault');
  await admin.picture('erasure-dialog');
  await admin.at('erasure-reason').fill('本人撤回同意');
  await admin.at('erasure-save').click();
  await admin.gone('erasure-dialog');
  await admin.says('erasure-1', 'SQ-2026-0002');
  await admin.says('erasure-1', '本人撤回同意');
  await admin.accessible('个人信息删除, with a record');
  await admin.page.setViewportSize({ width: 1024, height: 768 });
  await admin.picture('erasure-record');
  await look(PHONE);
  await admin.says('erasure-nothing', '没有找到');
  assert.ok(!(await house.server.services.dump()).includes(PHONE));
});
