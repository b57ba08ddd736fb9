// One list of tickets: asked from the server page by page, kept up by the feed.
//
// Membership is a question to each known card, so that a card that arrives live enters, moves and
// leaves every list by itself.
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import { ask } from '@/rpc/desk';
import type { ListQuestion } from '@/rpc/commands';
import { sentenceOf } from '@/rpc/errors';
import type { Card } from '@/rpc/wire';
import { useTickets } from './tickets';

export interface ListSpec {
  question: () => ListQuestion;
  admits: (card: Card) => boolean;
  order: (a: Card, b: Card) => number;
  /** Fetch page after page up to this many rows, so that counts are exact; otherwise on demand. */
  eager?: number;
}

const PAGE = 200;
const NEVER = Number.MAX_SAFE_INTEGER;

export function byDue(a: Card, b: Card): number {
  return (a.due ?? NEVER) - (b.due ?? NEVER) || a.id - b.id;
}

export function byNewest(a: Card, b: Card): number {
  return b.id - a.id;
}

export function useTicketList(spec: ListSpec) {
  const tickets = useTickets();
  const loading = shallowRef(false);
  const error = shallowRef('');
  const next = shallowRef<string | null>(null);
  const total = shallowRef(0);
  let turn = 0;

  const rows = computed(() => {
    void tickets.tick;
    return tickets.select(spec.admits).sort(spec.order);
  });

  async function fetchPage(mine: number, after: string | null): Promise<void> {
    const page = await ask('ticket.list', {
      ...spec.question(),
      limit: PAGE,
      ...(after === null ? {} : { after }),
    });
    if (mine !== turn) return;
    tickets.mergeAll(page.rows);
    next.value = page.next;
    total.value = page.total ?? total.value;
  }

  async function load(after: string | null): Promise<void> {
    const mine = after === null ? ++turn : turn;
    loading.value = true;
    error.value = '';
    try {
      await fetchPage(mine, after);
      for (let got = PAGE; next.value !== null && got < (spec.eager ?? 0); got += PAGE) {
        if (mine !== turn) return;
        await fetchPage(mine, next.value);
      }
    } catch (failure) {
      if (mine === turn) error.value = sentenceOf(failure);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  const reload = () => load(null);
  const more = async () => {
    if (!loading.value && next.value !== null) await load(next.value);
  };

  const stop = watch(
    [() => JSON.stringify(spec.question()), () => tickets.emptied],
    () => void reload(),
    { immediate: true },
  );
  onScopeDispose(() => {
    stop();
    turn++;
  });

  return { rows, loading, error, total, next, reload, more };
}
