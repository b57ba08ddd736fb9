// The supervisor's figures, and the wall of seats behind them; drawn at most once a second.
import { defineStore } from 'pinia';
import { markRaw, shallowRef } from 'vue';
import { ask } from '@/rpc/desk';
import type { Board, SeatCard } from '@/rpc/wire';
import { Pulse } from './pulse';

const DRAW_MS = 1000;

export const useBoard = defineStore('board', () => {
  const board = shallowRef<Board | null>(null);
  const tick = shallowRef(0);
  const seats = new Map<number, SeatCard>();
  let newest: Board | null = null;

  const pulse = new Pulse(DRAW_MS, () => {
    board.value = newest;
    tick.value++;
  });

  function take(figures: Board): void {
    if (newest && figures.at < newest.at) return;
    newest = markRaw(figures);
    pulse.touch();
  }

  function takeSeat(card: SeatCard): void {
    const known = seats.get(card.account);
    if (known && known.since > card.since) return;
    seats.set(card.account, markRaw(card));
    pulse.touch();
  }

  async function refresh(): Promise<void> {
    const [figures, list] = await Promise.all([ask('board.get', {}), ask('seat.list', {})]);
    take(figures);
    for (const card of list.rows) takeSeat(card);
  }

  function seatList(): SeatCard[] {
    return tick.value >= 0 ? [...seats.values()] : [];
  }

  function empty(): void {
    board.value = newest = null;
    seats.clear();
    tick.value++;
  }

  return { board, tick, take, takeSeat, refresh, seatList, empty };
});
