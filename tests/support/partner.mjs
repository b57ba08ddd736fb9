// A system that brings tickets in (docs/CHANNELS.md, docs/OPEN311.md), with a key of its own.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Citizen } from './citizen.mjs';
import { checkAnswer } from './openapi.mjs';
import { parseXml, sparkOf } from './xml.mjs';

export const CHANNELS = { platform: 11, mailbox: 12, window: 13, elsewhere: 14, open311: 15 };
export const LISTS = {
  services: 'service', attributes: 'attribute', values: 'value', service_requests: 'request', errors: 'error',
  endpoints: 'endpoint', formats: 'format',
};

/** A new key, as the administrator makes it. */
export async function newKey(admin, more = {}) {
  const { key, secret } = await admin.do('channel.create', {
    name: '测试系统', channel: CHANNELS.platform, scopes: ['submit', 'read', 'attach', 'webhook'], per_minute: 10_000,
    per_day: 100_000, ...more,
  });
  return { key, secret };
}

/** A client of Open311, as any other city's application is one. */
export class Open311 {
  constructor(server, apiKey = null) {
    this.server = server;
    this.citizen = new Citizen(server);
    this.apiKey = apiKey;
  }

  static async make(server, admin, more = {}) {
    const { key, secret } = await newKey(admin, { name: 'Open311', channel: CHANNELS.open311, scopes: ['open311'], ...more });
    return new Open311(server, `${key}.${secret}`);
  }

  /** {status, headers, body, text} of a resource without its format; XML comes as the JSON that it stands for. */
  async get(resource, query = {}, format = 'json') {
    const text = new URLSearchParams(query).toString();
    const path = `/open311/v2/${resource}.${format}${text && `?${text}`}`;
    return this.read(await this.citizen.send('GET', path), format, 'GET', path);
  }

  async post(fields, { format = 'json', headers = {}, body } = {}) {
    const form = body ?? new URLSearchParams([...(this.apiKey ? [['api_key', this.apiKey]] : []), ...Object.entries(fields)
      .flatMap(([name, value]) => [value].flat().map((one) => [name, one]))]).toString();
    const path = `/open311/v2/requests.${format}`;
    return this.read(await this.citizen.send('POST', path, form,
      { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers }), format, 'POST', path);
  }

  /** Every answer in JSON is held against docs/openapi.json; what XML says is compared with it by the tests. */
  read({ status, headers, bytes }, format, method, path) {
    const text = bytes.toString();
    if (format === 'json') {
      const body = JSON.parse(text);
      checkAnswer(method, path, { status, body });
      return { status, headers, text, body };
    }
    const root = parseXml(text);
    return { status, headers, text, root: root.name, body: sparkOf(root, LISTS) };
  }
}

/** The Authorization header of a request: method, path without query, time, nonce and body are signed. */
export function sign({ key, secret }, method, path, body, { time = Date.now(), nonce = randomUUID() } = {}) {
  const mac = createHmac('sha256', secret).update([method, path.split('?')[0], time, nonce, ''].join('\n')).update(body);
  return `HMAC-SHA256 key=${key}, time=${time}, nonce=${nonce}, sign=${mac.digest('hex')}`;
}

export class Partner {
  constructor(server, credentials) {
    this.server = server;
    this.citizen = new Citizen(server);
    this.credentials = credentials;
  }

  static async make(server, admin, more) {
    return new Partner(server, await newKey(admin, more));
  }

  /** One signed request; body is an object, or bytes as they are. */
  async send(method, path, body, headers = {}, signing = {}) {
    const bytes = body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const Authorization = sign(signing.credentials ?? this.credentials, method, path, bytes, signing);
    const answer = await this.citizen.send(method, path, body === undefined ? undefined : bytes,
      { Authorization, 'Content-Type': 'application/json', ...headers });
    checkAnswer(method, path, answer);
    return answer;
  }

  submit(ticket, idempotency = randomUUID(), signing = {}) {
    return this.send('POST', '/api/v1/requests', ticket, { 'Idempotency-Key': idempotency }, signing);
  }

  do(number, deed, body = {}, idempotency = randomUUID()) {
    return this.send('POST', `/api/v1/requests/${number}/${deed}`, body, { 'Idempotency-Key': idempotency });
  }

  get(path) {
    return this.send('GET', `/api/v1/${path}`);
  }

  /** Of a file only its hash is signed, so that it need not be held in memory. */
  async attach(number, bytes, name = '现场.png', idempotency = randomUUID(), { hash } = {}) {
    const digest = hash ?? createHash('sha256').update(bytes).digest('hex');
    const path = `/api/v1/attachments/${number}`;
    const answer = await this.citizen.send('POST', `${path}?${new URLSearchParams({ name })}`, bytes, {
      Authorization: sign(this.credentials, 'POST', path, digest), 'X-Content-SHA256': digest, 'Idempotency-Key': idempotency,
    });
    checkAnswer('POST', path, answer);
    return answer;
  }
}
