// Cards for tests.
import type { Card, TicketEvent, TicketFull } from '@/rpc/wire';

export function cardWith(change: Partial<Card> = {}): Card {
  return {
    id: 1,
    number: '232720260101000001',
    ver: 1,
    state: 35,
    round: 1,
    kind: 3,
    urgency: 0,
    secrecy: 0,
    channel: 1,
    matter: null,
    theme: null,
    theme_no: null,
    region: '232761',
    town: null,
    place: '',
    title: '室温不达标',
    dept: 2430,
    handler: null,
    agent: 7,
    accepted: 1_700_000_000_000,
    promised: null,
    due: null,
    warn: null,
    dispatched: null,
    closed: null,
    changed: 1_700_000_000_000,
    why: null,
    grade: null,
    asked: null,
    alarm: 0,
    urged: 0,
    orders: 0,
    master: null,
    joined: 0,
    returns: 0,
    missed: 0,
    parts: 0,
    rule: null,
    ended: null,
    ...change,
  };
}

export function eventOf(change: Partial<TicketEvent> = {}): TicketEvent {
  return {
    seq: 1, action: 'sign', from: 35, to: 40, account: 1, at: 0, who: '某人', role: 2, dept: 1, due: null, round: 1,
    note: null, detail: null, ...change,
  };
}

export function fullWith(change: Partial<TicketFull> = {}): TicketFull {
  return {
    ...cardWith(), parts: [], body: '', reply: null, phone_mask: '', name_mask: '', id_mask: '', agent_name: '', events: [],
    evaluations: [], points: null, answers: null, asked_detail: null, contacted: null, contact_by: null, return_by: null,
    no_return: false, held_due: null, supervisions: [], files: [], links: [], handoffs: [], messages: [], check: null, warning: null, ...change,
  };
}
