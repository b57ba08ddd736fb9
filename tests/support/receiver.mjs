// Who is told by webhooks: a server that can be slow, down, or hear everything twice; it checks every signature.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { freePort } from './server.mjs';
import { Queue } from './queue.mjs';
import { sign } from './partner.mjs';

export class Receiver {
  heard = []; // every request with the right signature: {event, kind, number, ver, …}
  events = new Queue();
  faults = [];
  mode = 'good'; // good, silent (never answers), deaf (takes it in and breaks off), wrong (500)
  held = [];

  static async start(credentials) {
    const receiver = new Receiver();
    receiver.credentials = credentials;
    receiver.port = await freePort();
    await receiver.up();
    return receiver;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/hooks/12345?from=hotline`;
  }

  up() {
    this.server = createServer((request, response) => {
      const pieces = [];
      request.on('data', (piece) => pieces.push(piece));
      request.on('end', () => this.take(request, response, Buffer.concat(pieces)));
    });
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  down() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  take(request, response, body) {
    const header = request.headers.authorization ?? '';
    const [, time, nonce] = /time=(\d+), nonce=([0-9a-f-]+)/.exec(header) ?? [];
    if (header !== sign(this.credentials, 'POST', request.url, body, { time, nonce })) this.faults.push(header);
    const told = JSON.parse(body);
    this.heard.push(told);
    if (this.mode === 'silent') return this.held.push(response);
    if (this.mode === 'deaf') return request.socket.destroy();
    response.statusCode = this.mode === 'wrong' ? 500 : 204;
    response.end();
    if (this.mode === 'good') this.events.push(told);
  }

  /** The next event that was answered well and matches. */
  event(what, match) {
    return this.events.take(what, match, 20_000);
  }

  async close() {
    await this.down();
    assert.deepEqual(this.faults, [], 'every request was signed');
  }
}
