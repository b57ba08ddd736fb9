// A private PostgreSQL and Redis for one test file, started and stopped by ./hotline services.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const root = path.resolve(import.meta.dirname, '../..');
const frontDoor = path.join(root, 'hotline');

// A test process that is ended early still takes its services with it.
const running = new Set();
process.on('exit', () => {
  for (const services of running) services.abandon();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** The end of what a program printed, for an error's message. */
export function tail(text, lines = 30) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

export class Services {
  static async start() {
    const dir = await mkdtemp(path.join(tmpdir(), 'hotline-test-'));
    // With root, PostgreSQL runs as another user, who must be able to pass through.
    await chmod(dir, 0o755);
    const services = new Services(dir);
    running.add(services);
    await services.verb('start');
    const { stdout } = await services.verb('conninfo');
    services.info = Object.fromEntries(
      stdout.trim().split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    return services;
  }

  constructor(dir) {
    this.dir = dir;
    this.holders = new Set();
  }

  /** What was committed survives every process here, which is what tests kill; not the machine. */
  verb(word) {
    const options = word === 'start' ? ['--no-fsync'] : [];
    return run(frontDoor, ['services', word, this.dir, ...options], { timeout: 120_000 });
  }

  get redisSocket() {
    return this.info.HOTLINE_REDIS_SOCKET;
  }

  get superuser() {
    return this.info.HOTLINE_TEST_SUPERUSER.replace(/dbname=\S+/, 'dbname=hotline');
  }

  /** Run statements as the superuser; the text that psql prints, unaligned, without heads. */
  psql(text) {
    return new Promise((resolve, reject) => {
      const psql = spawn('psql', ['-qXtA', '-v', 'ON_ERROR_STOP=1', '-d', this.superuser], {
        env: { ...process.env, PGAPPNAME: 'test' },
      });
      let out = '';
      let err = '';
      psql.stdout.setEncoding('utf8').on('data', (piece) => (out += piece));
      psql.stderr.setEncoding('utf8').on('data', (piece) => (err += piece));
      psql.on('error', reject);
      psql.on('close', (code) =>
        code === 0 ? resolve(out.trimEnd()) : reject(new Error(`psql: ${err || out}\nof: ${text}`)),
      );
      psql.stdin.end(text);
    });
  }

  /**
   * A transaction that keeps what `statement` locks until `release()`; `held` resolves when it has it. Locks are given
   * in the order in which they were asked for, so a second one is held as soon as who waits between them is done.
   */
  hold(statement) {
    const psql = spawn('psql', ['-qXtA', '-v', 'ON_ERROR_STOP=1', '-d', this.superuser], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.holders.add(psql);
    const ended = new Promise((resolve) => psql.on('close', resolve));
    const held = new Promise((resolve, reject) => {
      psql.stdout.on('data', resolve);
      ended.then((code) => reject(new Error(`psql ended with ${code} before it held: ${statement}`)));
    });
    psql.stdin.write(`begin; ${statement}; select 'held';\n`);
    held.catch(() => {});          // whoever waits for it hears of it
    return { held, release: () => (psql.stdin.end('rollback;\n'), ended) };
  }

  /** The rows of one query as objects. */
  async rows(query) {
    return JSON.parse(await this.psql(`select coalesce(json_agg(x), '[]') from (${query}) x;`));
  }

  /** The single value of one query. */
  async value(query) {
    return Object.values((await this.rows(query))[0] ?? {})[0];
  }

  async redis(...words) {
    const { stdout } = await run('redis-cli', ['-s', this.redisSocket, ...words.map(String)]);
    return stdout.trimEnd();
  }

  /** The whole database as text, to look for what must not be in it. */
  async dump() {
    const { stdout } = await run('pg_dump', ['-d', this.superuser, '--data-only'], { maxBuffer: 1 << 28 });
    return stdout;
  }

  /** The process of one of the services. */
  async pid(name) {
    const file = name === 'pg' ? 'pg/postmaster.pid' : 'redis/redis.pid';
    return Number((await readFile(path.join(this.dir, file), 'utf8')).split('\n')[0]);
  }

  /** Without waiting for anything: the process ends. `server` is a process to take along. */
  abandon() {
    this.server?.kill('SIGKILL');
    spawnSync(frontDoor, ['services', 'stop', this.dir], { timeout: 60_000 });
    rmSync(this.dir, { recursive: true, force: true });
  }

  async stop() {
    running.delete(this);
    for (const psql of this.holders) psql.kill();
    await this.verb('stop');
    await rm(this.dir, { recursive: true, force: true });
  }
}
