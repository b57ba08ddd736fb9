// One search: asked page by page, counted beside it, going on by itself where the server stopped at its budget.
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { Filter, Params } from '@/rpc/commands';
import { ask } from '@/rpc/desk';
import { Refusal, sentenceOf } from '@/rpc/errors';
import type { Card } from '@/rpc/wire';
import { useTickets } from './tickets';

export interface SearchQuestion {
  filter: Filter;
  sort: NonNullable<Params<'ticket.search'>['sort']>;
}

/** busy: being counted; null: not yet known. */
export interface Counted {
  count: number | null;
  exact: boolean;
  busy: boolean;
}

/** A caller's number that was typed: asked for once, then its index stands for it. It never comes into an address. */
export const askedCaller = shallowRef('');

const PAGE = 100;

/** What is wrong with a condition says more than that something is. */
function faultOf(failure: unknown): string {
  const fields = failure instanceof Refusal ? Object.values(failure.fields) : [];
  return fields[0] ?? sentenceOf(failure);
}

export function useSearch(question: () => SearchQuestion, toldCaller: (caller: { phone_index: string; phone_mask: string }) => void) {
  const tickets = useTickets();
  const rows = shallowRef<Card[]>([]);
  const excerpts = shallowRef<Record<string, string>>({});
  const next = shallowRef<string | null>(null);
  const until = shallowRef<number | null>(null);
  const unread = shallowRef(false);
  const loading = shallowRef(false);
  const error = shallowRef('');
  const counted = shallowRef<Counted>({ count: null, exact: false, busy: false });
  let turn = 0;

  /** One page; where it is short because the budget was spent, the rest of it too. */
  async function fetchPage(mine: number, after: string | null): Promise<void> {
    for (let wanted = PAGE, key = after; ; ) {
      const page = await ask('ticket.search', { ...question(), limit: wanted, ...(key === null ? {} : { after: key }) });
      if (mine !== turn) return;
      if (page.caller) toldCaller(page.caller);
      tickets.mergeAll(page.rows);
      rows.value = [...rows.value, ...page.rows];
      excerpts.value = { ...excerpts.value, ...page.excerpts };
      next.value = page.next;
      until.value = page.until;
      unread.value = page.unread;
      wanted -= page.rows.length;
      if (page.next === null || page.until === null || wanted <= 0) return;
      key = page.next;
    }
  }

  async function count(mine: number): Promise<void> {
    if (next.value === null) {
      counted.value = { count: rows.value.length, exact: !unread.value, busy: false };
      return;
    }
    counted.value = { count: null, exact: false, busy: true };
    const found = await ask('ticket.count', { filter: question().filter });
    if (mine === turn) counted.value = { ...found, busy: false };
  }

  /** To the end, however long it takes. */
  async function countAll(): Promise<void> {
    const mine = turn;
    counted.value = { ...counted.value, busy: true };
    try {
      const found = await ask('ticket.count_all', { filter: question().filter });
      if (mine === turn) counted.value = { ...found, busy: false };
    } catch (failure) {
      if (mine !== turn) return;
      counted.value = { ...counted.value, busy: false };
      error.value = faultOf(failure);
    }
  }

  async function load(after: string | null): Promise<void> {
    const mine = after === null ? ++turn : turn;
    if (after === null) {
      rows.value = [];
      excerpts.value = {};
      next.value = null;
      until.value = null;
      counted.value = { count: null, exact: false, busy: true };
    }
    loading.value = true;
    error.value = '';
    try {
      await fetchPage(mine, after);
      if (mine === turn) loading.value = false;
      if (mine === turn && after === null) await count(mine);
    } catch (failure) {
      if (mine !== turn) return;
      error.value = faultOf(failure);
      counted.value = { count: null, exact: false, busy: false };
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  const reload = () => load(null);
  const more = async () => {
    if (!loading.value && next.value !== null && error.value === '') await load(next.value);
  };

  const stop = watch([() => JSON.stringify(question()), () => tickets.emptied], () => void reload(), { immediate: true });
  onScopeDispose(() => {
    stop();
    turn++;
  });

  return { rows, excerpts, next, until, unread, loading, error, counted, reload, more, countAll };
}
