// The shared set-up of a test file: one server, its people, and what must be true when all is over.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Client, login } from './client.mjs';
import { Server } from './server.mjs';
import { CALLER_NAME, CALLER_PHONE } from './tickets.mjs';

const FILE_MS = 600_000;
const PHONE = new RegExp(`${CALLER_PHONE}\\d{4}|${CALLER_NAME}`);

class House {
  server = null;
  clients = [];
  cookies = new Map();

  /** Starts the server, once; Node runs a file's before hooks side by side, so others wait here. */
  open(settings, env) {
    this.opened ??= Server.start(settings, env).then((server) => (this.server = server));
    return this.opened;
  }

  /** Somebody at a console; logs in once, then with the same cookie. */
  async sit(name, topics = null) {
    await this.opened;
    if (!this.cookies.has(name)) {
      const { status, cookie, body } = await login(this.server, name);
      assert.equal(status, 200, `login of ${name}: ${JSON.stringify(body)}`);
      this.cookies.set(name, cookie);
    }
    const client = await this.connect(this.cookies.get(name));
    await client.hello();
    if (topics) await client.follow(topics);
    return client;
  }

  async connect(cookie, headers) {
    const client = await Client.connect(this.server, cookie, headers);
    this.clients.push(client);
    return client;
  }

  /** Contact data is nowhere in the clear: not on a desk that did not ask, not at rest, not in the log. */
  async checkSecrecy() {
    for (const client of this.clients)
      for (const frame of client.frames) {
        if (client.me?.role !== 1) assert.doesNotMatch(frame, PHONE, `a frame to ${client.me?.login} tells who called`);
      }
    assert.doesNotMatch(this.server.log, PHONE, 'the log tells who called');
    assert.doesNotMatch(await this.server.services.dump(), PHONE, 'the database holds contact data in the clear');
  }

  async close() {
    for (const client of this.clients) client.socket.terminate();
    try {
      if (!this.server) return;
      await this.checkSecrecy();
      await this.server.verifyClean();
    } finally {
      await this.server?.stop();
    }
  }
}

/** One server for a test file, with these settings of hotlined and these variables in its environment. */
export function openHouse(settings = {}, env = {}, most = FILE_MS) {
  const house = new House();
  setTimeout(() => {
    console.error(`this file takes longer than ${most / 1000} s`);
    process.exit(1);
  }, most).unref();
  before(() => house.open(settings, env));
  after(() => house.close());
  return house;
}
