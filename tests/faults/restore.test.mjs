// Backup and restore (docs/KEEPING.md), tested by restoring: what was acknowledged before a moment is there, all of it
// and nothing else; a backup that was changed, a gap in the log and an impossible time are refused.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, copyFile, cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Citizen, lamp, png } from '../support/citizen.mjs';

process.env.HOTLINE_WAL_ARCHIVE = '1'; // this file's services keep their log
const { openHouse } = await import('../support/house.mjs');
const { root } = await import('../support/services.mjs');
const { pothole } = await import('../support/tickets.mjs');

const run = promisify(execFile);
const house = openHouse();
let agent, backup, key, dir;
const acked = [];

before(async () => {
  await house.opened;
  agent = await house.sit('1001');
  dir = house.server.dir;
  key = path.join(dir, 'contact.key');
});

/** ./hotline …; {code, out}. */
const front = (...words) => run(path.join(root, 'hotline'), words, { timeout: 300_000, cwd: dir })
  .then(({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }), (error) => ({ code: error.code, out: error.stdout + error.stderr }));
const load = async (many) => {
  const cards = await Promise.all(Array.from({ length: many }, () => agent.do('ticket.submit', pothole())));
  acked.push(...cards.map((card) => card.number));
};
/** In Beijing, as people write it. */
const moment = async () => house.server.services.psql(`select to_char(clock_timestamp() at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS.US')`);

async function numbersIn(place) {
  assert.equal((await front('services', 'start', place, '--no-fsync')).code, 0);
  const { stdout } = await run(path.join(root, 'hotline'), ['services', 'conninfo', place]);
  const owner = /HOTLINE_DATABASE_OWNER=(.*)/.exec(stdout)[1];
  const found = (await run('psql', ['-qXtA', '-d', owner, '-c', 'select number from ticket order by 1'])).stdout.trim().split('\n');
  await front('services', 'stop', place);
  return found;
}
async function refused(words, why) {
  const { code, out } = await front(...words);
  assert.ok(code !== 0 && why.test(out), `${words.join(' ')}: ${code} ${out}`);
}

test('a backup is made while the hotline works, and restored it is what its manifest says', async () => {
  await new Citizen(house.server).attach(await new Citizen(house.server).submit(lamp()), png(3));
  await load(20);
  let going = true;
  const work = (async () => { while (going) { await load(5); await pause(20); } })();
  const made = await front('backup', path.join(dir, 'backup'), '--of', dir);
  going = false;
  await work;
  assert.equal(made.code, 0, made.out);
  const [name] = (await readdir(path.join(dir, 'backup')));
  backup = path.join(dir, 'backup', name);
  assert.ok(!(await readdir(backup)).includes('contact.key'), 'the key is not in it');
  assert.match((await front('backup', 'list', path.join(dir, 'backup'), '--of', dir)).out, new RegExp(name));
  const restored = await front('restore', backup, path.join(dir, 'same'), '--key', key);
  assert.equal(restored.code, 0, restored.out);
  assert.match(restored.out, /rows of all \d+ tables are those of the manifest[^]*verified/);
  await refused(['restore', backup, path.join(dir, 'same'), '--key', key], /already/);
});

test('restored to a moment, exactly what was acknowledged before it is there', async () => {
  await load(30);
  const before = await moment();
  const known = [...acked];
  await pause(50);
  await load(30);
  await house.server.services.psql('select pg_switch_wal()');
  const wal = path.join(dir, 'wal');
  const last = await house.server.services.psql('select pg_walfile_name(pg_current_wal_lsn())');
  for (let i = 0; i < 300 && !(await readdir(wal)).some((one) => one >= `${last.slice(0, -1)}`); i++) await pause(100);
  const restored = await front('restore', backup, path.join(dir, 'then'), '--until', before, '--key', key);
  assert.equal(restored.code, 0, restored.out);
  const there = await numbersIn(path.join(dir, 'then'));
  assert.deepEqual(there.filter((one) => !known.includes(one)).length, 1, 'nothing later (and the citizen’s own ticket)');
  assert.deepEqual(known.filter((one) => !there.includes(one)), [], 'nothing missing');
});

test('what cannot be right is refused before anything is made', async () => {
  const into = path.join(dir, 'bad');
  await refused(['restore', dir, into], /no manifest/);
  await refused(['restore', backup, into, '--until', '2020-01-01 00:00:00', '--key', key], /take an earlier one/);
  await refused(['restore', backup, into, '--until', 'gestern', '--key', key], /not a time/);
  const copy = path.join(dir, 'copy');
  await cp(backup, copy, { recursive: true });
  const manifest = await readFile(path.join(copy, 'manifest'), 'utf8');
  await writeFile(path.join(copy, 'manifest'), manifest.replace(/^rows ticket \d+$/m, 'rows ticket 1'));
  await refused(['restore', copy, into, '--key', key], /changed/);
  await run('sh', ['-c', 'find . -type f ! -name SHA256SUMS ! -name SEAL -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS'], { cwd: copy });
  await refused(['restore', copy, into, '--key', key], /not made with the key/);
  await copyFile(path.join(backup, 'manifest'), path.join(copy, 'manifest'));
  await copyFile(path.join(backup, 'SHA256SUMS'), path.join(copy, 'SHA256SUMS'));
  await appendFile(path.join(copy, 'more'), 'x');
  await refused(['restore', copy, into, '--key', key], /file in it that it was not made with/);
  await rm(path.join(copy, 'more'));
  await assert.rejects(readdir(into), 'nothing was made');

  const wal = path.join(dir, 'wal');
  const kept = (await readdir(wal)).filter((one) => /^[0-9A-F]{24}\.gz$/.test(one) && one > `${/^last (.*)$/m.exec(manifest)[1]}.gz`).sort();
  assert.ok(kept.length > 0);
  await mkdir(path.join(dir, 'aside'));
  await load(1);
  await house.server.services.psql('select pg_switch_wal()');
  for (let i = 0; i < 300 && (await readdir(wal)).filter((one) => one > kept.at(-1)).length === 0; i++) await pause(100);
  await run('mv', [path.join(wal, kept[0]), path.join(dir, 'aside')]);
  await refused(['restore', backup, path.join(dir, 'gap'), '--until', 'latest', '--key', key], new RegExp(`gap[^]*${kept[0].slice(0, 24)}`));
  await run('mv', [path.join(dir, 'aside', kept[0]), wal]);
  assert.deepEqual((await readdir(path.join(dir, 'gap'))), ['log'], 'what was begun is gone');
});

test('old backups go, with the log that only they needed', async () => {
  const newer = path.join(dir, 'backup', '29991231T000000');
  await cp(backup, newer, { recursive: true });
  const wal = () => readdir(path.join(dir, 'wal'));
  const last = (await wal()).filter((one) => /^[0-9A-F]{24}\.gz$/.test(one)).sort().at(-1);
  const manifest = path.join(newer, 'manifest');
  await writeFile(manifest, (await readFile(manifest, 'utf8')).replace(/^first .*$/m, `first ${last.slice(0, 24)}`));
  await refused(['backup', 'prune', 'all', path.join(dir, 'backup'), '--of', dir], /how many/);
  assert.equal((await front('backup', 'prune', '1', path.join(dir, 'backup'), '--of', dir)).code, 0);
  assert.deepEqual(await readdir(path.join(dir, 'backup')), [path.basename(newer)]);
  assert.deepEqual((await wal()).filter((one) => one.endsWith('.gz')), [last]);
});
