// What is said of a ticket that is worked on again.
import { describe, expect, it } from 'vitest';
import { State } from '@/generated/flow';
import type { Evaluation, TicketFull } from '@/rpc/wire';
import { reworkWords } from '@/ui/rework';
import { cardWith, eventOf, fullWith } from './cards';

function ratingOf(change: Partial<Evaluation>): Evaluation {
  return { round: 1, grade: 2, solved: false, blame: 1, reason: '又松动', comment: null, way: 'phone', counted: true, at: 0, who: '诉求人', ...change };
}

function said(state: number, round: number, full: Partial<TicketFull>): string | null {
  return reworkWords(cardWith({ state, round, why: '另一个原因' }), fullWith({ state, round, ...full }));
}

describe('a ticket worked on again', () => {
  const redo = eventOf({ action: 'redo', round: 2, note: '核实属实，请重新办理' });
  const good = ratingOf({ round: 2, grade: 4, reason: null });

  it('says what the citizen found and what the supervisor wants', () => {
    expect(said(State.handling, 2, { evaluations: [ratingOf({})], events: [redo] })).toBe('不满意：又松动；核实情况：核实属实，请重新办理');
  });
  it('says nothing once it is finished, nor in the first round', () => {
    expect(said(State.closed, 2, { evaluations: [ratingOf({}), good], events: [redo] })).toBeNull();
    expect(said(State.archived, 2, { evaluations: [ratingOf({}), good], events: [redo] })).toBeNull();
    expect(said(State.handling, 1, {})).toBeNull();
  });
  it('leaves out a grade that did not cause it', () => {
    const reopen = eventOf({ action: 'reopen', round: 3, note: '又来反映' });
    expect(said(State.to_dispatch, 3, { evaluations: [ratingOf({}), good], events: [redo, reopen] })).toBe('重启原因：又来反映');
    expect(said(State.handling, 2, { evaluations: [ratingOf({ counted: false })], events: [redo] })).toBe('核实情况：核实属实，请重新办理');
  });
});
