// The telephone switch's side of a call (docs/SWITCH.md).
import { randomUUID } from 'node:crypto';
import { checkAnswer } from './openapi.mjs';

export class Switch {
  constructor(server, key = server.switchKey) {
    this.server = server;
    this.key = key;
  }

  async send(method, path, body) {
    const reply = await fetch(`${this.server.url}/switch/calls${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.key}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
    const answer = { status: reply.status, body: await reply.json() };
    checkAnswer(method, `/switch/calls${path}`, answer);
    return answer;
  }

  /** A caller dials; the name of the call. */
  async ring(caller, call = randomUUID()) {
    const { status, body } = await this.send('POST', '', { call, caller, called: '12345' });
    if (status >= 300) throw new Error(`ring: ${status} ${JSON.stringify(body)}`);
    return call;
  }

  answered(call, extension) {
    return this.send('POST', `/${call}/answered`, { extension });
  }

  hungup(call, by = 'caller') {
    return this.send('POST', `/${call}/hungup`, { by });
  }

  state(call, known = '', wait = 0) {
    return this.send('GET', `/${call}?wait=${wait}&state=${known}`);
  }

  /** The call once it is in this state, by long polls as a switch does them. */
  async becomes(call, wanted, ms = 10_000) {
    const end = Date.now() + ms;
    let known = '';
    for (;;) {
      const { status, body } = await this.state(call, known, Math.max(1, Math.min(2000, end - Date.now())));
      if (status !== 200) throw new Error(`call state: ${status} ${JSON.stringify(body)}`);
      if (body.state === wanted) return body;
      if (Date.now() > end) throw new Error(`call is ${body.state}, not ${wanted}`);
      known = body.state;
    }
  }
}
