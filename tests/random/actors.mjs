// People at their desks who do what they please: mostly what the law allows, sometimes what it does not.
import { Refusal } from '../support/client.mjs';
import { CALLER_NAME, CALLER_PHONE, HEATING, HOUSING, REGION } from '../support/tickets.mjs';

export const ROLE = { agent: 1, handler: 2, supervisor: 4 };
const UNITS = [HOUSING, HEATING, 2431, 1008];
const DAY_MS = 86_400_000;

/** What a refusal may be called; anything else is a fault of the server. */
const REFUSALS = new Set(['illegal_move', 'not_allowed', 'not_yours', 'stale', 'rule', 'bad_params', 'not_found', 'store_busy']);
/** Moves by which a ticket gets on. */
const ONWARD = new Set(['assign', 'sign', 'contact', 'finish', 'pass', 'notify', 'rate', 'complain', 'redo', 'rule', 'resume',
  'accept_return', 'reject_return', 'supply', 'order_reply', 'order_close', 'part_sign', 'part_reply', 'dismiss', 'doubt', 'conclude', 'extend', 'pause']);

/** A ticket that has seen enough is brought to its end, by what each state offers for that. */
const ENOUGH = 16;
const ENDING = {
  15: ['supply'], 29: ['withdraw'], 30: ['answer'], 35: ['sign', 'recall'], 38: ['accept_return'], 39: ['rule_out'],
  40: ['contact', 'finish', 'deny_extend', 'deny_pause'], 45: ['resume'], 50: ['pass'], 55: ['notify'], 60: ['rate', 'complain'],
  65: ['doubt', 'dismiss', 'redo', 'conclude', 'order', 'order_reply', 'order_close'],
  80: ['order_close', 'archive'], 82: ['order_close', 'archive'], 85: ['order_close', 'archive'],
};

/** Numbers that look random and come again with the same seed (mulberry32). */
export function dice(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    chance: (p) => next() < p,
    below: (n) => Math.floor(next() * n),
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}

/** What all know together: the newest card of each ticket, and what has happened. */
export class World {
  cards = new Map();
  open = []; // ids, in any order
  place = new Map(); // id → place in open
  ended = [];
  parts = new Map(); // part → card
  orders = new Map(); // ticket → its 督办 that are not closed, by number
  submitted = 0;
  done = new Map(); // action → how often it was accepted
  refused = new Map();
  faults = [];

  constructor(edges, clock) {
    this.edges = edges.filter((edge) => !edge.retired);
    this.clock = clock;
    this.actions = [...new Set(this.edges.map((edge) => edge.action))];
    this.byState = Map.groupBy ? Map.groupBy(this.edges, (edge) => edge.from_state) : group(this.edges);
  }

  edge(action, from) {
    return this.edges.find((edge) => edge.action === action && edge.from_state === from);
  }

  learn(card) {
    const known = this.cards.get(card.id);
    if (known && known.ver >= card.ver) return;
    this.cards.set(card.id, card);
    const isOpen = card.state < 90;
    if (isOpen && !this.place.has(card.id)) {
      this.place.set(card.id, this.open.length);
      this.open.push(card.id);
    } else if (!isOpen && this.place.has(card.id)) {
      const at = this.place.get(card.id);
      const last = this.open.pop();
      if (last !== card.id) {
        this.open[at] = last;
        this.place.set(last, at);
      }
      this.place.delete(card.id);
      this.ended.push(card.id);
    }
  }

  learnOrder(order) {
    const open = this.orders.get(order.ticket) ?? new Map();
    if (order.closed) open.delete(order.order);
    else open.set(order.order, order);
    this.orders.set(order.ticket, open);
  }

  /** How many are in which state. */
  standing() {
    const states = {};
    for (const id of this.open) states[this.cards.get(id).state] = (states[this.cards.get(id).state] ?? 0) + 1;
    return states;
  }

  count(map, name) {
    map.set(name, (map.get(name) ?? 0) + 1);
  }

  fault(text) {
    if (this.faults.length < 20) this.faults.push(text);
  }
}

function group(edges) {
  const map = new Map();
  for (const edge of edges) map.set(edge.from_state, [...(map.get(edge.from_state) ?? []), edge]);
  return map;
}

export class Actor {
  constructor(world, client, seed, most) {
    this.world = world;
    this.client = client;
    this.role = client.me.role;
    this.dice = dice(seed);
    this.most = most;
    // Hundreds of thousands of frames are looked at as they come, not kept.
    client.frames = { push: (text) => this.overhear(text), [Symbol.iterator]: function* () {} };
    client.events.push = (event) => this.hear(event);
  }

  overhear(text) {
    if (this.role !== ROLE.agent && (text.includes(CALLER_NAME) || new RegExp(`${CALLER_PHONE}\\d{4}`).test(text)))
      this.world.fault(`a frame to ${this.client.me.login} tells who called`);
  }

  hear({ k, b }) {
    if (k === 'ticket') this.world.learn(b);
    if (k === 'part') {
      if (b.state < 40) this.world.parts.set(b.part, b);
      else this.world.parts.delete(b.part);
    }
    if (k === 'order') this.world.learnOrder(b);
  }

  async work(until) {
    while (!until()) {
      try {
        await this.step();
      } catch (error) {
        this.judge(error);
      }
    }
  }

  judge(error) {
    if (!(error instanceof Refusal) || !REFUSALS.has(error.name) || !error.sentence) throw error;
    this.world.count(this.world.refused, error.name);
  }

  async step() {
    const { world, dice } = this;
    if (this.role === ROLE.agent && world.submitted < this.most && dice.chance(0.3)) return this.submit();
    if (this.role === ROLE.handler && dice.chance(0.2)) {
      const part = this.openPart(true);
      if (part) return this.move(part.state === 10 ? dice.pick(['part_sign', 'part_return']) : 'part_reply', world.cards.get(part.ticket));
    }
    if (this.role === ROLE.supervisor && dice.chance(0.02)) {
      const part = this.openPart(false);
      if (part) return this.move('part_recall', world.cards.get(part.ticket));
    }
    const card = this.choose();
    if (!card) return this.idle();
    if (dice.chance(0.08)) return this.wrong(card);
    const edge = this.edgeFor(card);
    if (!edge) return this.idle();
    return this.move(edge.action, card);
  }

  /** Nothing to do here: let others go on. */
  idle() {
    return new Promise((resolve) => setImmediate(resolve));
  }

  choose() {
    const { world, dice } = this;
    for (let tries = 0; tries < 12; tries++) {
      const card = world.cards.get(dice.pick(world.open) ?? 0);
      if (!card) return null;
      const mine = this.role !== ROLE.handler || card.dept === this.client.me.dept;
      if (mine && (world.byState.get(card.state) ?? []).some((edge) => edge.who & this.role)) return card;
    }
    return null;
  }

  edgeFor(card) {
    const { dice } = this;
    // Attachments go by HTTP: tests/wire/files.test.mjs.
    const possible = this.world.byState.get(card.state).filter((edge) => edge.who & this.role && edge.action !== 'attach');
    if (card.ver > ENOUGH) {
      const ending = possible.filter((edge) => ENDING[card.state]?.includes(edge.action) && this.sensible(edge.action, card));
      if (ending.length > 0 || !dice.chance(0.02)) return ending.length > 0 ? dice.pick(ending) : null;
    }
    const onward = possible.filter((edge) => ONWARD.has(edge.action) && this.sensible(edge.action, card));
    return onward.length > 0 && dice.chance(0.75) ? dice.pick(onward) : dice.pick(possible);
  }

  sensible(action, card) {
    if (action === 'extend') return card.asked === 'extend';
    if (action === 'pause') return card.asked === 'pause';
    if (action === 'doubt' || action === 'dismiss') return card.round < 3;
    if (action === 'order') return card.round >= 3 && !this.isRaised(card);
    if (action === 'deny_extend') return card.asked === 'extend';
    if (action === 'deny_pause') return card.asked === 'pause';
    if (action === 'archive') return card.orders === 0;
    if (action === 'contact' || action === 'finish') return card.state === 40;
    if (action.startsWith('order_')) return card.orders > 0;
    if (action.startsWith('part_')) return card.parts > 0;
    return true;
  }

  /** A 承办单 that waits, for this unit or for any. */
  openPart(own) {
    for (const part of this.world.parts.values())
      if ((!own || part.dept === this.client.me.dept) && part.state < 40 && this.world.cards.get(part.ticket)) return part;
    return null;
  }

  partOf(card) {
    for (const part of this.world.parts.values()) if (part.ticket === card.id && part.state < 40) return part.part;
    return 1;
  }

  ordersOf(card) {
    return [...(this.world.orders.get(card.id)?.values() ?? [])];
  }

  /** 提级督办 is under way, after which a ticket that was redone often enough may be concluded. */
  isRaised(card) {
    return this.ordersOf(card).some((order) => order.level === 3);
  }

  /** An order that waits for a reply, or one that has it. */
  orderOf(card, isReplied) {
    const orders = this.ordersOf(card);
    return (orders.find((order) => Boolean(order.replied) === isReplied) ?? orders[0])?.order ?? 1;
  }

  /** What the console would send along. */
  params(action, card) {
    const { dice } = this;
    const text = '已现场核实，按规定处理完毕。';
    const reason = '情况属实，按规定办理。';
    switch (action) {
      case 'assign': return { dept: dice.pick(UNITS), reason, ...(dice.chance(0.1) ? { assists: [2431] } : {}) };
      case 'dispute': return { dept: dice.pick(UNITS), reason };
      case 'rule': return { dept: dice.pick(UNITS), reason, matter: '0305' };
      case 'redo': return { dept: dice.pick(UNITS), reason };
      case 'refuse': case 'rule_out': return { cause: 2 + dice.below(14), text };
      case 'send_back': return { reason, basis: '三定规定第四条' };
      case 'finish': return { text, solved: dice.chance(0.8), answers: card.title.startsWith('两处') ? [text, text] : undefined };
      case 'notify': return { way: dice.pick(['phone', 'sms', 'web', 'visit']), text };
      case 'contact': return { result: dice.pick(['reached', 'silent']), text };
      case 'miss': return { result: 'silent' };
      case 'ask_extend': return { days: 1 + dice.below(12), reason };
      case 'ask_pause': return { cause: 1 + dice.below(6), until: this.date(1 + dice.below(100)), reason };
      case 'assist': case 'hand_down': return { dept: dice.pick(UNITS), text };
      case 'part_sign': return { part: this.partOf(card) };
      case 'part_reply': return { part: this.partOf(card), text };
      case 'part_return': case 'part_recall': return { part: this.partOf(card), reason };
      case 'order': return { level: card.round >= 3 ? 3 : 1 + dice.below(3), text };
      case 'order_reply': return { order: this.orderOf(card, false), text };
      case 'order_close': return { order: this.orderOf(card, true), reason };
      case 'check': return { score: dice.below(101), text };
      case 'merge': case 'link': return { other: dice.pick(this.world.open), reason };
      case 'split': return { title: '另一件事', text, matter: '0305' };
      case 'urge': case 'sign': case 'pass': case 'archive': case 'extend': case 'pause': return {};
      case 'hand_over': return { number: dice.pick(['110', '119', '120']), way: 1 + dice.below(3), reason };
      case 'taken': return { text };
      case 'answer': case 'ask_info': case 'supply': case 'supplement': case 'progress': return { text };
      default: return { reason };
    }
  }

  date(days) {
    return new Date(this.world.clock.now() + days * DAY_MS).toISOString().slice(0, 10);
  }

  async submit() {
    const { world, dice } = this;
    const n = world.submitted++;
    const two = dice.chance(0.1);
    const ticket = {
      kind: 1 + dice.below(6), urgency: dice.chance(0.9) ? 0 : 1 + dice.below(2), secrecy: dice.chance(0.95) ? 0 : 1 + dice.below(2),
      region: REGION, place: `朝阳路${n}号`, title: two ? '两处问题' : '路口问题', body: '请尽快派人处理，谢谢。',
      ...(dice.chance(0.7) ? { matter: dice.pick(['0305', '0101']) } : {}), ...(two ? { points: ['灯不亮', '井盖缺失'] } : {}),
      phone: CALLER_PHONE + String(n % 10_000).padStart(4, '0'), name: CALLER_NAME,
    };
    const roll = dice.below(100);
    if (roll < 6) return this.took('answer', 0, await this.client.do('intake.answer', { ...ticket, text: '已当场答复。' }));
    if (roll < 9) return this.took('refuse', 0, await this.client.do('intake.refuse', { ...ticket, cause: 2, text: '请向法院起诉。' }));
    if (roll < 14 && world.open.length)
      return this.took('merge', 0, await this.client.do('intake.merge', { ...ticket, other: dice.pick(world.open) }));
    return this.took('submit', 0, await this.client.do('ticket.submit', ticket));
  }

  async move(action, card) {
    const { dice, client } = this;
    if (action === 'rate' || action === 'complain') {
      const bad = action === 'complain' && (card.ver <= ENOUGH || card.round === 2 || card.round === 3) && dice.chance(0.7);
      const params = bad ? { grade: 1 + dice.below(2), solved: false, blame: 1 + dice.below(8), reason: '没有解决' }
        : { grade: 3 + dice.below(3), solved: true };
      return this.took(bad ? 'complain' : 'rate', card.state, await client.move('rate', card, params), card);
    }
    this.took(action, card.state, await client.move(action, card, this.params(action, card)), card);
  }

  /** An accepted move must be one that the table allows, and lead where it says. */
  took(action, from, reply, card) {
    const { world } = this;
    const edge = world.edge(action, from);
    const now = action === 'reveal' ? reply.card : reply;
    world.count(world.done, action);
    if (!edge || !(edge.who & this.role)) world.fault(`${action} from ${from} by ${this.client.me.login} was accepted`);
    else if (action !== 'split' && now.state !== edge.to_state) world.fault(`${action} from ${from} led to ${now.state}`);
    else if (card && action !== 'split' && now.ver <= card.ver) world.fault(`${action} left version ${card.ver}`);
    world.learn(now);
  }

  /** What must not be done: another state, another role, an old card, half of what is needed. */
  async wrong(card) {
    const { dice, world, client } = this;
    const action = dice.pick(world.actions);
    const name = action === 'complain' ? 'rate' : action;
    const forged = dice.pick([
      { ...card, state: dice.pick([20, 30, 35, 40, 50, 60, 80]) }, { ...card, ver: Math.max(1, card.ver - 1 - dice.below(3)) },
      { ...card, urgency: (card.urgency + 1) % 3 }, card]);
    const params = dice.chance(0.3) ? {} : this.params(action, card);
    let reply;
    try {
      reply = await client.move(name, forged, params);
    } catch (error) {
      if (error instanceof Refusal && error.name === 'no_method') return;
      throw error;
    }
    // It may have been legal after all; then it must have been so by the table.
    const taken = name === 'rate' ? 'rate' : action;
    this.took(taken, forged.state, reply, undefined);
  }
}
