// Bulletins and exports over the wire: their numbers against the reports' and against the tables, what stays as it
// was said, who may have them, and what becomes of them when a server dies, a day ends or time runs out.
import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import readSheets from 'read-excel-file/node';
import { Client, login, refused } from '../support/client.mjs';
import { Clock } from '../support/faketime.mjs';
import { dayFromNow, fillMonths } from '../support/months.mjs';
import { Server } from '../support/server.mjs';
import { until } from '../support/until.mjs';

const HOURS = 3600;
const week = dayFromNow(-8);
const people = {};
let server;
let clock;

before(async () => {
  clock = await Clock.make();
  server = await Server.start({ session_hours: 2000 }, clock.env);
  // Several pages of an export, so that a server can die in between.
  await fillMonths(server, { until: dayFromNow(0), days: 22, daily: 140 });
  for (const name of ['duban', 'duban2', 'mohe', 'admin', '1001']) {
    const { cookie } = await login(server, name);
    people[name] = { cookie, client: await sit(cookie) };
  }
});
after(async () => {
  for (const one of Object.values(people)) one.client.socket.terminate();
  await server?.stop();
});

async function sit(cookie) {
  const client = await Client.connect(server, cookie);
  await client.hello();
  return client;
}
const ask = (name, ...rest) => people[name].client.ask(...rest);
const act = (name, ...rest) => people[name].client.do(...rest);
const fetchAs = (name, where) => fetch(server.url + where, { headers: name ? { cookie: people[name].cookie } : {} });

/** Asked for and made: the newest bulletin of the week. */
async function made(name, more = {}, region = {}) {
  const { begun } = await act(name, 'bulletin.make', { kind: 'week', day: week, ...region, ...more });
  await until('the bulletin is made', async () => (await ask(name, 'bulletin.list', { kind: 'week', ...region })).waiting.length === 0);
  const { rows } = await ask(name, 'bulletin.list', { kind: 'week', ...region });
  return ask(name, 'bulletin.get', { id: rows.find((row) => row.begun === begun).bulletin });
}

/** The newest version of the week; the clock may have made other weeks meanwhile. */
async function newest(name) {
  const { rows } = await ask(name, 'bulletin.list', { kind: 'week' });
  return rows.find((row) => row.begun <= week);
}

async function overdueOf(name, id) {
  const rows = [];
  for (let after = 0; after !== null;) {
    const page = await ask(name, 'bulletin.overdue', { id, after, limit: 40 });
    rows.push(...page.rows);
    after = page.next;
  }
  return rows;
}

async function sheetsOf(name, where) {
  const reply = await fetchAs(name, where);
  assert.equal(reply.status, 200, `${where}: ${reply.status}`);
  const sheets = await readSheets(Buffer.from(await reply.arrayBuffer()));
  return Object.fromEntries(sheets.map((one) => [one.sheet, one.data]));
}

const percent = (cell) => (cell ? Number(((100 * cell[1]) / cell[0]).toFixed(2)) : null);

test('the figures of a bulletin are those of the report, whole and by place and unit', async () => {
  const { document: doc, bulletin } = await made('duban');
  assert.equal(doc.whole, true);
  for (const by of ['all', 'region', 'dept']) {
    const report = await ask('duban', 'report.get', { from: doc.begun, to: doc.last, by });
    if (by === 'all') {
      for (const one of doc.figures) assert.deepEqual(one.now ?? undefined, report.total[one.figure], one.figure);
      assert.deepEqual(doc.calls.now, report.calls);
      assert.deepEqual(doc.figures.map((one) => one.definition), report.figures.map((one) => one.definition));
    } else {
      const mine = new Map(doc[by === 'region' ? 'regions' : 'units'].map((row) => [row.key, row.cells]));
      for (const row of report.rows) assert.deepEqual(mine.get(row.key), row.cells, `${by} ${row.key}`);
    }
  }
  const before = await ask('duban', 'report.get', { from: doc.compare.prev.begun, to: dayBefore(doc.begun), by: 'all' });
  for (const one of doc.figures) assert.deepEqual(one.prev ?? undefined, before.total[one.figure], `${one.figure} before`);
  for (const parts of ['kind', 'channel'])
    assert.equal(doc.volume[parts].reduce((sum, one) => sum + one.now, 0), doc.volume.accepted.now, parts);
  assert.equal(doc.volume.accepted.year, null, 'nothing a year ago');
  const matters = await ask('duban', 'report.get', { from: doc.begun, to: doc.last, by: 'matter' });
  const counts = matters.rows.map((row) => row.cells.accepted?.[0] ?? 0).sort((a, b) => b - a).slice(0, 10);
  assert.deepEqual(doc.matters.map((one) => one.now), counts);
  assert.match(doc.summary[0], new RegExp(`共受理诉求 ${doc.volume.accepted.now} 件`));
});

const dayBefore = (day) => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

test('its spreadsheet says the same numbers', async () => {
  const { bulletin: id } = await newest('duban');
  const { document: doc } = await ask('duban', 'bulletin.get', { id });
  const sheets = await sheetsOf('duban', `/api/bulletins/${id}`);
  const facts = new Map(sheets['概况'].slice(1).map((row) => [row[0], row]));
  for (const one of doc.figures) {
    const [, , now, hit, of] = facts.get(one.term);
    assert.equal(now, one.unit === 'count' ? one.now?.[0] ?? null : percent(one.now), one.term);
    assert.deepEqual([of, hit], [one.now?.[0] ?? null, one.now?.[1] ?? null], one.term);
  }
  for (const [page, rows] of [['县市区', doc.regions], ['承办单位', doc.units]])
    assert.deepEqual(sheets[page].slice(1).map((row) => [row[0], row[1], row[3], row[6], row[11]]),
      rows.map((row) => [row.name, row.cells.accepted?.[0] ?? null, percent(row.cells.response), percent(row.cells.three), row.overdue]), page);
  assert.deepEqual(sheets['热点事项'].slice(1).map((row) => [row[0], row[1]]), doc.matters.map((one) => [one.name, one.now]));
  const overdue = await overdueOf('duban', id);
  assert.equal(overdue.length, doc.overdue.count);
  assert.deepEqual(sheets['超期清单'].slice(1).map((row) => [row[0], row[8]]), overdue.map((one) => [one.number, one.days]));
  assert.ok(overdue.length > 50, 'there is a list to compare');
});

test('what was said stays: a correction wants a reason and is a further version', async () => {
  const { bulletin: id } = await newest('duban');
  const first = await ask('duban', 'bulletin.get', { id });
  const firstOverdue = await overdueOf('duban', id);
  await server.services.psql(`update ticket set state = 90, closed = 1 where ticket = ${firstOverdue[0].id};
    delete from evaluation where at < ${first.document.until}`);
  const refusal = await refused(act('duban', 'bulletin.make', { kind: 'week', day: week }), 'bad_params');
  assert.match(refusal.data.fields.reason, /原因/);
  const second = await made('duban', { reason: '评价有误' });
  assert.deepEqual([second.bulletin.version, second.bulletin.reason], [2, '评价有误']);
  assert.deepEqual(second.versions.map((one) => one.version), [2, 1]);
  assert.equal(second.document.figures.find((one) => one.figure === 'satisfied').now, null);
  assert.deepEqual((await ask('duban', 'bulletin.get', { id })).document, first.document);
  assert.deepEqual(await overdueOf('duban', id), firstOverdue);
});

test('a county has its own, and no ticket of another county is in it', async () => {
  const { document: doc, bulletin } = await made('mohe');
  assert.equal(doc.region, '232701');
  assert.deepEqual(doc.regions.map((one) => one.key), ['232701']);
  assert.equal(doc.calls.now, null);
  const overdue = await overdueOf('mohe', bulletin.bulletin);
  assert.ok(overdue.length > 5);
  assert.ok(overdue.every((one) => one.region === '漠河市'));
  const [{ n }] = await server.services.rows(`select count(*)::int n from ticket where region = '232701' and accepted >= ${ms(doc.begun)} and accepted < ${doc.until}`);
  assert.equal(doc.volume.accepted.now, n);
  const { bulletin: other } = await newest('duban');
  await refused(ask('mohe', 'bulletin.get', { id: other }), 'not_found');
  await refused(ask('mohe', 'bulletin.overdue', { id: other }), 'not_found');
  await refused(ask('mohe', 'bulletin.list', { kind: 'week', region: '232700' }), 'not_yours');
  await refused(act('mohe', 'bulletin.make', { kind: 'week', day: week, region: '232721' }), 'not_yours');
  for (const [name, where, status] of [['mohe', other, 404], [null, other, 401], ['1001', other, 403], ['duban', 'x', 404], ['duban', '0', 404],
    ['duban', '..%2f1', 404], ['duban', '99999999999999999999', 404]])
    assert.equal((await fetchAs(name, `/api/bulletins/${where}`)).status, status, `${name} ${where}`);
  assert.equal((await fetchAs('duban', `/api/bulletins/${bulletin.bulletin}`)).status, 200, 'the prefecture sees its counties');
});

const ms = (day) => Date.parse(`${day}T00:00:00+08:00`);

test('what has not begun is refused, and a period under way is no final bulletin', async () => {
  const { data } = await refused(act('duban', 'bulletin.make', { kind: 'day', day: dayFromNow(2) }), 'bad_params');
  assert.match(data.fields.day, /没有开始/);
  await act('duban', 'bulletin.make', { kind: 'month', day: dayFromNow(0) });
  const row = await until('the month is made', async () =>
    (await ask('duban', 'bulletin.list', { kind: 'month' })).rows.find((one) => one.begun === `${dayFromNow(0).slice(0, 8)}01`));
  assert.equal(row.whole, false);
});

// ---- exports ---------------------------------------------------------------------------------------------------

const cardOf = async (name, id) => (await ask(name, 'export.list', {})).rows.find((one) => one.export === id);

async function exported(name, more) {
  const { export: id } = await act(name, 'export.start', { format: 'csv', filter: {}, ...more });
  return until('the export is done', async () => {
    const card = await cardOf(name, id);
    assert.ok(['waiting', 'running', 'done'].includes(card.state), card.fault);
    return card.state === 'done' && card;
  }, { ms: 60_000 });
}

/** RFC 4180, as strict as it is. */
function csvRows(text) {
  const rows = [[]];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++;
        field += text[at];
      }
      at++;
    } else while (at < text.length && !',\r'.includes(text[at])) field += text[at++];
    rows.at(-1).push(field);
    if (text[at] === ',') at++;
    else {
      assert.equal(text.slice(at, at + 2), '\r\n', 'a row ends with CRLF');
      at += 2;
      if (at < text.length) rows.push([]);
    }
  }
  return rows;
}

test('a CSV holds what the filter finds and nothing that is masked', async () => {
  await server.services.psql(`update ticket set title = '=HYPERLINK("x";1)', body = E'@甲,"乙"\\n电话13800001111，身份证23270019900101123X' where ticket = 3;
    insert into search_due values (3) on conflict do nothing;`);
  const card = await exported('duban', { filter: { region: ['232701', '232721'], kind: [1, 3] }, sort: 'oldest' });
  assert.deepEqual(card.words.slice(0, 2), [['诉求类型', '咨询、投诉'], ['县市区', '漠河市、呼玛县']]);
  const reply = await fetchAs('duban', `/api/exports/${card.export}`);
  assert.match(reply.headers.get('content-disposition'), /^attachment; filename="download\.csv"; filename\*=UTF-8''%E5%B7%A5%E5%8D%95%E5%AF%BC%E5%87%BA_/);
  const bytes = Buffer.from(await reply.arrayBuffer());
  assert.equal(bytes.length, card.size);
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const [head, ...rows] = csvRows(bytes.subarray(3).toString());
  const truth = await server.services.rows(`select number, secrecy, title from ticket where region in ('232701', '232721') and kind in (1, 3) order by accepted, ticket`);
  assert.deepEqual(rows.map((row) => row[0]), truth.map((one) => one.number));
  assert.equal(card.done, truth.length);
  const at = (name) => head.indexOf(name);
  rows.forEach((row, place) => {
    assert.match(row[at('受理时间')], /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    if (truth[place].secrecy > 0) assert.deepEqual(['标题', '内容', '诉求人', '联系电话'].map((name) => row[at(name)]), ['保密', '保密', '保密', '保密']);
    else assert.match(row[at('联系电话')], /^138\*{4}\d{4}$/);
  });
  assert.doesNotMatch(bytes.toString(), /(?<!\d)1[3-9]\d{9}(?!\d)|23270019900101123X/);
});

test('cells that would be formulas are texts, and an XLSX of the same filter says the same', async () => {
  const number = await server.services.value('select number from ticket where ticket = 3');
  const csv = await exported('duban', { filter: { number } });
  const [head, row] = csvRows(Buffer.from(await (await fetchAs('duban', `/api/exports/${csv.export}`)).arrayBuffer()).subarray(3).toString());
  const at = (name) => head.indexOf(name);
  assert.equal(row[at('标题')], '\'=HYPERLINK("x";1)');
  assert.equal(row[at('内容')], '\'@甲,"乙"\n电话138****1111，身份证232700***********X');
  const xlsx = await exported('duban', { format: 'xlsx', filter: { number } });
  const sheets = await sheetsOf('duban', `/api/exports/${xlsx.export}`);
  assert.deepEqual(sheets['工单'][0], head);
  assert.equal(sheets['工单'][1][at('标题')], '=HYPERLINK("x";1)');
  assert.ok(sheets['工单'][1][at('受理时间')] instanceof Date, 'a real date');
  const about = new Map(sheets['说明'].map((one) => [one[0], one[1]]));
  assert.equal(about.get('行数'), 1);
  assert.equal(about.get('条件·编号'), number);
  assert.match(about.get('导出人'), /韩松柏/);
});

test('only its owner and an administrator have an export, and each fetch is kept', async () => {
  const { rows: [{ export: id }] } = await ask('duban', 'export.list', {});
  for (const [name, status] of [['duban2', 404], ['mohe', 404], [null, 401], ['1001', 404], ['admin', 200]])
    assert.equal((await fetchAs(name, `/api/exports/${id}`)).status, status, String(name));
  for (const where of ['x', '-1', '0', '1-1.csv', '%2e%2e%2fcontact.key', '999999'])
    assert.equal((await fetchAs('duban', `/api/exports/${where}`)).status, 404, where);
  await refused(act('duban2', 'export.drop', { export: id }), 'not_found');
  assert.equal((await ask('duban2', 'export.list', {})).rows.length, 0);
  assert.equal((await cardOf('admin', id)).fetched, 2);
  const { data } = await refused(act('duban', 'export.start', { format: 'csv', filter: { text: '井' } }), 'bad_params');
  assert.ok(data.fields['filter.text'], 'a filter that cannot be served is refused at once');
  const own = await exported('mohe', {});
  const text = Buffer.from(await (await fetchAs('mohe', `/api/exports/${own.export}`)).arrayBuffer()).toString();
  const [{ n }] = await server.services.rows("select count(*)::int n from ticket where region = '232701'");
  assert.equal(csvRows(text.slice(1)).length - 1, n, 'a county takes its own away');
});

const exportsDir = () => path.join(server.dir, 'files/exports');
const filesThere = async () => (await readdir(exportsDir())).sort();

const CONTACTS = 'lock table contact in access exclusive mode';
/** Begins an export of everything and stops it where its first page is written and the second waits; on with `go`. */
async function halfway() {
  const waiting = (who) => until(`${who} waits for the contacts`, async () => server.services.value(`select count(*) > 0 from pg_locks
    join pg_stat_activity using (pid) where relation = 'contact'::regclass and not granted and query ~ '${who}'`));
  const before = server.services.hold(CONTACTS);
  await before.held;
  const { export: id } = await act('duban', 'export.start', { format: 'csv', filter: {} });
  await waiting('export_page');
  const between = server.services.hold(CONTACTS);
  await waiting('lock table');
  await before.release();
  await between.held;
  await until('its first page is written', async () => {
    const half = (await filesThere()).find((name) => name.startsWith(`${id}-`) && name.endsWith('.part'));
    return half && (await stat(path.join(exportsDir(), half))).size > 0;
  });
  return { id, go: () => between.release() };
}

test('an export that a dying server left half is begun again and whole; a cancelled one leaves nothing', async () => {
  const { id, go } = await halfway();
  await server.kill9();
  await go();
  assert.ok((await filesThere()).includes(`${id}-1.part`), 'half a file is there');
  clock.jump(61);          // its lease runs out
  await server.serve();
  for (const one of Object.values(people)) one.client = await sit(one.cookie);
  await until('it is done', async () => (await cardOf('duban', id)).state === 'done', { ms: 90_000 });
  const [{ n }] = await server.services.rows('select count(*)::int n from ticket');
  const numbers = csvRows(Buffer.from(await (await fetchAs('duban', `/api/exports/${id}`)).arrayBuffer()).subarray(3).toString()).slice(1).map((row) => row[0]);
  assert.deepEqual([numbers.length, new Set(numbers).size], [n, n], 'each ticket once');
  const second = await halfway();
  assert.equal((await act('duban', 'export.cancel', { export: second.id })).state, 'cancelled');
  await second.go();
  await until('nothing half is left', async () => !(await filesThere()).some((name) => name.endsWith('.part') && !name.startsWith(`${id}-1.`)), { ms: 30_000 });
  await refused(act('duban', 'export.cancel', { export: second.id }), 'rule');
  assert.equal((await fetchAs('duban', `/api/exports/${second.id}`)).status, 422);
});

test('an export waits while so much is unread that it could miss some, and can be cancelled meanwhile', async () => {
  const unread = server.services.hold('lock table search_open in exclusive mode');      // who fills the search waits
  await unread.held;
  await server.services.psql('insert into search_due select ticket from ticket on conflict do nothing');
  const { export: id } = await act('duban', 'export.start', { format: 'csv', filter: { kind: [3] } });
  const { export: other } = await act('duban', 'export.start', { format: 'csv', filter: {} });
  await until('it is under way', async () => (await cardOf('duban', id)).state === 'running');
  await act('duban', 'export.cancel', { export: id });
  await until('the next one is under way', async () => (await cardOf('duban', other)).state === 'running');
  assert.ok(!(await filesThere()).some((name) => name.startsWith(`${other}-`)), 'nothing is written yet');
  await unread.release();
  await until('it is done', async () => (await cardOf('duban', other)).state === 'done');
  const [{ n }] = await server.services.rows('select count(*)::int n from ticket');
  assert.equal((await cardOf('duban', other)).done, n);
});

test('when days pass, the clock makes the bulletins of the periods that ended, and files expire', async () => {
  const { rows } = await ask('duban', 'export.list', {});
  const kept = rows.filter((one) => one.state === 'done').length;
  assert.ok(kept >= 4);
  clock.jump(73 * HOURS);
  const day = await until('yesterday has its bulletin', async () =>
    (await ask('duban', 'bulletin.list', { kind: 'day' })).rows.find((row) => row.begun === dayFromNow(2)), { ms: 60_000 });
  assert.deepEqual([day.who, day.whole], ['系统', true]);
  await until('their time is over', async () => (await ask('duban', 'export.list', {})).rows.every((one) => one.state !== 'done'), { ms: 90_000 });
  await until('the files are gone', async () => (await filesThere()).length === 0, { ms: 90_000 });
  const reply = await fetchAs('duban', `/api/exports/${rows.find((one) => one.state === 'done').export}`);
  assert.equal(reply.status, 422);
  assert.match((await reply.json()).error.message, /过期/);
});
