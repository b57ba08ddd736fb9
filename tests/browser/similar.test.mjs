// 疑似重复 on the screen: the strip follows typing and leaves the cursor alone; merged by keyboard; dispatchers too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { openHouse } from '../support/house.mjs';
import { newPhone, pothole, submitted, ticketIn, walked } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const phone = newPhone();
const place = '朝阳小区6号楼';
let browser;
let agent;
let desks;
let open; // under way, of another caller
let neighbour; // the same of the next house
let past; // done with

const hole = (where, more = {}) =>
  pothole({ place: where, title: `${where}井盖缺失`, body: `${where}门前的井盖缺失三天，夜间行人容易踩空。`, ...more });

before(async () => {
  await house.opened;
  desks = {
    agent: await house.sit('1002', ['mine']), handler: await house.sit('zhujian1'), supervisor: await house.sit('duban'),
  };
  open = await submitted(desks.agent, hole(place));
  neighbour = await submitted(desks.agent, hole('朝阳小区9号楼'));
  past = await walked(desks, await submitted(desks.agent, hole('育才小区2号楼')), 80);
  await until('all are read behind the commit', async () =>
    await house.server.services.value('select count(*) from likeness') === 3);
  browser = await openBrowser();
  agent = await Desk.open(browser, house.server, '1001');
  await agent.enter();
  await agent.at('ticket-form').waitFor();
});
after(async () => {
  await browser?.close();
});

const card = (id) => desks.supervisor.ask('ticket.get', { id });

async function fill(where, body) {
  await agent.at('phone').fill(phone);
  await agent.at('place-pick').fill('加格达奇');
  await agent.at('place-pick').press('Enter');
  await agent.at('place').fill(where);
  await agent.at('kind-3').check();
  await agent.at('body-input').fill('');
  await agent.at('body-input').focus();
  await agent.type(body);
}

async function look(name, what) {
  await agent.accessible(what);
  for (const width of [1440, 1024]) {
    await agent.page.setViewportSize({ width, height: 900 });
    await agent.picture(`${name}-${width}`);
  }
}

test('what is typed calls up what is alike, with the reason, and the cursor stays', async () => {
  await fill(place, '您好，朝阳小区六号楼门前井盖没有了，夜间行人容易踩空。');
  await agent.at(`similar-${open.id}`).waitFor();
  assert.match(await agent.at(`similar-${open.id}`).getByTestId('similar-why').textContent(), /同一地点（朝阳小区6号楼）、内容相近 \d+%/);
  assert.match(await agent.at(`similar-${neighbour.id}`).getByTestId('similar-why').textContent(), /号不同（本件6号楼、该单9号楼）/);
  await agent.says('similar-told', '疑似重复 2 件');
  await agent.type('孩子上学路过。');
  assert.match(await agent.at('body-input').inputValue(), /孩子上学路过。$/, 'what was typed went where the cursor was');
  await agent.accessible('the strip of what is alike');
  await agent.picture('similar-strip');
});

test('what is waved off stays away from this draft', async () => {
  await agent.at(`similar-dismiss-${neighbour.id}`).click();
  await agent.gone(`similar-${neighbour.id}`);
  await agent.at('body-input').focus();
  await agent.type('请尽快补上。');
  await agent.says('similar-told', '疑似重复 1 件');
  await agent.at('title').fill('井盖缺失');
  await agent.says('similar-told', '疑似重复 1 件');
  assert.equal(await agent.at(`similar-${neighbour.id}`).count(), 0);
});

test('what was waved off stays away when the page is loaded again in the same moment', async () => {
  const third = await submitted(desks.agent, hole('朝阳小区12号楼'));
  const fourth = await submitted(desks.agent, hole('朝阳小区15号楼'));
  await until('they are read behind the commit', async () =>
    await house.server.services.value(`select count(*) from likeness where ticket in (${third.id}, ${fourth.id})`) === 2);
  await agent.at('body-input').fill('朝阳小区六号楼门前井盖没有了，夜间行人容易踩空');
  for (const one of [open, third, fourth]) await agent.at(`similar-${one.id}`).waitFor();
  await look('similar-three', 'three of them');
  await agent.at(`similar-dismiss-${third.id}`).click();
  await agent.at(`similar-dismiss-${fourth.id}`).click();
  await agent.page.reload();
  await until('the draft is back', async () => (await agent.at('place').inputValue()) === place);
  await agent.at(`similar-${open.id}`).waitFor();
  await agent.says('similar-told', '疑似重复 1 件');
  await look('similar-one', 'one of them');
  // A form that was emptied stays empty as well.
  for (const field of ['place', 'body-input', 'place-pick']) await agent.at(field).fill('');
  await agent.page.reload();
  await agent.at('ticket-form').waitFor();
  assert.equal(await agent.at('body-input').inputValue(), '');
  assert.equal(await agent.at('similar').count(), 0);
  await look('similar-none', 'none');
  await fill(place, '您好，朝阳小区六号楼门前井盖没有了，夜间行人容易踩空。孩子上学路过。请尽快补上。');
  await agent.at('title').fill('井盖缺失');
});

test('one press of Enter merges, and the result says into which ticket', async () => {
  await agent.at(`similar-merge-${open.id}`).focus();
  await agent.press('Enter');
  await agent.says('dispatch-result', '已并单');
  await agent.says('merged-into', open.number);
  await agent.gone('similar');
  const merged = await card(Number(await agent.at('ticket-number').getAttribute('data-id')));
  assert.equal(merged.master, open.id);
  assert.equal(await agent.page.evaluate(() => document.activeElement?.id), 'phone', 'the next request begins at its first field');
  await agent.accessible('the result of a merge');
  await agent.picture('similar-merged');
});

test('where something is still missing the master stays chosen and the fault is shown', async () => {
  await agent.at('place-pick').fill('加格达奇');
  await agent.at('place-pick').press('Enter');
  await agent.at('place').fill(place);
  await agent.at('body-input').fill('朝阳小区6号楼门前井盖没有了，夜间行人容易踩空。');
  await agent.at(`similar-merge-${open.id}`).click();
  await agent.says('fault-kind', /./);
  assert.equal(await agent.at('master').inputValue(), String(open.id));
  await agent.at('kind-3').check();
  await agent.press('Control+Enter');
  await until('the form is free again', async () => (await agent.at('body-input').inputValue()) === '');
  assert.equal((await card(Number(await agent.at('ticket-number').getAttribute('data-id')))).master, open.id);
});

test('what is no longer alike goes away', async () => {
  await fill(place, '朝阳小区6号楼门前井盖没有了，夜间行人容易踩空。');
  await agent.at('similar').waitFor();
  await agent.at('place').fill('');
  await agent.at('body-input').fill('咨询医保缴费到哪里办理');
  await agent.gone('similar');
  await agent.says('similar-told', /^$/);
});

test('what was done with lately is taken up again', async () => {
  await fill('育才小区2号楼', '育才小区2号楼门前的井盖又缺失，夜间行人容易踩空。');
  await agent.at(`similar-again-${past.id}`).click();
  assert.equal(await agent.at('prev').inputValue(), String(past.id));
  await agent.picture('similar-again');
  await agent.press('Control+Enter');
  await until('the form is free again', async () => (await agent.at('body-input').inputValue()) === '');
  const again = await card(Number(await agent.at('ticket-number').getAttribute('data-id')));
  assert.deepEqual(again.links.map((link) => [link.id, link.kind]), [[past.id, 'again']]);
});

test('a dispatcher merges what no desk saw, under confirmation', async () => {
  const stray = await ticketIn(30, desks, hole(place));
  const desk = await Desk.open(browser, house.server, 'duban');
  await desk.enter();
  await desk.page.waitForURL('**/supervisor');
  await desk.page.goto('/supervisor/pool');
  await desk.at(`row-${stray.id}`).click();
  // By now one of those merged into it may speak for it.
  const merge = desk.page.locator('[data-test^="similar-merge-"]').first();
  await merge.waitFor();
  await desk.accessible('what is alike beside a ticket');
  await desk.picture('similar-detail');
  await merge.click();
  await desk.says('confirm', open.number);
  await desk.at('confirm-yes').click();
  await until('it is merged', async () => (await card(stray.id)).master === open.id);
  await desk.checkQuiet();
});

test('the page complained of nothing', () => agent.checkQuiet());
