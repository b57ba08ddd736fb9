// The hotlined under test: its own services, keys, settings and port; fails the test when it
// crashed, ended unasked or a sanitizer complained.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { Services, root, tail } from './services.mjs';
import { until } from './until.mjs';

export const binary = path.resolve(root, process.env.HOTLINED ?? 'build/asan/hotlined');
const SANITIZER = /ERROR: (Address|Leak|Thread)Sanitizer|runtime error:|SUMMARY: \w+Sanitizer/;
const START_MS = 30_000;

/** A port that nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Our environment without settings of hotlined: they would overrule the test's own. */
const surroundings = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HOTLINE_')));

/** Run hotlined to its end: {code, signal, out, err}. started(child) may end it early. */
export function runBinary(words, { env = {}, started } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, words, { env: { ...surroundings(), ...sanitizers, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (piece) => (out += piece));
    child.stderr.setEncoding('utf8').on('data', (piece) => (err += piece));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (SANITIZER.test(err)) reject(new Error(`hotlined ${words[0]}: sanitizer report\n${tail(err, 60)}`));
      else resolve({ code, signal, out, err });
    });
    started?.(child);
  });
}

const sanitizers = {
  ASAN_OPTIONS: 'detect_leaks=1:exitcode=86:abort_on_error=0',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1:exitcode=86',
};

export class Server {
  /** Fresh services, a migrated database with demo data, and a server that answers /healthz. */
  static async start(settings = {}, env = {}) {
    const server = new Server();
    server.env = env;
    try {
      server.services = await Services.start();
      await server.prepare(settings);
      await server.serve();
      return server;
    } catch (error) {
      await server.stop().catch(() => {});
      throw error;
    }
  }

  child = null;
  log = '';
  switchKey = randomBytes(16).toString('hex');
  smsKey = randomBytes(16).toString('hex');

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  get dir() {
    return this.services.dir;
  }

  async prepare(settings) {
    const { info, dir } = this.services;
    this.port = await freePort();
    this.config = path.join(dir, 'hotline.conf');
    const all = {
      port: this.port,
      database: info.HOTLINE_DATABASE,
      database_owner: info.HOTLINE_DATABASE_OWNER,
      redis_socket: info.HOTLINE_REDIS_SOCKET,
      key_file: path.join(dir, 'contact.key'),
      files_dir: path.join(dir, 'files'),
      sql_dir: path.join(root, 'sql'),
      static_dir: path.join(root, 'web-agent/dist'),
      switch_key: this.switchKey,
      sms_key: this.smsKey,
      public_url: `${this.url}/public`,
      // Tests log in and ask far more often than people.
      logins_per_minute: 10_000,
      public_per_minute: 10_000,
      intake_per_minute: 10_000,
      public_tickets_per_hour: 100_000,
      frames_per_second: 5_000,
      max_links_per_ip: 1_000,
      ...settings,
    };
    await writeFile(this.config, Object.entries(all).map(([name, value]) => `${name} = ${value}\n`).join(''));
    await this.verb('key', path.join(dir, 'contact.key'));
    await this.verb('migrate', '--config', this.config, '--demo');
  }

  /** A verb that must succeed. */
  async verb(...words) {
    const ended = await runBinary(words);
    assert.equal(ended.code, 0, `hotlined ${words.join(' ')}\n${tail(ended.out + ended.err)}`);
    return ended.out;
  }

  /** `hotlined verify`, whose findings are its exit code. */
  verify() {
    return runBinary(['verify', '--config', this.config]);
  }

  async verifyClean() {
    const ended = await this.verify();
    assert.equal(ended.code, 0, `hotlined verify finds faults\n${ended.out}${ended.err}`);
  }

  /** Settings for the next start; the last line of a name counts. */
  async set(settings) {
    const kept = (await readFile(this.config, 'utf8')).split('\n').filter((line) => !(line.split(' = ')[0] in settings));
    await writeFile(this.config, kept.join('\n'));
    await appendFile(this.config, Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`).join(''));
  }

  async serve() {
    const child = spawn(binary, ['serve', '--config', this.config], {
      env: { ...surroundings(), ...sanitizers, ...this.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    this.services.server = child;
    child.stderr.setEncoding('utf8').on('data', (piece) => (this.log += piece));
    this.ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
    this.ended.then(() => (child.over = true));
    await until('/healthz answers', () => this.healthy(), { ms: START_MS });
  }

  async healthy() {
    if (this.child.over) throw new Error(`hotlined ended at its start\n${tail(this.log)}`);
    const reply = await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    return reply?.status === 200;
  }

  /** A clean shutdown, as `systemctl stop` does it. */
  async term() {
    this.child.kill('SIGTERM');
    const { code, signal } = await this.ended;
    this.checkLog();
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, `SIGTERM did not end cleanly\n${tail(this.log)}`);
    this.child = null;
  }

  async kill9() {
    assert.ok(!this.child.over, `hotlined had already ended\n${tail(this.log)}`);
    this.child.kill('SIGKILL');
    await this.ended;
    this.checkLog();
    this.child = null;
  }

  async restart(settings = {}) {
    await this.term();
    await this.set(settings);
    await this.serve();
  }

  checkLog() {
    const found = SANITIZER.exec(this.log);
    assert.ok(!found, `sanitizer report\n${this.log.slice(found?.index, (found?.index ?? 0) + 6000)}`);
  }

  /** The end of a test file: the server must still be there and end well. */
  async stop() {
    try {
      if (this.child && this.child.over) {
        const { code, signal } = await this.ended;
        this.checkLog();
        assert.fail(`hotlined ended unasked (code ${code}, signal ${signal})\n${tail(this.log)}`);
      }
      if (this.child) await this.term();
    } finally {
      this.child?.kill('SIGKILL');
      // For whoever looks for the cause of a failure: HOTLINE_TEST_LOG=file keeps the server's log.
      if (process.env.HOTLINE_TEST_LOG) await writeFile(process.env.HOTLINE_TEST_LOG, this.log);
      await this.services?.stop();
    }
  }
}
