// A citizen with a phone of 360×640: submits step by step, follows by number and code, adds, urges, rates,
// withdraws, and rates by link; with the keyboard, with doubled text, and with the line gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, openBrowser } from '../support/browser.mjs';
import { application, list } from '../support/cases.mjs';
import { Gateway, png } from '../support/citizen.mjs';
import { openHouse } from '../support/house.mjs';
import { CALLER_NAME, HOUSING, contacted, newPhone, ticketIn } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const SMALLEST_TARGET = 44;

const house = openHouse({ public_per_minute: 10_000, public_tickets_per_hour: 1000 });
const phone = newPhone();
let browser;
let citizen; // who is looked at now
let first;
let desks;
let number;
let code;

before(async () => {
  await house.opened;
  desks = { agent: await house.sit('1001', ['mine']), handler: await house.sit('zhujian1'), supervisor: await house.sit('duban') };
  browser = await openBrowser();
  first = citizen = await Desk.visit(browser, house.server, '/public');
});
after(async () => {
  await browser?.close();
});

/** Nothing is wider than the phone, nothing to tap is too small, also with letters of twice the size. */
async function fits(what) {
  const look = () => citizen.page.evaluate((least) => ({
    wide: document.documentElement.scrollWidth > window.innerWidth,
    small: [...document.querySelectorAll('button, .big, .choice, nav a, .urgent a, select, input:not([type=radio])')]
      .filter((one) => one.offsetParent && one.getBoundingClientRect().height < least - 0.5)
      .map((one) => one.outerHTML.slice(0, 80)),
  }), SMALLEST_TARGET);
  assert.deepEqual(await look(), { wide: false, small: [] }, what);
  await citizen.page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  assert.deepEqual(await look(), { wide: false, small: [] }, `${what}, letters doubled`);
  await citizen.picture(`public-${what.replaceAll(' ', '-')}-doubled`);
  await citizen.page.evaluate(() => (document.documentElement.style.fontSize = ''));
}

const focused = (wanted) =>
  until(`the focus is on ${wanted}`, () => citizen.page.evaluate((what) => document.activeElement?.matches(what), wanted));

/** Look at a ticket by what the citizen holds. */
async function look(with_ = code) {
  await citizen.at('look-number').fill(number);
  await citizen.at('look-code').fill(with_);
  await citizen.at('look-send').click();
}

async function fillWhat() {
  await citizen.at('kind-3').check();
  await citizen.at('public-title').fill('路口井盖缺失');
  await citizen.at('public-body').fill('朝阳路路口的井盖缺失三天，夜间行人容易踩空，请尽快修复。');
}

async function fillWhere() {
  await citizen.at('public-region').selectOption('232761');
  await citizen.at('public-place').fill('朝阳路与胜利路交口');
  await citizen.at('step-next').click();
}

test('what is missing is said at its field, and points are listed one by one with the keyboard', async () => {
  await citizen.accessible('the citizen’s home');
  await citizen.picture('public-home');
  await fits('home');
  await citizen.at('go-new').click();
  await focused('h1');
  await citizen.at('step-next').click();
  await citizen.says('fault-title', /说明/);
  await focused('[name=kind]');
  await citizen.accessible('the form with faults');
  await citizen.picture('public-faults');
  await fillWhat();
  await citizen.at('public-add-point').click();
  await citizen.type('补上井盖');
  await citizen.press('Enter');
  await focused('[data-test=public-point-2]');
  await citizen.type('夜间先围挡');
  await fits('form');
  await citizen.picture('public-form');
});

test('the draft survives a reload, Back goes one step back, nobody skips a step', async () => {
  await citizen.page.reload();
  assert.equal(await citizen.at('public-title').inputValue(), '路口井盖缺失');
  assert.equal(await citizen.at('public-point-2').inputValue(), '夜间先围挡');
  await citizen.page.goto('/public#/new/4');
  await citizen.says('step', '在哪里');
  await fillWhere();
  await citizen.says('step', '怎么联系您');
  await citizen.page.goBack();
  await citizen.says('step', '在哪里');
  await citizen.accessible('the step of the place');
  await citizen.picture('public-where');
  await citizen.at('step-next').click();
  await citizen.at('public-phone').fill(phone);
  await citizen.at('public-name').fill(CALLER_NAME);
  await citizen.accessible('the step of the person');
  await citizen.picture('public-who');
  await citizen.at('step-next').click();
  await citizen.says('step', '核对提交');
  await citizen.accessible('the summary');
  await citizen.picture('public-check');
  await fits('check');
  assert.ok(!(await citizen.page.evaluate(() => JSON.stringify(localStorage))).includes(phone), 'who writes is not kept');
});

test('a ticket is accepted once, though the line is lost and the button is tapped twice', async () => {
  citizen.allowed.push(/ERR_FAILED/);
  // The server hears it, the phone hears nothing: the worst moment to lose the line.
  await citizen.page.route('**/api/public/tickets', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await citizen.at('public-send').click();
  await citizen.says('public-error', /网络不通/);
  await citizen.at('public-send').dblclick();
  await citizen.at('public-number').waitFor();
  number = await citizen.at('public-number').getAttribute('data-number');
  assert.match(number, /^2327\d{14}$/);
  code = await citizen.says('public-code', /^\d{6}$/);
  assert.equal(Number(await house.server.services.value('select count(*) from ticket')), 1, 'three taps, one ticket');
  assert.equal(await citizen.page.evaluate(() => localStorage.length), 0, 'the draft is gone');
  await focused('h1');
  await citizen.accessible('the accepted ticket');
  await citizen.picture('public-accepted');
  await fits('accepted');
});

test('a photo is added, what is no photo is refused with its reason', async () => {
  citizen.allowed.push(/status of 400/);
  await citizen.at('public-file').setInputFiles([
    { name: '现场.png', mimeType: 'image/png', buffer: png() },
    { name: '别的.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
  ]);
  await citizen.says('uploads', /现场.png：\s*已上传[^]*别的.png：[^]*重试/);
  await citizen.page.reload();
  await citizen.says('public-code', code);
  await citizen.at('accepted-leave').click();
  await citizen.at('go-look').waitFor();
  assert.ok(!(await citizen.page.evaluate(() => JSON.stringify(sessionStorage))).includes(number), 'nothing is left behind');
});

test('a wrong code opens nothing, the right one the progress', async () => {
  citizen.allowed.push(/status of (404|422)/);
  await citizen.page.goto('/public#/look');
  await citizen.page.reload();
  await look(code === '000000' ? '000001' : '000000');
  await citizen.says('look-error', /没有找到/);
  await citizen.accessible('looking in vain');
  await citizen.picture('public-look');
  await look();
  await citizen.at('view').waitFor();
  await focused('h1');
  assert.ok(!citizen.page.url().includes(number) && !citizen.page.url().includes(code), 'neither stands in the address');
  await citizen.at('do-supplement').click();
  await focused('#text');
  await citizen.at('do-text').fill('井盖在路口东北角');
  await citizen.at('do-send').click();
  await citizen.says('said', '已补充');
  await citizen.accessible('the progress');
  await citizen.picture('public-progress');
  await fits('progress');
});

test('to withdraw is asked once more, with the safe answer first', async () => {
  await citizen.at('do-withdraw').click();
  await citizen.at('do-send').click();
  await citizen.says('fault-text', /为什么/);
  await citizen.at('do-text').fill('已经修好');
  await citizen.at('do-send').click();
  await focused('[data-test=do-keep]');
  await citizen.accessible('the question about a withdrawal');
  await citizen.picture('public-withdraw');
  await citizen.press('Enter');
  await citizen.gone('do-text');
});

async function answered() {
  const [{ ticket }] = await house.server.services.rows(`select ticket from ticket where number = '${number}'`);
  let card = await desks.supervisor.ask('ticket.get', { id: ticket });
  assert.ok(card.events.some((event) => event.action === 'supplement' && event.who === '诉求人'));
  if (card.state === 30) card = await desks.supervisor.move('assign', card, { dept: HOUSING, reason: '属住建' });
  card = await desks.handler.move('sign', card);
  await citizen.at('do-urge').click();
  await citizen.at('do-send').click();
  await citizen.says('said', '已催办');
  card = await contacted(desks.handler, card);
  card = await desks.handler.move('finish', card, { text: '已更换井盖', solved: true, answers: ['井盖已更换', '围挡已设置'] });
  card = await desks.supervisor.move('pass', card);
  await desks.agent.move('notify', card, { way: 'sms', text: '已更换井盖' });
  return ticket;
}

test('the citizen reads the answer to each point and rates it bad with a cause', async () => {
  const ticket = await answered();
  await citizen.at('leave').click();
  await citizen.page.goto('/public#/grade');
  await look();
  await citizen.says('view-reply', '已更换井盖');
  await citizen.says('view-answers', '围挡已设置');
  await citizen.at('grade-2').check();
  await citizen.at('solved-0').check();
  await citizen.at('rate-send').click();
  await citizen.at('fault-blame').waitFor();
  await focused('#blame');
  await citizen.at('blame').selectOption('1');
  await citizen.at('reason').fill('换了又松动');
  await citizen.accessible('the rating');
  await citizen.picture('public-rating');
  await fits('rating');
  await citizen.at('rate-send').click();
  await citizen.says('said', '感谢');
  assert.equal((await desks.supervisor.ask('ticket.get', { id: ticket })).state, 65);
  await citizen.picture('public-rated');
});

test('a link that is worth nothing says so, a signed one rates once, with the keyboard alone', async () => {
  citizen.allowed.push(/status of 40[04]/);
  await citizen.page.goto(`/public#/rate/${number}.1.${'0'.repeat(32)}`);
  await citizen.says('link-error', /无效/);
  await citizen.accessible('a dead link');
  await ticketIn(60, desks);
  const [message] = (await new Gateway(house.server).all()).filter((one) => one.text.includes('#/rate/')).slice(-1);
  await citizen.page.goto(message.text.match(/https?:\S+/)[0]);
  await citizen.says('view-state', '待评价');
  await citizen.accessible('the rating by link');
  await citizen.at('grade-5').focus();
  await citizen.press('Space', 'Tab', 'Space', 'Tab', 'Tab', 'Enter');
  await citizen.says('said', '感谢');
  await citizen.says('view-state', '已办结');
  await citizen.picture('public-by-link');
  await citizen.page.reload();
  await citizen.says('link-over', /\S/);
});

test('who writes of danger is told at once whom to call, and may still submit', async () => {
  const other = await Desk.visit(browser, house.server, '/public#/new/1');
  citizen = other;
  await other.at('kind-2').check();
  await other.at('public-title').fill('楼道着火');
  await other.says('danger', /请立即拨打.*119/);
  await other.at('public-body').fill('我家楼道着火了，浓烟很大，有老人被困在五楼');
  await until('the longer text is judged too', async () => /被困/.test(await other.at('danger').textContent()));
  assert.equal(await other.at('call-119').getAttribute('href'), 'tel:119');
  const box = await other.at('call-119').boundingBox();
  assert.ok(box.height >= 52 && box.y >= 0 && box.y + box.height <= 640, 'large, and on the screen while the text is written');
  assert.ok(await other.page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('[data-test=call-119]')).fontSize) >= 28));
  await other.accessible('the form with danger');
  await other.picture('public-danger');
  await fits('danger');
  await other.at('step-next').click();
  await fillWhere();
  await other.at('public-phone').fill(newPhone());
  await other.at('step-next').click();
  await other.says('danger', '打完电话仍可继续提交');
  await other.at('public-send').click();
  await other.says('public-code', /^\d{6}$/);
  await other.says('danger', /不能代替报警求助/);
  await other.accessible('an accepted ticket of danger');
  await other.picture('public-danger-accepted');
  await other.page.goto('/public#/new/1');
  await other.at('public-title').fill('昨晚家里被盗');
  await other.says('danger', /公安机关办理的事，请拨打.*110/);
  await other.accessible('a matter of the police');
  await other.picture('public-police');
  await other.at('public-title').fill('路灯不亮');
  await until('nothing is shown any more', async () => (await other.at('danger').getAttribute('data-level')) === '0');
  other.checkQuiet();
});

test('an applicant follows a “一件事” case by its number and 查询码', async () => {
  const [theme] = await list(house);
  const made = await desks.agent.do('case.apply', application(theme, { papers: undefined }));
  const other = await Desk.visit(browser, house.server, '/public#/look');
  citizen = other;
  other.allowed.push(/404/);
  await other.at('what-2').check();
  await other.at('look-number').fill(made.number.slice(3));
  await other.at('look-code').fill(made.code === '000000' ? '000001' : '000000');
  await other.at('look-send').click();
  await other.says('look-error', '没有找到');
  await other.at('look-code').fill(made.code);
  await other.at('look-send').click();
  await other.says('case-state', '已申请');
  await other.says('case-view', theme.name);
  await focused('h1');
  await other.accessible('a case');
  await other.picture('public-case');
  await fits('case');
  await other.at('leave').click();
  assert.equal(await other.at('look-number').inputValue(), '');
  other.checkQuiet();
});

test('the page complained of nothing', () => first.checkQuiet());
