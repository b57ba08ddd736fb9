// The police platform's side of docs/POLICE.md: sends signed messages, takes ours, and can be slow, down, forgetful,
// rude, or say everything twice and in the wrong order.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from './queue.mjs';

export const KEY_ID = 'police-1';
export const SECRET = 'a-secret-of-the-tests-0123456789';

export function sign({ secret = SECRET, id = KEY_ID, method = 'POST', path, time = Date.now(), nonce = randomUUID(), body = '' }) {
  const mac = createHmac('sha256', secret).update(`${method}\n${path}\n${time}\n${nonce}\n`).update(body).digest('hex');
  return `HMAC-SHA256 key=${id}, time=${time}, nonce=${nonce}, sign=${mac}`;
}

/** The digest of DAILY_RECON: SHA-256 of the message ids, sorted, one a line. */
export const digestOf = (ids) => createHash('sha256').update([...ids].sort().join('\n')).digest('hex');

/** An incident that is none of the police's, as they write it down. */
export const incident = (more = {}) => ({
  JQ_TYWYSBM: `JQ${randomUUID().replaceAll('-', '').slice(0, 20)}`,
  AFDD: '加格达奇区朝阳路与胜利路交口',
  BJNR: '路口井盖缺失三天，夜间行人容易踩空，报警人要求尽快修复。',
  ZDF_GXDWDM: '232761000000',
  ZDF_BJLBDM: 'P02',
  BJSJ: '2026-11-25 20:44:18',
  EM_JQJB: '3',
  ...more,
});

export class Police {
  heard = []; // everything that came, in order: {kind, body, again}
  known = new Map(); // msg_id → answer: what has had its effect
  arrivals = new Queue();
  nonces = new Set();
  version = 0;
  mode = {}; // {down, delay, drop, status, garbage, disputed, faultOnce}
  faults = []; // what was wrong with our own server's requests

  /** server: the hotline that messages are sent to; null when only listening. */
  constructor(server = null, base = server?.url, key = { id: KEY_ID, secret: SECRET }) {
    this.server = server;
    this.base = base;
    this.key = key;
  }

  /** Listens; the address that belongs into police_url. */
  async listen(port = 0) {
    this.http = createServer((request, response) => this.#take(request, response).catch((error) => this.faults.push(String(error))));
    await new Promise((resolve, reject) => this.http.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.port = this.http.address().port;
    this.url = `http://127.0.0.1:${this.port}/police/v1`;
    return this.url;
  }

  async close() {
    this.http?.closeAllConnections();
    await new Promise((resolve) => (this.http ? this.http.close(resolve) : resolve()));
    this.http = null;
  }

  /** Nobody listens at the port any more, until listen(port). */
  async down() {
    const { port } = this;
    await this.close();
    return () => this.listen(port);
  }

  async #take(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const text = Buffer.concat(pieces).toString('utf8');
    const path = request.url;
    const kind = path.split('/').pop();
    this.#check(request, path, text);
    const { delay, drop, status, garbage } = this.mode;
    if (delay) await pause(delay);
    if (status) return response.writeHead(status, { 'Content-Type': 'application/json' }).end('{"error":{"code":"busy","message":"系统维护"}}');
    const body = JSON.parse(text);
    const answer = this.#effect(kind, body);
    if (drop) return request.socket.destroy();
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(garbage ? '<html>登录</html>' : JSON.stringify(answer));
  }

  #check(request, path, text) {
    const found = /^HMAC-SHA256 key=([\w-]+), time=(\d+), nonce=([0-9a-f-]{36}), sign=[0-9a-f]{64}$/.exec(request.headers.authorization ?? '');
    if (!found) return this.faults.push(`no signature: ${request.headers.authorization}`);
    const [whole, id, time, nonce] = found;
    if (sign({ ...this.key, id, path, time, nonce, body: text }) !== whole) this.faults.push(`wrong signature of ${path}`);
    if (this.nonces.has(nonce)) this.faults.push(`nonce used twice: ${path}`);
    this.nonces.add(nonce);
  }

  /** What a careful platform does: the same msg_id is answered and not done again. */
  #effect(kind, body) {
    const again = this.known.has(body.msg_id);
    if (kind !== 'heartbeat') {
      this.heard.push({ kind, body, again });
      this.arrivals.push({ kind, body, again });
    }
    if (!again) {
      const extra = kind === 'push' ? { police_no: `JQ${body.ticket_no}` } : kind === 'refuse' && this.mode.disputed ? { disputed: true }
        : kind === 'recon' ? this.#recon(body) : {};
      this.known.set(body.msg_id, { ack: body.msg_id, ...extra });
    }
    return this.known.get(body.msg_id);
  }

  #recon({ count, digest }) {
    const ids = [...new Set(this.heard.filter((one) => one.kind !== 'recon').map((one) => one.body.msg_id))];
    return { same: ids.length === count && digestOf(ids) === digest };
  }

  /** The next message of this kind that has its first effect. */
  async next(kind, match = () => true, ms = 20_000) {
    return (await this.arrivals.take(`a ${kind} of the hotline`, (one) => one.kind === kind && !one.again && match(one.body), ms)).body;
  }

  envelope(more = {}) {
    return { msg_id: randomUUID(), src: '110', dst: '12345', version: ++this.version, time: Date.now(), ...more };
  }

  /** One signed message: {status, text, body}. how: what is to be wrong with it. */
  async send(kind, message, how = {}) {
    const path = `/police/v1/${kind}`;
    const body = how.raw ?? JSON.stringify(message);
    const authorization = how.authorization ?? sign({ ...this.key, path: how.path ?? path, body: how.signed ?? body, ...how });
    const reply = await fetch(`${this.base}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(authorization ? { Authorization: authorization } : {}) },
      body,
    });
    const text = await reply.text();
    const answer = { status: reply.status, text, body: JSON.parse(text) };
    this.checked?.(kind, answer);
    return answer;
  }

  push(more = {}, how = {}) {
    return this.send('push', this.envelope(incident(more)), how);
  }
}
