// “一件事” cases and tasks that this desk may see: asked once a page needs them, kept up by the feed.
import { defineStore } from 'pinia';
import { computed, shallowReactive, shallowRef } from 'vue';
import { ask } from '@/rpc/desk';
import { sentenceOf } from '@/rpc/errors';
import type { CaseCard, TaskCard } from '@/rpc/wire';
import { caseIsLeads, workIsOpen } from './caseLaw';
import { useSession } from './session';

export type CaseView = 'open' | 'lead' | 'late' | 'done';

export const useCases = defineStore('cases', () => {
  const cases = shallowReactive(new Map<number, CaseCard>());
  const tasks = shallowReactive(new Map<string, TaskCard>());
  const loading = shallowRef(0);
  const error = shallowRef('');

  function takeCase(card: CaseCard): void {
    if ((cases.get(card.id)?.ver ?? 0) <= card.ver) cases.set(card.id, card);
  }

  function takeTask(task: TaskCard): void {
    const key = `${task.id}/${task.no}/${task.dept}`;
    if ((tasks.get(key)?.ver ?? 0) <= task.ver) tasks.set(key, task);
  }

  async function load(what: () => Promise<void>): Promise<void> {
    loading.value++;
    error.value = '';
    try {
      await what();
    } catch (failure) {
      error.value = sentenceOf(failure);
    } finally {
      loading.value--;
    }
  }

  const loadCases = (view: CaseView, before?: number) =>
    load(async () => (await ask('case.list', { view, ...(before ? { before } : {}) })).rows.forEach(takeCase));
  const loadTasks = () => load(async () => (await ask('task.list', { view: 'open' })).rows.forEach(takeTask));

  const NEVER = Number.MAX_SAFE_INTEGER;
  const ownTasks = computed(() =>
    [...tasks.values()]
      .filter((one) => one.dept === useSession().me?.dept && workIsOpen(one.state) && one.state > 20)
      .sort((a, b) => (a.due ?? NEVER) - (b.due ?? NEVER) || a.id - b.id),
  );
  /** Cases that wait for this unit as their lead: to be accepted, decided, issued. */
  const ownLead = computed(() =>
    [...cases.values()].filter((one) => one.lead === useSession().me?.dept && caseIsLeads(one.state)),
  );
  const lateTasks = computed(() => ownTasks.value.filter((one) => one.late).length);

  function empty(): void {
    cases.clear();
    tasks.clear();
    error.value = '';
  }

  return { cases, tasks, loading, error, ownTasks, lateTasks, ownLead, takeCase, takeTask, loadCases, loadTasks, empty };
});
