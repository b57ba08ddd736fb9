import { describe, expect, it } from 'vitest';
import type { TicketEvent } from '@/rpc/wire';
import { stateIsOpen } from '@/stores/law';
import { timelineSteps } from '@/ui/timeline';

const HOUR = 3_600_000;

function event(seq: number, action: string, from: number, to: number, at: number, due: number | null): TicketEvent {
  return {
    seq, action, from, to, at, due,
    account: 1, who: '某人', role: 2, dept: 1, round: 1, note: null, detail: null,
  };
}

const submit = event(1, 'submit', 0, 20, 0, 2 * HOUR);
const dispatch = event(2, 'dispatch', 20, 35, 1000, 4 * HOUR);
const sign = event(3, 'sign', 35, 40, 5 * HOUR, 30 * HOUR);
const progress = event(4, 'progress', 40, 40, 6 * HOUR, 30 * HOUR);
const finish = event(5, 'finish', 40, 55, 20 * HOUR, 24 * HOUR);

describe('steps', () => {
  it('last from their event to the next move, against the limit that began with them', () => {
    const steps = timelineSteps([submit, dispatch, sign], 6 * HOUR, stateIsOpen);
    expect(steps.map((step) => step.took)).toEqual([1000, 5 * HOUR - 1000, HOUR]);
    expect(steps.map((step) => step.limit)).toEqual([2 * HOUR, 4 * HOUR - 1000, 25 * HOUR]);
    expect(steps.map((step) => step.over)).toEqual([false, true, false]);
    expect(steps.map((step) => step.running)).toEqual([false, false, true]);
  });

  it('are not ended by feedback or by a look', () => {
    const steps = timelineSteps([sign, progress, finish], 21 * HOUR, stateIsOpen);
    expect(steps[0]).toMatchObject({ took: 15 * HOUR, running: false, over: false });
    expect(steps[1]).toMatchObject({ moved: false, took: null });
    expect(steps[2]).toMatchObject({ took: HOUR, running: true });
  });

  it('run on past feedback when that is the newest', () => {
    const steps = timelineSteps([sign, progress], 31 * HOUR, stateIsOpen);
    expect(steps[0]).toMatchObject({ took: 26 * HOUR, running: true, over: true });
  });

  it('are measured against the deadline that 延期 has moved', () => {
    const extend = event(6, 'extend', 40, 40, 28 * HOUR, 60 * HOUR);
    const [step] = timelineSteps([sign, progress, extend], 40 * HOUR, stateIsOpen);
    expect(step).toMatchObject({ limit: 55 * HOUR, took: 35 * HOUR, over: false });
  });

  it('end with the ticket', () => {
    const rate = event(6, 'rate', 60, 80, 22 * HOUR, 100 * HOUR);
    const steps = timelineSteps([finish, rate], 999 * HOUR, stateIsOpen);
    expect(steps[1]).toMatchObject({ took: null, running: false, over: false });
  });

  it('are in order however the events came', () => {
    const steps = timelineSteps([sign, submit, dispatch], 6 * HOUR, stateIsOpen);
    expect(steps.map((step) => step.event.seq)).toEqual([1, 2, 3]);
  });
});
