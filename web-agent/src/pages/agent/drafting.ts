// The form's draft: one per call, saved shortly after typing, brought back after a reload.
import { onScopeDispose, reactive, shallowRef, watch } from 'vue';
import { useSeat } from '@/stores/seat';
import {
  draftFind,
  draftIsEmpty,
  draftList,
  draftNew,
  draftPark,
  draftRemove,
  draftSave,
  type Draft,
} from '@/stores/drafts';

const SAVE_MS = 500;

export function useDrafting(account: number) {
  const seats = useSeat();
  const draft = reactive<Draft>(draftNew(''));
  const others = shallowRef<Draft[]>([]);
  let timer = 0;
  let turn = 0;

  async function listOthers(): Promise<void> {
    const all = await draftList(account);
    others.value = all.filter((one) => one.call !== draft.call && !draftIsEmpty(one));
  }

  /** Write now what is due to be written. An empty form is no draft. */
  async function flush(): Promise<void> {
    window.clearTimeout(timer);
    timer = 0;
    if (draftIsEmpty(draft)) await draftRemove(account, draft.call);
    else await draftSave(account, draft);
  }

  function soon(): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void flush(), SAVE_MS);
  }

  function put(next: Draft): void {
    Object.assign(draft, draftNew(next.call), next);
  }

  /** Show the draft of this call; what was being typed stays saved under its own. */
  async function open(call: string): Promise<void> {
    if (call === draft.call) return;
    const mine = ++turn;
    const leaving = timer === 0 ? Promise.resolve() : flush();
    put(draftNew(call));
    prefill();
    await leaving;
    const stored = await draftFind(account, call);
    // What has been typed in the meantime is newer than what was stored.
    if (mine === turn && stored && draftIsEmpty(draft)) put(stored);
    await listOthers();
  }

  /** After a submission: the form is free, for the same call if it goes on. */
  async function finish(): Promise<void> {
    window.clearTimeout(timer);
    timer = 0;
    const done = draft.call;
    const call = seats.call;
    put(draftNew(call && call.state !== 'ended' && call.call === done ? done : ''));
    prefill();
    await draftRemove(account, done);
    await listOthers();
  }

  async function discard(call: string): Promise<void> {
    await draftRemove(account, call);
    await listOthers();
  }

  function prefill(): void {
    if (draft.phone || draft.call === '' || seats.call?.call !== draft.call) return;
    draft.phone = seats.caller?.phone ?? '';
  }

  /** After opening the page: the running call's draft, or what was typed last. */
  async function restore(): Promise<void> {
    const call = seats.call;
    if (call && call.state !== 'ended') return open(call.call);
    const mine = ++turn;
    const newest = (await draftList(account))[0];
    if (mine === turn && newest && draftIsEmpty(draft)) put(newest);
    await listOthers();
  }

  watch(draft, soon, { deep: true });
  watch(() => seats.caller, prefill);
  watch(
    () => seats.call,
    (call) => {
      if (!call || call.state === 'ended') return;
      if (call.state !== 'ringing' || draftIsEmpty(draft)) void open(call.call);
    },
  );

  const hide = () => {
    if (document.visibilityState !== 'hidden' || timer === 0) return;
    draftPark(account, draft);
    void flush();
  };
  document.addEventListener('visibilitychange', hide);
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', hide);
    if (timer !== 0) void flush();
  });

  return { draft, others, open, finish, discard, flush, restore };
}
