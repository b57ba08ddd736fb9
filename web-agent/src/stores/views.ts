// Saved searches of the account and those that its office shares.
import { shallowRef } from 'vue';
import type { Params, View } from '@/rpc/commands';
import { ask } from '@/rpc/desk';
import { sentenceOf } from '@/rpc/errors';

export function useViews() {
  const views = shallowRef<View[]>([]);
  const error = shallowRef('');

  async function load(): Promise<void> {
    try {
      views.value = (await ask('view.list', {})).rows;
      error.value = '';
    } catch (failure) {
      error.value = sentenceOf(failure);
    }
  }

  async function save(view: Params<'view.save'>): Promise<number> {
    const kept = await ask('view.save', view);
    await load();
    return kept.view;
  }

  async function drop(view: number): Promise<void> {
    await ask('view.drop', { view });
    await load();
  }

  void load();
  return { views, error, load, save, drop };
}
