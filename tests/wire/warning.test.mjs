// Early warning: many callers with one event, one alert; claimed by one, made a 预警单 once, ended without a rating;
// nothing missed by a dead process, nothing told twice by two.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { Server, freePort } from '../support/server.mjs';
import { HOUSING, REGION, newPhone, pothole } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const desks = {};
const sql = (text) => house.server.services.rows(text);

before(async () => {
  desks.agent = await house.sit('1001', ['mine']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all', 'board']);
  desks.county = await house.sit('duban', ['all']);
});

/** Events as four callers tell them, in their own words. */
const EVENTS = {
  育才小区: ['楼下烧烤店油烟扰民', '烧烤店油烟直排无人管', '楼下烧烤店油烟太大', '烧烤店油烟问题何时解决'],
  铁西家园: ['电梯频繁困人', '电梯又困人两小时', '电梯困人物业不修', '电梯困人谁来负责'],
  红旗新村: ['垃圾中转站臭气熏天', '垃圾中转站夏天臭味大', '请搬走垃圾中转站', '垃圾中转站污水横流'],
  林海花园: ['高层停水三天', '停水三天没有通知', '高层一直停水', '停水什么时候恢复'],
  西林吉幼儿园: ['突然涨保教费', '保教费涨价没有公示', '保教费一次涨了三百', '保教费涨价合理吗'],
  北山广场: ['音响深夜跳舞吵人', '广场舞音响吵到十一点', '深夜音响吵得孩子睡不着', '跳舞音响太吵'],
};

async function told(place, which, phone = newPhone()) {
  const title = `${place}${EVENTS[place][which]}`;
  return desks.agent.do('ticket.submit', pothole({ title, body: `${title}，请尽快处理。`, place, phone }));
}

const judged = (card) => until('the ticket has been judged', async () =>
  (await sql(`select incident from warning_ticket where ticket = ${card.id}`))[0]);
const incidentAlert = (b) => b.kind === 'incident';

/** Three callers of one event: the alert as it arrives. */
async function alarmed(place) {
  const cards = [];
  for (let i = 0; i < 3; i++) cards.push(await told(place, i));
  const alert = await desks.supervisor.event('alert', (b) => incidentAlert(b) && b.tickets.some((one) => one.id === cards[2].id));
  return { cards, alert };
}

test('three callers with one event are one alert that shows why, and the fourth is folded into it', async () => {
  const { cards, alert } = await alarmed('育才小区');
  assert.deepEqual(alert.tickets.map((one) => one.id), cards.map((card) => card.id));
  assert.equal(alert.size, 3);
  assert.equal(alert.folded, 0);
  assert.equal(alert.evidence.callers, 3);
  assert.match(alert.evidence.words, /育才小区/);
  assert.equal(alert.region, REGION);
  assert.equal(alert.dept, HOUSING, 'the unit that dispatch would choose');
  const fourth = await told('育才小区', 3);
  const grown = await desks.supervisor.event('alert', (b) => b.alert === alert.alert && b.size === 4);
  assert.equal(grown.folded, 1);
  assert.ok(grown.tickets.some((one) => one.id === fourth.id));
  assert.equal((await sql(`select count(*)::int as n from alert where key = (select key from alert where alert = ${alert.alert})`))[0].n, 1);
});

test('one citizen who calls three times is no crowd', async () => {
  const phone = newPhone();
  const cards = [];
  for (let i = 0; i < 3; i++) cards.push(await told('铁西家园', i, phone));
  const { incident } = await judged(cards[2]);
  assert.equal((await judged(cards[0])).incident, incident, 'it is one event');
  assert.deepEqual(await sql(`select alert from alert where key = 'i:${incident}'`), []);
});

test('two claim at once: one has it, the other is told who; closing asks whether it was real', async () => {
  const { alert } = await alarmed('红旗新村');
  const answers = await Promise.allSettled([desks.supervisor, desks.county].map((desk) => desk.do('alert.claim', { alert: alert.alert })));
  assert.deepEqual(answers.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
  assert.match(answers.find((one) => one.status === 'rejected').reason.message, /认领/);
  await refused(desks.supervisor.do('alert.close', { alert: alert.alert, text: '已核实' }), 'bad_params');
  const closed = await desks.supervisor.do('alert.close', { alert: alert.alert, text: '已核实，不是同一件事', real: false });
  assert.equal(closed.real, false);
  await refused(desks.supervisor.do('alert.claim', { alert: alert.alert }), 'rule');
  const precision = (await desks.supervisor.ask('warning.view')).precision.find((row) => row.kind === 'incident');
  assert.ok(precision.judged >= 1 && precision.real < precision.judged);
  const fourth = await told('红旗新村', 3);
  await judged(fourth);
  assert.equal((await sql(`select count(*)::int as n from alert where ${fourth.id} = any(tickets)
    and kind = 'incident'`))[0].n, 0, 'a false alarm stays quiet until it has doubled');
});

test('an alert becomes a 预警单 once, goes to its unit, and ends without a citizen who could rate it', async () => {
  const { alert } = await alarmed('林海花园');
  const { supervisor, handler } = desks;
  const text = '请到林海花园核查停水原因';
  const done = await supervisor.do('alert.task', { alert: alert.alert, dept: HOUSING, title: '林海花园停水', text });
  assert.match(done.task_number, /^2327\d{14}$/);
  assert.ok(done.claimer, 'whoever makes the task has claimed it');
  await refused(supervisor.do('alert.task', { alert: alert.alert, dept: HOUSING, title: '再来一张', text }), 'rule');
  const card = await handler.card(done.task, (b) => b.state === 35);
  assert.equal(card.channel, 7);
  const full = await handler.ask('ticket.get', { id: card.id });
  assert.equal(full.warning.tickets.length, 3);
  assert.equal(full.body, text);
  await told('林海花园', 3);
  await supervisor.event('alert', (b) => b.alert === alert.alert && b.size === 4);
  assert.equal((await handler.ask('ticket.get', { id: card.id })).warning.tickets.length, 4, 'what comes later is shown on it');
  const signed = await handler.move('sign', card);
  const finished = await handler.move('finish', signed, { text: '已抢修完毕恢复供水', solved: true });
  assert.equal(finished.state, 50);
  await refused(supervisor.move('pass', finished), 'rule');
  const settled = await supervisor.move('settle', finished);
  assert.equal(settled.state, 80);
  assert.equal(settled.ended, 'settle');
  assert.equal(settled.grade, null);
});

test('an ordinary ticket cannot be ended as a 预警单', async () => {
  const card = await desks.agent.do('ticket.submit', pothole({ title: '井盖松动', body: '井盖松动有响声' }));
  const there = await desks.agent.card(card.id, (b) => b.state === 35);
  const signed = await desks.handler.move('sign', there);
  const spoken = await desks.handler.move('contact', signed, { result: 'reached', text: '已联系' });
  const finished = await desks.handler.move('finish', spoken, { text: '已修好', solved: true });
  await refused(desks.supervisor.move('settle', finished), 'rule');
});

test('three callers about one matter in one place within the hour are a surge, with what is usual beside it', async () => {
  const cards = [];
  for (const [i, what] of ['路灯不亮一片漆黑', '人行道地砖破损绊倒老人', '下水箅子堵塞积水'].entries())
    cards.push(await desks.agent.do('ticket.submit', pothole({ region: '232722', place: `塔林街${i + 1}号`, title: what, body: `${what}，请处理。` })));
  const alert = await desks.supervisor.event('alert', (b) => b.kind === 'surge' && b.region === '232722');
  assert.equal(alert.evidence.windows[0].callers, 3);
  assert.ok(alert.evidence.windows[0].usual < 1);
  assert.match(alert.text, /1 小时内 3 位诉求人/);
  assert.deepEqual(alert.tickets.map((one) => one.id), cards.map((card) => card.id));
});

test('a word of the list raises an alert at once, and a word taken off it does not', async () => {
  const admin = await house.sit('admin');
  await admin.do('word.set', { word: '堵路', severity: 3, active: true });
  await desks.agent.do('ticket.submit', pothole({ title: '工人扬言堵路', body: '再不发工资就去堵路。' }));
  const alert = await desks.supervisor.event('alert', (b) => b.kind === 'keyword' && b.evidence.words === '堵路');
  assert.equal(alert.severity, 3);
  await admin.do('word.set', { word: '中毒', severity: 3, active: false });
  const quiet = await desks.agent.do('ticket.submit', pothole({ title: '食堂饭菜疑似中毒', body: '几名学生呕吐。' }));
  await judged(quiet);
  assert.deepEqual(await sql(`select alert from alert where kind = 'keyword' and ${quiet.id} = any(tickets)`), []);
});

test('complaints about one matter of a 一件事 go to its lead', async () => {
  for (let i = 0; i < 3; i++)
    await desks.agent.do('ticket.submit', pothole({ theme: 1, theme_no: 1, title: `办理不顺第${['一', '二', '三'][i]}位`, body: '材料反复补正，系统打不开。' }));
  const alert = await desks.supervisor.event('alert', (b) => b.kind === 'theme');
  assert.equal(alert.size, 3);
  const [lead] = await sql('select dept from event_matter_unit where theme = 1 and no = 1 and lead');
  assert.equal(alert.dept, lead.dept);
});

test('what came while it was down is judged when it is back, once, with the incidents of before', async () => {
  const first = await told('西林吉幼儿园', 0);
  const { incident } = await judged(first);
  await house.server.kill9();
  await house.server.set({ roles: 'console,dispatch,timers' });
  await house.server.serve();
  desks.agent = await house.sit('1001', ['mine']);
  const later = [await told('西林吉幼儿园', 1), await told('西林吉幼儿园', 2)];
  await house.server.kill9();
  await house.server.set({ roles: 'console,dispatch,timers,warning' });
  await house.server.serve();
  for (const card of later) assert.equal((await judged(card)).incident, incident);
  const alerts = await until('the alert is there', async () => {
    const rows = await sql(`select size from alert where key = 'i:${incident}'`);
    return rows.length > 0 && rows;
  });
  assert.deepEqual(alerts.map((row) => row.size), [3]);
  for (const name of ['agent', 'handler', 'supervisor', 'county'])
    desks[name] = await house.sit({ agent: '1001', handler: 'zhujian1' }[name] ?? 'duban', { agent: ['mine'], handler: ['dept'] }[name] ?? ['all']);
});

test('of two processes one judges; the other takes over with the next epoch when it is gone', async () => {
    const second = new Server();
  second.services = { info: house.server.services.info, dir: house.server.services.dir, server: null };
  second.config = house.server.config;
  const before = (await sql('select holder, epoch::int from warning_lease'))[0];
  await house.server.set({ port: second.port = await freePort(), roles: 'warning' });
  await second.serve();
  const { alert } = await alarmed('北山广场');
  assert.equal((await sql(`select count(*)::int as n from alert where key = (select key from alert where alert = ${alert.alert})`))[0].n, 1);
  assert.deepEqual((await sql('select holder, epoch::int from warning_lease'))[0], before, 'the first still has it');
  await house.server.set({ port: house.server.port, roles: 'console,dispatch,timers' });
  await house.server.kill9();
  await house.server.serve();
  desks.agent = await house.sit('1001', ['mine']);
  const fourth = await told('北山广场', 3);
  await judged(fourth);
  const now = (await sql('select holder, epoch::int from warning_lease'))[0];
  assert.equal(now.epoch, before.epoch + 1);
  assert.equal((await sql(`select size from alert where alert = ${alert.alert}`))[0].size, 4);
  await second.term();
});
