// One deed at a time, and the same request id until it is answered: a second tap does it no second time.
import { reactive } from 'vue';
import { uuid } from '@/rpc/uuid';
import { Refused } from './api';

export function useOnce() {
  const state = reactive({ busy: false, error: '', fields: {} as Record<string, string> });
  let request = '';

  async function once<T>(deed: (request: string) => Promise<T>): Promise<T | undefined> {
    if (state.busy) return undefined;
    Object.assign(state, { busy: true, error: '', fields: {} });
    request ||= uuid();
    try {
      const done = await deed(request);
      request = '';
      return done;
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      Object.assign(state, { error: failure.message, fields: failure.fields });
      // Where the outcome is unknown the next try is the same request.
      if (!failure.again) request = '';
      return undefined;
    } finally {
      state.busy = false;
    }
  }

  return { state, once };
}

export function moment(at: number | null): string {
  return at === null ? '' : new Date(at + 28_800_000).toISOString().slice(0, 16).replace('T', ' ');
}
