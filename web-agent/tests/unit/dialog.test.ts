import { effectScope, reactive } from 'vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { edges, Role } from '@/generated/flow';
import { commands } from '@/generated/commands';
import { askings } from '@/ui/dialog/fields';
import { cautions, fieldShows, formOf, hiddenFaults, isTyped, missingIn, paramsOf } from '@/ui/dialog/form';
import { dropForm, dropForms, dropMoot, keepForm, keptForm, keptKey } from '@/stores/kept';
import { useKept } from '@/ui/dialog/kept';
import { cardWith, fullWith } from './cards';

// Moves that need no words: made at once, after a question at most.
const STRAIGHT = new Set(['sign', 'pass', 'settle', 'archive', 'part_sign']);
// Asked by boxes of their own.
const OWN = new Set(['reveal', 'attach', 'submit', 'complain']);
const asking = (action: string) => askings[action] ?? { fields: [] };

describe('the dialogs', () => {
  it('cover every action that a person may take', () => {
    const people = Role.agent | Role.handler | Role.supervisor;
    const actions = new Set(edges.filter((edge) => (edge.who & people) !== 0 && edge.from !== 0).map((edge) => edge.action as string));
    for (const action of actions) {
      if (STRAIGHT.has(action) || OWN.has(action)) continue;
      expect(askings[action], action).toBeDefined();
      expect(Object.keys(commands), action).toContain(`ticket.${action}`);
    }
  });

  it('ask for an answer to each point, and only where there are several', () => {
    const answers = asking('finish').fields.find((field) => field.name === 'answers')!;
    expect(fieldShows(answers, {}, fullWith({ points: ['一'] }))).toBe(false);
    const full = fullWith({ points: ['一', '二'] });
    const form = formOf(asking('finish'), 'finish', full);
    Object.assign(form, { text: ' 已办 ', solved: 1, answers: ['好', ' '] });
    expect(missingIn(asking('finish'), form, full, cardWith())).toEqual({ answers: '请答复第 2 点' });
    form.answers = ['好', '也好'];
    expect(missingIn(asking('finish'), form, full, cardWith())).toEqual({});
    expect(paramsOf(asking('finish'), form, full)).toEqual({ text: '已办', solved: true, answers: ['好', '也好'] });
  });

  it('want a cause and words of a bad rating only', () => {
    const full = fullWith();
    const form = formOf(asking('rate'), 'rate', full);
    Object.assign(form, { grade: 1, solved: 0 });
    expect(Object.keys(missingIn(asking('rate'), form, full, cardWith())).sort()).toEqual(['blame', 'reason']);
    Object.assign(form, { grade: 4, blame: 2, reason: '慢' });
    expect(missingIn(asking('rate'), form, full, cardWith())).toEqual({});
    expect(paramsOf(asking('rate'), form, full)).toEqual({ grade: 4, solved: false });
  });

  it('propose what was asked for, and the reply as what is told', () => {
    const full = fullWith({ asked_detail: { days: 3, until: '2026-12-01' }, reply: '已换' });
    expect(formOf(asking('extend'), 'extend', full).days).toBe(3);
    expect(formOf(asking('pause'), 'pause', full).until).toBe('2026-12-01');
    expect(formOf(asking('notify'), 'notify', full).text).toBe('已换');
  });

  it('need a unit where the ticket has none', () => {
    const full = fullWith({ dept: null });
    const form = { ...formOf(asking('redo'), 'redo', full), reason: '属实' };
    expect(missingIn(asking('redo'), form, full, cardWith({ dept: null }))).toHaveProperty('dept');
    expect(missingIn(asking('redo'), form, full, cardWith({ dept: 1 }))).toEqual({});
  });

  it('tell what the server would refuse before much is typed', () => {
    const part = { dept: 2402, state: 20, due: 100 } as ReturnType<typeof fullWith>['parts'][number];
    const full = fullWith({ state: 40, phone_mask: '138****0001', contacted: null, parts: [part] });
    const told = cautions('finish', full, 50, () => '住建局');
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('住建局');
    expect(cautions('finish', { ...full, contacted: 1 }, 150, () => '')).toEqual([]);
  });

  it('hide no fault', () => {
    expect(hiddenFaults(asking('progress').fields, { text: '太长', part: '本单没有这张承办单' })).toEqual(['本单没有这张承办单']);
  });
});

describe('what was typed', () => {
  const full = fullWith();
  const first = formOf(asking('merge'), 'merge', full);
  beforeEach(() => sessionStorage.clear());

  it('is worth a question before it goes', () => {
    expect(isTyped(asking('merge'), first, first)).toBe(false);
    expect(isTyped(asking('merge'), { ...first, reason: '同一件事' }, first)).toBe(true);
    expect(isTyped(asking('merge'), { ...first, reason: '  ' }, first)).toBe(false);
  });

  it('comes back to the same person, ticket and action, without the other ticket', () => {
    const key = keptKey(7, 1, 'merge');
    keepForm(key, asking('merge'), { ...first, other: 5, reason: '同一件事' });
    expect(keptForm(key)).toEqual({ reason: '同一件事' });
    expect(keptForm(keptKey(8, 1, 'merge'))).toBeUndefined();
    expect(keptForm(keptKey(7, 1, 'merge', { part: 2 }))).toBeUndefined();
    dropForm(key);
    expect(keptForm(key)).toBeUndefined();
  });

  it('goes with the state that offered it, and at logout', () => {
    const [finish, progress, other] = [keptKey(7, 1, 'finish'), keptKey(7, 1, 'progress'), keptKey(7, 11, 'finish')];
    for (const key of [finish, progress, other]) keepForm(key, asking('progress'), { text: '已换' });
    dropMoot(7, 1, (action) => action === 'progress');
    expect([finish, progress, other].map((key) => keptForm(key)?.text)).toEqual([undefined, '已换', '已换']);
    dropForms(7);
    expect(keptForm(progress)).toEqual({ text: '已换' });
    dropForms(8);
    expect(sessionStorage).toHaveLength(0);
  });

  it('is written while it is typed and when the page goes away, and never by somebody who has left', () => {
    vi.useFakeTimers();
    const key = keptKey(7, 1, 'progress');
    const empty = formOf(asking('progress'), 'progress', full);
    const form = reactive({ ...empty });
    let here = true;
    const scope = effectScope();
    const kept = scope.run(() => useKept(key, asking('progress'), form, empty, () => here))!;
    form.text = '已派人';
    expect(keptForm(key)).toBeUndefined();
    vi.runAllTimers();
    expect(keptForm(key)).toEqual({ text: '已派人' });
    form.text = '已派人查看';
    window.dispatchEvent(new Event('pagehide'));
    expect(keptForm(key)).toEqual({ text: '已派人查看' });
    form.text = '';
    vi.runAllTimers();
    expect(keptForm(key)).toBeUndefined();
    form.text = '已送出';
    kept.drop();
    vi.runAllTimers();
    expect(keptForm(key)).toBeUndefined();
    form.text = '下班';
    here = false;
    scope.stop();
    expect(keptForm(key)).toBeUndefined();
    vi.useRealTimers();
  });
});
