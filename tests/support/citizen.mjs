// The citizen's side (docs/PUBLIC.md) and the SMS gateway's (docs/SMS.md).
import { randomUUID } from 'node:crypto';
import { checkAnswer } from './openapi.mjs';
import { CALLER_NAME, REGION, newPhone } from './tickets.mjs';

// Every answer of these doors is held against docs/openapi.json.
const DOCUMENTED = /^\/(api\/public|sms)\//;

/** A picture of one dot, as short as the format allows; `salt` makes one that differs, `more` bytes of remarks. */
export function png(salt = 0, more = 4) {
  const remark = Buffer.alloc(8 + more + 4);
  remark.writeUInt32BE(more, 0);
  remark.write('tEXt', 4);
  remark.writeUInt32BE(salt, 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55', 'hex'),
    remark,
    Buffer.from('0000000a49444154789c63f80f00010101001bb6ee56', 'hex'),
    Buffer.from('0000000049454e44ae426082', 'hex'),
  ]);
}
export const pdf = (text = '') => Buffer.from(`%PDF-1.4\n%${text}\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n`);

/** A lamp that is out, as a citizen writes it down; goes straight to a unit or to the pool. */
export const lamp = (more = {}) => ({
  kind: 3,
  region: REGION,
  place: '朝阳路12号',
  title: '路灯不亮影响夜间出行',
  body: '朝阳路12号门前的路灯坏了一个星期，晚上一片漆黑，请市政部门尽快维修。',
  phone: newPhone(),
  name: CALLER_NAME,
  ...more,
});

export class Citizen {
  constructor(server, headers = {}) {
    this.server = server;
    this.headers = headers;
  }

  /** {status, body, headers} of one request; a body that is no object goes as it is. */
  async send(method, path, body, headers = {}) {
    const raw = body === undefined || Buffer.isBuffer(body) || typeof body === 'string';
    const reply = await fetch(`${this.server.url}${path}`, {
      method,
      headers: { ...(raw ? {} : { 'Content-Type': 'application/json' }), ...this.headers, ...headers },
      body: raw ? body : JSON.stringify(body),
    });
    const bytes = Buffer.from(await reply.arrayBuffer());
    const json = reply.headers.get('content-type')?.startsWith('application/json');
    const answer = { status: reply.status, headers: reply.headers, bytes, body: json ? JSON.parse(bytes) : null };
    if (json && DOCUMENTED.test(path)) checkAnswer(method, path, answer);
    return answer;
  }

  /** Something about a ticket, with its proof: {number, code} or {link}. */
  do(deed, proof, more = {}, request = randomUUID()) {
    const asks = deed === 'look' || deed === 'link';
    return this.send('POST', `/api/public/${deed}`, { ...proof, ...(asks ? {} : { request }), ...more });
  }

  async look(proof) {
    return (await this.do('look', proof)).body;
  }

  /** A new ticket: {number, code}. */
  async submit(ticket = lamp(), request = randomUUID()) {
    const { status, body } = await this.send('POST', '/api/public/tickets', { request, ...ticket });
    if (status !== 201) throw new Error(`submit: ${status} ${JSON.stringify(body)}`);
    return { number: body.number, code: body.code };
  }

  attach({ number, code }, bytes, name = '现场.png', request = randomUUID()) {
    return this.send('POST', `/api/public/files?${new URLSearchParams({ number, code, name, request })}`, bytes);
  }
}

export class Gateway {
  constructor(server, key = server.smsKey) {
    this.citizen = new Citizen(server, { Authorization: `Bearer ${key}` });
  }

  take(most) {
    return this.citizen.send('POST', '/sms/take', most === undefined ? {} : { most });
  }

  done(body) {
    return this.citizen.send('POST', '/sms/done', body);
  }

  /** Everything that waits now, leased. */
  async all() {
    return (await this.take(500)).body.messages;
  }
}
