// A clock that a test can move: the server runs under libfaketime (Debian package libfaketime), which reads the
// offset from a file. Only the wall clock is moved; timers go on as they are.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'.replace('x86_64', process.arch === 'arm64' ? 'aarch64' : 'x86_64');

export class Clock {
  offset = 0; // seconds before the real time

  static async make() {
    const clock = new Clock();
    const dir = await mkdtemp(path.join(tmpdir(), 'hotline-clock-'));
    process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
    clock.file = path.join(dir, 'offset');
    clock.jump(0);
    return clock;
  }

  /** What the server's environment needs. The sanitizer need not be the first library then. */
  get env() {
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_XRESET: '1',
      ASAN_OPTIONS: 'detect_leaks=1:exitcode=86:abort_on_error=0:verify_asan_link_order=0',
    };
  }

  now() {
    return Date.now() + this.offset * 1000;
  }

  /** Forward by so many seconds; the server sees it within a second. */
  jump(seconds) {
    this.offset += seconds;
    writeFileSync(`${this.file}.new`, `+${this.offset}s\n`);
    renameSync(`${this.file}.new`, this.file);
  }
}
