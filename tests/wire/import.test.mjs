// hotlined import: good rows become tickets once, bad rows are told with line and reason, whatever happens.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { runBinary } from '../support/server.mjs';
import { CALLER_NAME, newPhone } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const HEAD = 'source_id,title,body,time,kind,region,matter,phone,name\n';

async function write(name, content) {
  const file = path.join(house.server.dir, name);
  await writeFile(file, content);
  return file;
}

function run(file, words = [], options = {}) {
  return runBinary(['import', '--config', house.server.config, file, ...words], options);
}

const imported = (prefix) =>
  house.server.services.rows(`select t.*, e.detail->>'source_id' as source_id from ticket t join ticket_event e
    on e.ticket = t.ticket and e.seq = 1 where e.detail->>'source_id' like '${prefix}%' order by source_id`);

/** The lines and reasons of the rejects file. */
async function rejects(file) {
  const text = await readFile(`${file}.rejects.csv`, 'utf8');
  const [head, ...lines] = text.trimEnd().split('\n');
  assert.match(head, /^line,reason,/);
  return lines.filter((line) => /^\d+,/.test(line)).map((line) => {
    const [, number, reason] = /^(\d+),(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line).slice(0, 4);
    return { line: Number(number), reason: reason ?? line };
  });
}

test('good rows become dispatched tickets, with what they told', async () => {
  const phone = newPhone();
  const file = await write('good.csv', `\ufeff${HEAD}` +
    `g1,室温不达标,"家里暖气不热,只有14度",2024-01-15 09:30:00,投诉,232761,0101,${phone},${CALLER_NAME}\r\n` +
    'g2,路灯不亮,"第一行\n第二行，他说""很黑""",2024-01-15 10:00,求助,232701,0305,,\n' +
    'g3,咨询医保,怎么办理医保异地备案,,,,,,');
  const { code, out } = await run(file);
  assert.equal(code, 0, out);
  const rows = await imported('g');
  assert.deepEqual(rows.map((row) => row.source_id), ['g1', 'g2', 'g3']);
  assert.equal(rows[0].body, '家里暖气不热,只有14度');
  assert.equal(rows[0].kind, 3);
  assert.equal(rows[0].channel, 6);
  assert.equal(rows[0].matter, '0101');
  assert.equal(rows[1].body, '第一行\n第二行，他说"很黑"');
  assert.equal(rows[1].region, '232701');
  assert.equal(rows[2].region, '232700');
  await until('all are dispatched', async () => (await imported('g')).every((row) => row.state !== 20));
  const agent = await house.sit('1001');
  const { open } = await agent.ask('caller.history', { phone });
  assert.equal(open.length, 1, 'found by the number');
});

test('imported again, nothing is taken down twice', async () => {
  const file = path.join(house.server.dir, 'good.csv');
  const { code } = await run(file);
  assert.equal(code, 0);
  assert.equal((await imported('g')).length, 3);
});

test('bad rows go to the rejects with line and reason, and the others are taken', async () => {
  const bad = Buffer.concat([
    Buffer.from(HEAD),
    Buffer.from('b1,好的一行,正文,,,,,,\n'),
    Buffer.from('b2,编码,'), Buffer.from([0xb1, 0xe0, 0xc2, 0xeb]), Buffer.from(',,,,,,\n'),
    Buffer.from(`b3,太长,${'长'.repeat(4001)},,,,,,\n`),
    Buffer.from('b4,地方,正文,,,999999,,,\n'),
    Buffer.from('b5,引"号,正文,,,,,,\n'),
    Buffer.from('b6,缺列,正文\n'),
    Buffer.from('b7,种类,正文,,吵架,,,,\n'),
    Buffer.from('b8,时间,正文,昨天,,,,,\n'),
    Buffer.from('b9,,正文,,,,,,\n'),
    Buffer.from('b10,电话,正文,,,,,abc,\n'),
    Buffer.from('b11,事项,正文,,,,9999,,\n'),
    Buffer.from('b12,多列,正文,,,,,,,\n'),
    Buffer.from('b13,又一行好的,正文,,,,,,\n'),
    Buffer.from('b14,没有结束的引号,"正文,,,,,,\n'),
  ]);
  const file = await write('bad.csv', bad);
  const { code, out } = await run(file);
  assert.equal(code, 0, out);
  assert.deepEqual((await imported('b')).map((row) => row.source_id), ['b1', 'b13']);
  const told = await rejects(file);
  assert.deepEqual(told.map((row) => row.line).sort((a, b) => a - b), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15]);
  const reason = (line) => told.find((row) => row.line === line).reason;
  assert.match(reason(3), /UTF-8/);
  assert.match(reason(4), /4000/);
  assert.match(reason(5), /县市区/);
  assert.match(reason(6), /引号/);
  assert.match(reason(7), /列/);
  assert.match(reason(10), /title/);
  assert.match(reason(12), /事项/);
  assert.match(reason(15), /引号/);
  assert.match(out, /退回 12/);
});

test('a file that is none is told so', async () => {
  const { code, err } = await run(path.join(house.server.dir, 'missing.csv'));
  assert.notEqual(code, 0);
  assert.ok(err.includes('missing.csv'));
  for (const [name, content] of [['head.csv', 'a,b,c\n1,2,3\n'], ['empty.csv', ''], ['zip.csv', Buffer.from('PK\x03\x04\x00\x00')]]) {
    const ended = await run(await write(name, content));
    assert.notEqual(ended.code, 0, name);
    assert.ok(ended.err.length > 0, name);
  }
});

test('killed in the middle and run again, no row is lost and none is doubled', async () => {
  const count = 4000;
  const row = (i) => (i % 100 === 50
    ? `k${i},坏行,正文,,吵架,,,,\n`
    : `k${String(i).padStart(5, '0')},第${i}件,第${i}件的正文：路灯不亮,,,232761,0305,${i % 10 ? '' : newPhone()},\n`);
  const file = await write('kill.csv', HEAD + Array.from({ length: count }, (_, i) => row(i)).join(''));
  const done = () => house.server.services.value(`select count(*) from ticket where title like '第%件'`);
  for (const target of [300, 1500]) {
    const { signal } = await run(file, [], {
      started: (child) => until('rows are in', async () => Number(await done()) > target, { ms: 60_000 })
        .finally(() => child.kill('SIGKILL')),
    });
    assert.equal(signal, 'SIGKILL');
    assert.ok(Number(await done()) < count * 0.99, 'it was killed in the middle');
  }
  const { code, out } = await run(file);
  assert.equal(code, 0, out);
  const rows = await imported('k');
  assert.equal(rows.length, count * 0.99);
  assert.equal(new Set(rows.map((one) => one.source_id)).size, rows.length);
  const lines = (await rejects(file)).map((one) => one.line);
  assert.deepEqual([...new Set(lines)].sort((a, b) => a - b), Array.from({ length: count / 100 }, (_, i) => i * 100 + 52));
  await until('all are dispatched', async () =>
    (await house.server.services.value('select count(*) from ticket where state = 20')) === 0, { ms: 60_000 });
  await rm(file);
});
