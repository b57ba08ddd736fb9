// A second hotlined beside the server of the test: the same services and settings, another port and other roles.
import { spawn } from 'node:child_process';
import { binary, freePort } from './server.mjs';
import { until } from './until.mjs';

export class Beside {
  static async start(server, roles = 'console,dispatch,timers') {
    const beside = new Beside();
    beside.port = await freePort();
    beside.url = `http://127.0.0.1:${beside.port}`;
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HOTLINE_')));
    beside.child = spawn(binary, ['serve', '--config', server.config, '--set', `port=${beside.port}`, '--set', `roles=${roles}`],
      { env, stdio: ['ignore', 'ignore', 'pipe'] });
    beside.log = '';
    beside.child.stderr.setEncoding('utf8').on('data', (piece) => (beside.log += piece));
    beside.ended = new Promise((resolve) => beside.child.on('close', (code, signal) => resolve({ code, signal })));
    await until('the second process answers', async () =>
      (await fetch(`${beside.url}/healthz`).catch(() => null))?.status === 200, { ms: 30_000 });
    return beside;
  }

  /** `SIGSTOP` holds it with what it has taken; `SIGKILL` is a crash. */
  kill(signal) {
    this.child.kill(signal);
  }

  async end(signal = 'SIGTERM') {
    this.child.kill(signal);
    return this.ended;
  }
}
