import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isReactive } from 'vue';
import { byDue, byNewest } from '@/stores/lists';
import { Pulse } from '@/stores/pulse';
import { useTickets } from '@/stores/tickets';
import { cardWith } from './cards';

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
});

afterEach(() => vi.useRealTimers());

describe('cards', () => {
  it('keeps the newest version, in whatever order they come', () => {
    const tickets = useTickets();
    expect(tickets.merge(cardWith({ ver: 2, state: 40 }))).toBe(true);
    expect(tickets.merge(cardWith({ ver: 1, state: 35 }))).toBe(false);
    expect(tickets.merge(cardWith({ ver: 2, state: 40 }))).toBe(false);
    expect(tickets.get(1)?.state).toBe(40);
    tickets.merge(cardWith({ ver: 3, state: 55 }));
    expect(tickets.get(1)?.state).toBe(55);
  });

  it('are plain objects', () => {
    const tickets = useTickets();
    tickets.merge(cardWith());
    expect(isReactive(tickets.get(1))).toBe(false);
  });

  it('enter and leave a list by what they are', () => {
    const tickets = useTickets();
    const admits = (card: { dept: number | null }) => card.dept === 2430;
    tickets.mergeAll([cardWith(), cardWith({ id: 2, dept: 9 })]);
    expect(tickets.select(admits).map((card) => card.id)).toEqual([1]);
    tickets.merge(cardWith({ ver: 2, dept: null }));
    expect(tickets.select(admits)).toEqual([]);
  });

  it('are fresh for a while only when the feed brought them', () => {
    const tickets = useTickets();
    tickets.merge(cardWith(), true);
    tickets.merge(cardWith({ id: 2 }));
    expect(tickets.isFresh(1)).toBe(true);
    expect(tickets.isFresh(2)).toBe(false);
    vi.advanceTimersByTime(9000);
    expect(tickets.isFresh(1)).toBe(false);
  });

  it('are drawn at most every 100 ms however many come', () => {
    const tickets = useTickets();
    const before = tickets.tick;
    for (let id = 1; id <= 1000; id++) tickets.merge(cardWith({ id }), true);
    expect(tickets.tick).toBe(before + 1);
    vi.advanceTimersByTime(100);
    expect(tickets.tick).toBe(before + 2);
    vi.advanceTimersByTime(1000);
    expect(tickets.tick).toBe(before + 2);
  });

  it('are forgotten together, and lists are told', () => {
    const tickets = useTickets();
    tickets.merge(cardWith());
    const before = tickets.emptied;
    tickets.empty();
    expect(tickets.get(1)).toBeUndefined();
    expect(tickets.emptied).toBe(before + 1);
  });
});

describe('order', () => {
  it('is by deadline with those without one last, or the newest first', () => {
    const early = cardWith({ id: 3, due: 10 });
    const late = cardWith({ id: 1, due: 20 });
    const never = cardWith({ id: 2, due: null });
    const ids = (order: typeof byDue) => [never, late, early].sort(order).map((card) => card.id);
    expect(ids(byDue)).toEqual([3, 1, 2]);
    expect(ids(byNewest)).toEqual([3, 2, 1]);
  });
});

describe('a pulse', () => {
  it('beats at once, then once per interval, then rests', () => {
    const fire = vi.fn();
    const pulse = new Pulse(100, fire);
    pulse.touch();
    expect(fire).toHaveBeenCalledTimes(1);
    pulse.touch();
    pulse.touch();
    vi.advanceTimersByTime(100);
    expect(fire).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1000);
    expect(fire).toHaveBeenCalledTimes(2);
  });
});
