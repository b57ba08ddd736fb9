// 疑似重复: asks which tickets look alike while somebody types; only the newest answer counts.
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { Params } from '@/rpc/commands';
import { ask } from '@/rpc/desk';
import type { Similar } from '@/rpc/wire';

const PAUSE_MS = 400;

export type Question = Params<'intake.similar'>;

/** The answers to the question of the moment; null: there is nothing to ask. A failure shows nothing: the
 * proposal is an aid, and the next letter asks again. */
export function useSimilar(question: () => Question | null) {
  const rows = shallowRef<Similar[]>([]);
  let timer = 0;
  let turn = 0;

  async function look(wanted: Question): Promise<void> {
    const mine = ++turn;
    let found: Similar[] = [];
    try {
      found = (await ask('intake.similar', wanted)).rows;
    } catch {
      // As above.
    }
    if (mine === turn) rows.value = found;
  }

  watch(
    () => JSON.stringify(question()),
    (text) => {
      window.clearTimeout(timer);
      const wanted = JSON.parse(text) as Question | null;
      if (wanted === null) {
        turn++;
        rows.value = [];
      } else timer = window.setTimeout(() => void look(wanted), PAUSE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    turn++;
    window.clearTimeout(timer);
  });
  return rows;
}
