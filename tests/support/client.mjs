// One console without a browser: login by HTTP, commands and events by WebSocket.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { Queue } from './queue.mjs';
import { PATIENCE_MS } from './until.mjs';

export const PASSWORD = 'hotline12345';
const PROTOCOL = 'jsonrpc.12345.v1';
const OPEN_ANSWERS = new Set(['ticket.reveal', 'case.reveal', 'call.caller']);

/** The server said no. */
export class Refusal extends Error {
  constructor(method, error) {
    super(`${method}: ${error.code} ${error.data?.name} ${error.message} ${JSON.stringify(error.data)}`);
    this.code = error.code;
    this.sentence = error.message;
    this.data = error.data ?? {};
    this.name = this.data.name;
  }
}

/** The link ended before the answer came. */
export class LinkLost extends Error {}

export async function login(server, name, password = PASSWORD) {
  const reply = await fetch(`${server.url}/api/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login: name, password }),
  });
  const set = reply.headers.get('set-cookie') ?? '';
  return { status: reply.status, set, cookie: set.split(';')[0], body: await reply.json() };
}

export class Client {
  /** Logged in, greeted, and following the topics. */
  static async sit(server, name, topics = null) {
    const { status, cookie, body } = await login(server, name);
    assert.equal(status, 200, `login of ${name}: ${JSON.stringify(body)}`);
    const client = await Client.connect(server, cookie);
    await client.hello();
    if (topics) await client.follow(topics);
    return client;
  }

  static connect(server, cookie = '', headers = {}) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, PROTOCOL, {
        headers: { ...(cookie ? { Cookie: cookie } : {}), ...headers },
        handshakeTimeout: PATIENCE_MS,
      });
      const client = new Client(server, cookie, socket);
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
    });
  }

  frames = [];
  events = new Queue();
  strays = new Queue(); // answers that no question waits for: refusals with id null
  waiting = new Map();
  lastId = 0;
  epoch = '';
  pos = '';

  constructor(server, cookie, socket) {
    this.server = server;
    this.cookie = cookie;
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    this.closed.then(({ code, reason }) => this.end(new LinkLost(`link closed: ${code} ${reason}`)));
    socket.on('error', () => {});
    socket.on('message', (data) => this.take(String(data)));
  }

  end(error) {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.events.fail(error);
    this.strays.fail(error);
  }

  take(text) {
    const message = JSON.parse(text);
    const waiting = this.waiting.get(message.id);
    // Who asked to see contact data may see it; everything else is looked through for leaks.
    if (!OPEN_ANSWERS.has(waiting?.method)) this.frames.push(text);
    if (message.method === 'feed') {
      this.epoch = message.params.epoch;
      this.pos = message.params.pos;
      for (const event of message.params.events) this.events.push(event);
      return;
    }
    if (!waiting) return this.strays.push(message);
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(new Refusal(waiting.method, message.error));
    else waiting.resolve(message.result);
  }

  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  ask(method, params = {}, ms = PATIENCE_MS) {
    return new Promise((resolve, reject) => {
      if (this.socket.readyState !== WebSocket.OPEN) return reject(new LinkLost('link is closed'));
      const id = ++this.lastId;
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error(`${method}: silence for ${ms} ms`));
      }, ms);
      const settle = (fn) => (value) => {
        clearTimeout(timer);
        fn(value);
      };
      this.waiting.set(id, { method, resolve: settle(resolve), reject: settle(reject) });
      this.send({ jsonrpc: '2.0', id, method, params });
    });
  }

  /** A command that writes; the same request id, the same deed. */
  do(method, params = {}, request = randomUUID()) {
    return this.ask(method, { ...params, request });
  }

  /** A move of a ticket, made on what this card shows. */
  move(action, card, params = {}, request) {
    const { ver, state, kind, urgency, matter } = card;
    return this.do(`ticket.${action}`, { id: card.id, seen: { ver, state, kind, urgency, matter }, ...params }, request);
  }

  async hello() {
    this.me = await this.ask('session.hello');
    return this.me;
  }

  async follow(topics, since = null) {
    const opened = await this.ask('feed.open', { topics, ...(since ?? {}) });
    this.epoch = opened.epoch;
    this.pos = opened.pos;
    return opened;
  }

  /** The next event of this kind whose body matches. */
  async event(kind, match = () => true, ms = PATIENCE_MS) {
    return (await this.events.take(`a ${kind} event of ${this.me?.login}`, (e) => e.k === kind && match(e.b), ms)).b;
  }

  /** The ticket's card once it is as asked; older cards of it are passed over. */
  card(id, match = () => true, ms = PATIENCE_MS) {
    return this.event('ticket', (b) => b.id === id && match(b), ms);
  }

  /** How the link ended: {code, reason}. Waits for it, but not for ever. */
  gone(ms = PATIENCE_MS) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the link of ${this.me?.login} is still open after ${ms} ms`)), ms);
    });
    return Promise.race([this.closed, late]).finally(() => clearTimeout(timer));
  }

  async close() {
    this.socket.close();
    await this.gone();
  }
}

/** The refusal that this promise must end with. */
export async function refused(promise, name) {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    assert.equal(error.name, name, error.message);
    assert.ok(error.sentence, 'a refusal has a sentence for people');
    return error;
  }
  assert.fail(`should have been refused as ${name}`);
}
