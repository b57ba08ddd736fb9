// Every ticket card the desk knows, once, the newest version of each.
//
// Cards are plain objects and the map is not reactive: ten thousand of them cost nothing. What
// is drawn depends on `tick`, which moves at most every 100 ms however many cards arrive.
import { defineStore } from 'pinia';
import { markRaw, shallowRef } from 'vue';
import type { Card, TicketFull } from '@/rpc/wire';
import { Pulse } from './pulse';

const DRAW_MS = 100;
const FRESH_MS = 8000;
const ROOM = 20_000;

export const useTickets = defineStore('tickets', () => {
  const cards = new Map<number, Card>();
  const brought = new Map<number, number>();
  const tick = shallowRef(0);
  const emptied = shallowRef(0);
  const pulse = new Pulse(DRAW_MS, () => tick.value++);

  /** Take a card if it is newer than the known one. live: the feed brought it just now. */
  function merge(card: Card, live = false): boolean {
    const known = cards.get(card.id);
    if (known && known.ver >= card.ver) return false;
    cards.delete(card.id);
    cards.set(card.id, markRaw(card));
    if (live) brought.set(card.id, Date.now());
    if (cards.size > ROOM) forgetOldest();
    pulse.touch();
    return true;
  }

  function mergeAll(list: readonly Card[], live = false): void {
    for (const card of list) merge(card, live);
  }

  function forgetOldest(): void {
    const oldest = cards.keys().next().value as number;
    cards.delete(oldest);
    brought.delete(oldest);
  }

  function get(id: number): Card | undefined {
    return tick.value >= 0 ? cards.get(id) : undefined;
  }

  function select(admits: (card: Card) => boolean): Card[] {
    const found: Card[] = [];
    for (const card of cards.values()) if (admits(card)) found.push(card);
    return found;
  }

  /** Whether the feed brought this card a moment ago, so that a list may highlight it. */
  function isFresh(id: number): boolean {
    const at = brought.get(id);
    return at !== undefined && Date.now() - at < FRESH_MS;
  }

  /** Forget everything: the lists must be asked for again. */
  function empty(): void {
    cards.clear();
    brought.clear();
    emptied.value++;
    tick.value++;
  }

  return { tick, emptied, merge, mergeAll, get, select, isFresh, empty };
});

const CARD = [
  'id', 'number', 'ver', 'state', 'round', 'kind', 'urgency', 'secrecy', 'channel', 'matter', 'theme', 'theme_no', 'region',
  'town', 'place', 'title', 'dept', 'handler', 'agent', 'accepted', 'promised', 'due', 'warn', 'dispatched', 'closed',
  'changed', 'why', 'grade', 'asked', 'alarm', 'urged', 'orders', 'master', 'joined', 'returns', 'missed', 'rule', 'ended',
] as const satisfies readonly (keyof Card)[];

/** The card within a full ticket, without the parts that only its own page shows. */
export function cardOf(full: TicketFull): Card {
  const card: Record<string, unknown> = { parts: full.parts.filter((one) => one.ended === null).length };
  for (const name of CARD) card[name] = full[name];
  return card as unknown as Card;
}
