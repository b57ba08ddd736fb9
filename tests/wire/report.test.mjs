// Reports: each figure equals a recount from the raw events, and opens exactly the tickets it counts.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { UNREACHABLE, recount } from '../support/recount.mjs';
import { contacted, pothole, submitted, ticketIn } from '../support/tickets.mjs';

const house = openHouse();
const desks = {};
const DAY_MS = 86_400_000;
const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const midnight = Date.parse(`${day}T00:00:00+08:00`);

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all']);
  desks.second = await house.sit('duban2');
  const { agent, handler, supervisor, second } = desks;
  for (let i = 0; i < 3; i++) await ticketIn(80, desks, pothole({ kind: 1 + i }));
  const rate = async (grade) => agent.move('rate', await ticketIn(60, desks, pothole()), { grade, solved: grade > 2, ...(grade < 3 ? { blame: 1, reason: '没修好' } : {}) });
  await rate(3);
  const redone = await supervisor.move('redo', await rate(1), { reason: '属实' });
  const spoken = await contacted(handler, await handler.move('sign', redone));
  await handler.move('finish', spoken, { text: '重新修好', solved: true });
  const untrue = await supervisor.move('doubt', await rate(2), { reason: '按错' });
  await second.move('dismiss', untrue, { reason: '录音属实' });
  const back = await handler.move('send_back', await submitted(agent), { reason: '不属本单位', basis: '三定规定' });
  await supervisor.move('reject_return', back, { reason: '属本单位' });
  const away = await handler.move('send_back', await submitted(agent), { reason: '不属本单位', basis: '三定规定' });
  await supervisor.move('accept_return', away, { reason: '同意' });
  await agent.do('intake.answer', { ...pothole(), text: '已当场答复' });
  const late = await handler.move('sign', await submitted(agent));
  await handler.move('ask_extend', late, { days: 2, reason: '等配件' }).then((card) => supervisor.move('extend', card));
});

const get = (by) => desks.supervisor.ask('report.get', { from: day, to: day, by });

test('every figure equals a recount from the raw events', async () => {
  const { services } = house.server;
  const events = await services.rows('select ticket, seq, action, from_state, to_state, at, due, round, detail from ticket_event');
  const evaluations = await services.rows('select grade, solved, counted, at from evaluation');
  const again = recount(events, evaluations, await services.rows(UNREACHABLE), midnight, midnight + DAY_MS, Date.now());
  const { total } = await get('all');
  assert.ok(Object.keys(again).length >= 18, Object.keys(again).join(' '));
  for (const [figure, cell] of Object.entries(again)) assert.deepEqual(total[figure], cell, figure);
  assert.deepEqual(total.satisfied, [5, 4], 'what two persons judged untrue does not count');
  assert.deepEqual(total.bad, [6, 2], 'but is kept');
  assert.deepEqual(total.direct[1], 1);
});

test('the parts of each grouping add up to the whole', async () => {
  const whole = (await get('all')).total;
  for (const by of ['region', 'dept', 'matter', 'kind']) {
    const { figures, rows, total } = await get(by);
    assert.deepEqual(total, whole, `the total by ${by}`);
    for (const { figure } of figures.filter((one) => one.unit !== 'score' && total[one.figure]))
      assert.deepEqual([0, 1].map((i) => rows.reduce((sum, row) => sum + (row.cells[figure]?.[i] ?? 0), 0)), total[figure], `${by} ${figure}`);
  }
});

test('what has no unit is a row of the hotline, which opens its tickets', async () => {
  const { rows } = await get('dept');
  const own = rows.find((row) => row.key === '0');
  assert.match(own.name, /热线/);
  const page = await desks.supervisor.ask('report.tickets', { from: day, to: day, by: 'dept', key: '0', figure: 'accepted', part: 'of' });
  assert.equal(page.total, own.cells.accepted[0]);
  assert.ok(page.rows.every((row) => row.card.dept === null));
});

test('a leg counts for 响应率 once it is decided, and without a number by signing alone', async () => {
  const { agent, handler } = desks;
  const before = (await get('all')).total;
  const waiting = await submitted(agent);
  const signed = await handler.move('sign', waiting);
  assert.deepEqual((await get('all')).total.response, before.response, 'nobody is late yet');
  await contacted(handler, signed);
  const spoken = (await get('all')).total;
  assert.deepEqual(spoken.response, before.response.map((n) => n + 1));
  await handler.move('sign', await submitted(agent, pothole({ phone: undefined, name: undefined })));
  const { total } = await get('all');
  assert.deepEqual(total.response, spoken.response.map((n) => n + 1));
  assert.deepEqual(total.contact_in_time, spoken.contact_in_time, 'nobody could have been contacted');
});

test('each figure opens the tickets behind it, page by page', async () => {
  const { total } = await get('all');
  for (const figure of ['satisfied', 'sent_back', 'accepted'])
    for (const [part, wanted] of [['of', total[figure][0]], ['hit', total[figure][1]], ['miss', total[figure][0] - total[figure][1]]]) {
      const rows = [];
      for (let after = ''; after !== null;) {
        const page = await desks.supervisor.ask('report.tickets', { from: day, to: day, by: 'all', figure, part, limit: 2, ...(after && { after }) });
        assert.equal(page.total, wanted, `${figure} ${part}`);
        rows.push(...page.rows);
        after = page.next;
      }
      assert.equal(rows.length, wanted, `${figure} ${part}`);
      assert.ok(rows.every((row) => row.card.number));
    }
});

test('a county sees its own, and a period that ends before it begins is refused', async () => {
  const mohe = await house.sit('mohe');
  const { total, calls } = await mohe.ask('report.get', { from: day, to: day, by: 'all' });
  assert.deepEqual(total, {});
  assert.equal(calls, null);
  await refused(desks.supervisor.ask('report.get', { from: '2026-02-01', to: '2026-01-01', by: 'all' }), 'bad_params');
});
