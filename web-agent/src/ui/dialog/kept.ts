// An open dialog's form, written down while it is typed.
import { onScopeDispose, watch } from 'vue';
import { dropForm, keepForm } from '@/stores/kept';
import type { Asking } from './fields';
import { isTyped, type Form } from './form';

const SAVE_MS = 300;

/** Kept soon after each change and when the page goes away. isMine: its writer still sits here. */
export function useKept(key: string, asking: Asking, form: Form, first: Form, isMine: () => boolean) {
  let timer = 0;

  function keep(): void {
    window.clearTimeout(timer);
    timer = 0;
    if (!isMine()) return;
    if (isTyped(asking, form, first)) keepForm(key, asking, form);
    else dropForm(key);
  }

  function drop(): void {
    window.clearTimeout(timer);
    timer = 0;
    dropForm(key);
  }

  const leave = () => {
    if (timer !== 0) keep();
  };
  watch(form, () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, SAVE_MS);
  }, { deep: true, flush: 'sync' });
  window.addEventListener('pagehide', leave);
  onScopeDispose(() => {
    window.removeEventListener('pagehide', leave);
    leave();
  });
  return { keep, drop };
}
