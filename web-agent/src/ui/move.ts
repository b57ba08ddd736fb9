// Makes a move of a ticket: sends what the desk saw, and tells apart the ways it can be refused.
import { reactive } from 'vue';
import type { Seen } from '@/generated/commands';
import { ask } from '@/rpc/desk';
import { LoggedOut, Refusal, sentenceOf } from '@/rpc/errors';
import type { Card } from '@/rpc/wire';
import { actionTerm } from '@/stores/law';
import { useTickets } from '@/stores/tickets';
import { shortMoment } from './due';

export function seenOf(card: Card): Seen {
  return { ver: card.ver, state: card.state, kind: card.kind, urgency: card.urgency, matter: card.matter };
}

/** "张三 已于 01-31 09:05 签收": who was first, from the data of a stale refusal. */
export function staleWords(refusal: Refusal): string {
  const { by, action, at } = refusal.data;
  if (typeof by !== 'string' || typeof action !== 'string') return refusal.message;
  const when = typeof at === 'number' ? ` ${shortMoment(at)}` : '';
  return `${by} 已于${when} ${actionTerm(action)}，工单已刷新，请看最新内容后再操作`;
}

interface MoveState {
  busy: boolean;
  /** A fault of the whole move, for people. */
  error: string;
  /** Set when somebody was first. */
  stale: string;
  faults: Record<string, string>;
}

export function useMove() {
  const tickets = useTickets();
  const state = reactive<MoveState>({ busy: false, error: '', stale: '', faults: {} });

  function refused(error: unknown): void {
    if (error instanceof LoggedOut) return;
    if (!(error instanceof Refusal)) {
      state.error = sentenceOf(error);
      return;
    }
    state.faults = error.fields;
    if (error.refusal === 'stale') {
      state.stale = staleWords(error);
      if (error.data.card) tickets.merge(error.data.card as Card);
    } else state.error = error.message;
  }

  /** Run one command; what comes back when it went well, otherwise undefined and state says why. */
  async function run<Reply>(send: () => Promise<Reply>): Promise<Reply | undefined> {
    if (state.busy) return undefined;
    Object.assign(state, { busy: true, error: '', stale: '', faults: {} });
    try {
      return await send();
    } catch (error) {
      refused(error);
      return undefined;
    } finally {
      state.busy = false;
    }
  }

  async function sign(card: Card): Promise<boolean> {
    const moved = await run(() => ask('ticket.sign', { id: card.id, seen: seenOf(card) }));
    if (moved) tickets.merge(moved);
    return moved !== undefined;
  }

  return { state, run, sign };
}
