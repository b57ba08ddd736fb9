// Asks who would have to deal with a draft while it is typed: shortly after the last key, and only the newest
// answer counts.
import { onScopeDispose, shallowRef, watch } from 'vue';
import { ask } from '@/rpc/desk';
import type { Params } from '@/rpc/commands';
import type { Suggestion } from '@/rpc/dispatch';
import type { Draft } from '@/stores/drafts';
import { titleFrom } from './submission';

const WAIT_MS = 150;

export function questionOf(draft: Draft): Params<'intake.suggest'> {
  return {
    title: draft.title.trim() || titleFrom(draft.body) || undefined,
    body: draft.body.trim() || undefined,
    region: draft.region || undefined,
    town: draft.town || undefined,
    place: draft.place.trim() || undefined,
    kind: draft.kind ?? undefined,
    urgency: draft.urgency,
    matter: draft.matter || undefined,
  };
}

/** Something to judge by. */
function isTelling(draft: Draft): boolean {
  return draft.matter !== '' || draft.title.trim() !== '' || draft.body.trim() !== '';
}

export function useSuggestion(draft: () => Draft) {
  const answer = shallowRef<Suggestion | null>(null);
  let timer = 0;
  let turn = 0;

  async function look(): Promise<void> {
    const mine = ++turn;
    try {
      const found = await ask('intake.suggest', questionOf(draft()));
      if (mine === turn) answer.value = found;
    } catch {
      // A proposal that cannot be had is none; the next key asks again.
      if (mine === turn) answer.value = null;
    }
  }

  watch(
    () => JSON.stringify(questionOf(draft())),
    () => {
      window.clearTimeout(timer);
      if (isTelling(draft())) {
        timer = window.setTimeout(() => void look(), WAIT_MS);
      } else {
        turn++;
        answer.value = null;
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    window.clearTimeout(timer);
    turn++;
  });
  return answer;
}
