// A ticket's events as steps: how long each took against the limit that began with it.
import type { TicketEvent } from '@/rpc/wire';

export interface Step {
  event: TicketEvent;
  /** Whether the event moved the ticket, so that a step of its own begins here. */
  moved: boolean;
  /** How long the step that begins here lasted, or has lasted if it runs; null: no step, or the end. */
  took: number | null;
  running: boolean;
  /** The limit of that step; null when it has none. */
  limit: number | null;
  over: boolean;
}

function isMove(event: TicketEvent): boolean {
  return event.from !== event.to;
}

/** due: the deadline at the end of the step, which 延期 may have moved. */
function stepOf(event: TicketEvent, due: number | null, until: number | null, now: number, ends: boolean): Step {
  const moved = isMove(event);
  if (!moved || (until === null && ends)) {
    return { event, moved, took: null, running: false, limit: null, over: false };
  }
  const end = until ?? now;
  return {
    event,
    moved,
    took: Math.max(0, end - event.at),
    running: until === null,
    limit: due === null ? null : due - event.at,
    over: due !== null && end > due,
  };
}

/**
 * Steps in the order of the events. isOpen: whether somebody owes the next step in a state;
 * the newest step of a ticket that is not open does not run.
 */
export function timelineSteps(
  events: readonly TicketEvent[],
  now: number,
  isOpen: (state: number) => boolean,
): Step[] {
  const ordered = [...events].sort((a, b) => a.seq - b.seq);
  const steps: Step[] = [];
  let until: number | null = null;
  let last: TicketEvent | null = null;
  for (const event of ordered.reverse()) {
    steps.push(stepOf(event, (last ?? event).due, until, now, !isOpen(event.to)));
    last ??= event;
    if (!isMove(event)) continue;
    until = event.at;
    last = null;
  }
  return steps.reverse();
}
