// Whether what is being written tells of danger; the server judges from memory while somebody writes.
import { onScopeDispose, shallowRef, watch } from 'vue';
import { ask } from './api';
import type { Draft } from './draft';

/** level: 0 neither, 1 a matter of the police, 2 danger now. */
export interface Verdict {
  level: 0 | 1 | 2;
  term?: string;
  numbers?: string[];
  words?: string[];
}

const PAUSE_MS = 600;
const NONE: Verdict = { level: 0 };

/** The verdict on the draft of the moment. What cannot be asked changes nothing: the numbers stand on the form anyway. */
export function useDanger(draft: Draft) {
  const verdict = shallowRef<Verdict>(NONE);
  let timer = 0;
  let turn = 0;

  async function look(): Promise<void> {
    const mine = ++turn;
    const { title, body, kind } = draft;
    const told = { ...(title.trim() && { title }), ...(body.trim() && { body }) };
    if (Object.keys(told).length === 0) {
      verdict.value = NONE;
      return;
    }
    const found = await ask<Verdict>('danger', { ...told, ...(kind && { kind }) }).catch(() => null);
    // The same words again would be read out again.
    if (found && mine === turn && JSON.stringify(found) !== JSON.stringify(verdict.value)) verdict.value = found;
  }

  watch(
    () => [draft.title, draft.body, draft.kind],
    () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void look(), PAUSE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    turn++;
    window.clearTimeout(timer);
  });
  return verdict;
}
