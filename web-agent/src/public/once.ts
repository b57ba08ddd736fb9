// One deed at a time. The same deed with the same words keeps its request id until it is answered: a second tap
// does it no second time; another deed is another request.
import { reactive } from 'vue';
import { uuid } from '@/rpc/uuid';
import { Refused } from './api';

/** Where a request id outlives the page, for deeds that a reload must not double. */
export interface Keeper {
  load: () => string;
  save: (request: string) => void;
}

export function useOnce(keeper?: Keeper) {
  const state = reactive({ busy: false, error: '', fields: {} as Record<string, string>, again: false });
  let request = keeper?.load() ?? '';
  let of = '';

  function keep(next: string): void {
    request = next;
    keeper?.save(next);
  }

  /** `what` names the deed: another deed, or other words, is another request. */
  async function once<T>(what: string, deed: (request: string) => Promise<T>): Promise<T | undefined> {
    if (state.busy) return undefined;
    Object.assign(state, { busy: true, error: '', fields: {}, again: false });
    if (!request || (of && of !== what)) keep(uuid());
    of = what;
    try {
      const done = await deed(request);
      keep('');
      return done;
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      Object.assign(state, { error: failure.message, fields: failure.fields, again: failure.again });
      // Where the outcome is unknown the next try is the same request.
      if (!failure.again) keep('');
      return undefined;
    } finally {
      state.busy = false;
    }
  }

  return { state, once };
}
