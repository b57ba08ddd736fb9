// The dispatch rules on this desk: what is in force, the draft, and every change to them.
import { computed, onScopeDispose, reactive, shallowRef } from 'vue';
import { ask } from '@/rpc/desk';
import type { DispatchContent, DispatchRules, Trial } from '@/rpc/dispatch';
import { Refusal, sentenceOf } from '@/rpc/errors';

const LOOK_MS = 300;

export function useDispatchBook() {
  const book = shallowRef<DispatchRules | null>(null);
  const trial = shallowRef<Trial | null>(null);
  const state = reactive({ error: '', busy: false });
  let timer = 0;

  const content = computed<DispatchContent | null>(() => book.value?.draft?.content ?? book.value?.content ?? null);
  const tried = computed(() => {
    const draft = book.value?.draft;
    return draft?.tried && draft.tried_rev === draft.rev ? draft.tried : null;
  });
  const mayEnforce = computed(() => {
    const draft = book.value?.draft;
    return !!draft && draft.base === book.value?.version && (!draft.needs_trial || tried.value !== null);
  });

  async function load(): Promise<void> {
    try {
      book.value = await ask('dispatch.rules', {});
      state.error = '';
    } catch (failure) {
      state.error = sentenceOf(failure);
    }
  }

  /** Whether it went well; what is shown is read anew in both cases. */
  async function attempt(deed: () => Promise<unknown>): Promise<boolean> {
    if (state.busy) return false;
    state.busy = true;
    let wrong = '';
    try {
      await deed();
    } catch (failure) {
      wrong = failure instanceof Refusal && failure.fields.content ? failure.fields.content : sentenceOf(failure);
    }
    await load();
    state.error = wrong;
    state.busy = false;
    return wrong === '';
  }

  /** Change a copy of what is edited and keep it as the draft. */
  function edit(change: (copy: DispatchContent) => void): Promise<boolean> {
    const copy = JSON.parse(JSON.stringify(content.value)) as DispatchContent;
    change(copy);
    return attempt(() => ask('dispatch.draft', { rev: book.value?.draft?.rev ?? 0, content: JSON.stringify(copy) }));
  }

  async function follow(): Promise<void> {
    try {
      trial.value = await ask('dispatch.trial', {});
    } catch (failure) {
      trial.value = null;
      state.error = sentenceOf(failure);
    }
    if (trial.value?.running) timer = window.setTimeout(() => void follow(), LOOK_MS);
    else await load();
  }

  async function tryDraft(): Promise<void> {
    const begun = await attempt(async () => (trial.value = await ask('dispatch.try', {})));
    if (begun) await follow();
  }

  const drop = () => attempt(() => ask('dispatch.drop', { rev: book.value?.draft?.rev ?? 0 }));
  const enforce = (reason: string) => attempt(() => ask('dispatch.enforce', { rev: book.value?.draft?.rev ?? 0, reason }));
  const rollBack = (version: number, reason: string) => attempt(() => ask('dispatch.rollback', { version, reason }));

  onScopeDispose(() => window.clearTimeout(timer));
  void load();
  return { book, content, tried, trial, state, mayEnforce, load, attempt, edit, tryDraft, drop, enforce, rollBack };
}
