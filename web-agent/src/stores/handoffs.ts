// Transfers to and from 110 that this desk may see: asked once the page needs them, kept up by the feed.
import { defineStore } from 'pinia';
import { shallowReactive, shallowRef, watch } from 'vue';
import { ask } from '@/rpc/desk';
import { sentenceOf } from '@/rpc/errors';
import type { HandoffCard, Letter, PoliceState } from '@/rpc/wire';
import { Pulse } from './pulse';
import { useTickets } from './tickets';

const LOOK_MS = 1000;

export const useHandoffs = defineStore('handoffs', () => {
  const rows = shallowReactive(new Map<number, HandoffCard>());
  const dead = shallowRef<Letter[]>([]);
  const state = shallowRef<PoliceState | null>(null);
  const loading = shallowRef(false);
  const error = shallowRef('');
  let wanted = false;

  // Letters and the connection are no cards of the feed: looked at again when something has happened.
  const pulse = new Pulse(LOOK_MS, () => void look());

  async function look(): Promise<void> {
    try {
      dead.value = (await ask('police.list', { view: 'dispute' })).dead;
      state.value = await ask('police.state', {});
    } catch (failure) {
      error.value = sentenceOf(failure);
    }
  }

  async function load(): Promise<void> {
    wanted = true;
    loading.value = true;
    error.value = '';
    try {
      for (const view of ['in', 'out', 'dispute'] as const)
        for (const row of (await ask('police.list', { view })).rows) rows.set(row.handoff, row);
      await look();
    } catch (failure) {
      error.value = sentenceOf(failure);
    } finally {
      loading.value = false;
    }
  }

  function take(card: HandoffCard): void {
    rows.set(card.handoff, card);
    if (wanted) pulse.touch();
  }

  watch(
    () => useTickets().emptied,
    () => wanted && void load(),
  );

  /** Another person may see other ones. */
  function empty(): void {
    rows.clear();
    dead.value = [];
    state.value = null;
    error.value = '';
    wanted = false;
  }

  return { rows, dead, state, loading, error, load, look, take, empty };
});
