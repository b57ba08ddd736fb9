// A bounded load of submissions by consoles that never give up: what was not answered is sent again
// with the same request id, over a new link if need be, until it is acknowledged.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, LinkLost, Refusal } from './client.mjs';
import { pothole } from './tickets.mjs';
import { until } from './until.mjs';

const TICK_MS = 20;
const IN_FLIGHT_MOST = 60;
const BACKOFF_MS = 100;

/** One agent's console: a queue of submissions and a link that comes and goes. */
class Submitter {
  open = new Map(); // request → ticket, not acknowledged
  busy = new Set(); // requests that wait for an answer or for their next try
  acknowledged = new Map(); // request → card
  refusals = {}; // name → how often
  losses = 0; // answers that a broken link took along
  faults = []; // what must never happen
  credit = 0;
  link = null;

  constructor(server, cookie) {
    this.server = server;
    this.cookie = cookie;
  }

  /** Keeps a link until the load is over. */
  async keepLink(load) {
    while (!load.over) {
      let link;
      try {
        link = await Client.connect(this.server, this.cookie);
        await link.hello();
        this.link = link;
        for (const request of this.open.keys()) this.send(request);
        await Promise.race([link.closed, load.ended]);
      } catch (error) {
        const expected = error instanceof LinkLost || error instanceof Refusal && error.data.retry || error.code === 'ECONNREFUSED' ||
          error.code === 'ECONNRESET' || /socket hang up|503/.test(error.message);
        if (!expected) this.faults.push(`connect: ${error.message}`);
      }
      this.link = null;
      link?.socket.terminate();
      if (!load.over) await pause(BACKOFF_MS);
    }
  }

  add() {
    if (this.open.size >= IN_FLIGHT_MOST) return;
    const request = randomUUID();
    this.open.set(request, pothole());
    this.send(request);
  }

  async send(request) {
    if (this.busy.has(request) || !this.link) return;
    this.busy.add(request);
    let again = false;
    try {
      const card = await this.link.do('ticket.submit', this.open.get(request), request);
      const before = this.acknowledged.get(request);
      if (before && before.number !== card.number) this.faults.push(`${before.number} became ${card.number}`);
      this.acknowledged.set(request, card);
      this.open.delete(request);
    } catch (error) {
      again = this.refused(error);
    }
    if (again) await pause(BACKOFF_MS);
    this.busy.delete(request);
    if (again && this.open.has(request)) this.send(request);
  }

  /** Whether to try again on this link; on a new link everything open is sent anyway. */
  refused(error) {
    if (error instanceof LinkLost) {
      this.losses++;
      return false;
    }
    if (error instanceof Refusal && error.data.retry) {
      this.refusals[error.name] = (this.refusals[error.name] ?? 0) + 1;
      return true;
    }
    this.faults.push(error.message);
    return false;
  }
}

export class Load {
  over = false;

  /** rate: submissions a second over all cookies. */
  constructor(server, cookies, rate) {
    this.submitters = cookies.map((cookie) => new Submitter(server, cookie));
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.links = this.submitters.map((one) => one.keepLink(this));
    const each = (rate / cookies.length) * (TICK_MS / 1000);
    this.timer = setInterval(() => {
      for (const one of this.submitters)
        for (one.credit += each; one.credit >= 1; one.credit--) one.add();
    }, TICK_MS);
  }

  get acknowledged() {
    return this.submitters.reduce((sum, one) => sum + one.acknowledged.size, 0);
  }

  get cards() {
    return this.submitters.flatMap((one) => [...one.acknowledged.values()]);
  }

  get faults() {
    return this.submitters.flatMap((one) => one.faults);
  }

  count(name) {
    return this.submitters.reduce((sum, one) => sum + (name === 'losses' ? one.losses : one.refusals[name] ?? 0), 0);
  }

  /** So many more are acknowledged: the service is there again. */
  async more(count, ms = 30_000) {
    const before = this.acknowledged;
    await until(`${count} more submissions are acknowledged`, () => this.acknowledged >= before + count, { ms });
  }

  /** Nothing new; wait until everything that was begun is acknowledged. */
  async finish(ms = 60_000) {
    clearInterval(this.timer);
    const open = () => this.submitters.reduce((sum, one) => sum + one.open.size, 0);
    await until('every submission is acknowledged', () => open() === 0, { ms }).finally(() => {
      this.over = true;
      this.end();
    });
    await Promise.all(this.links);
  }
}
