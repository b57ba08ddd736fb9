// The indicators counted a second time: from the raw events, ticket by ticket, without SQL. docs/INDICATORS.md.

// Tickets whose unit cannot speak to the citizen: no number, or secrecy.
export const UNREACHABLE = `select t.ticket from ticket t left join contact c using (ticket) where t.secrecy > 0 or c.phone is null`;

/**
 * Rows of ticket_event, evaluation and UNREACHABLE; {figure: [of, hit]} of what happened from `from` on and before `to`.
 */
export function recount(events, evaluations, unreachable, from, to, now) {
  const cells = {};
  const count = (figure, at, hit) => {
    if (at === null || at === undefined || at < from || at >= to) return;
    const cell = (cells[figure] ??= [0, 0]);
    cell[0]++;
    if (hit) cell[1]++;
  };
  const tickets = new Map();
  const silent = new Set(unreachable.map((row) => row.ticket));
  for (const event of events) {
    if (!tickets.has(event.ticket)) tickets.set(event.ticket, []);
    tickets.get(event.ticket).push(event);
  }
  for (const list of tickets.values()) {
    list.sort((a, b) => a.seq - b.seq);
    countTicket(list, count);
    // A leg is told by what happened in the period; older tickets are not looked at.
    if (list.some((event) => event.at >= from && event.at < to)) for (const leg of legsOf(list)) countLeg(leg, count, silent.has(list[0].ticket), now);
  }
  for (const one of evaluations) {
    if (one.counted) {
      count('solved', one.at, one.solved === true);
      count('satisfied', one.at, one.grade >= 3);
    }
    count('bad', one.at, one.grade < 3);
  }
  return cells;
}

function countTicket(list, count) {
  const had = (action) => list.some((event) => event.action === action);
  count('accepted', list[0].at, true);
  count('direct', list[0].at, had('answer'));
  list.forEach((event, i) => {
    if (event.action === 'dispatch' || event.action === 'assign') count('dispatch_in_time', event.at, event.at <= list[i - 1].due);
    if (event.to_state === 80 && event.from_state !== 80) {
      count('once', event.at, event.action === 'rate' && event.round === 1);
      count('redone', event.at, had('redo'));
    }
    if (event.from_state === 60 && event.to_state !== 60) {
      count('rated', event.at, event.action !== 'lapse');
      const tried = list.some((other) => other.action === 'miss' && other.round === event.round);
      count('visited', event.at, event.action !== 'lapse' || tried);
    }
  });
}

function legsOf(list) {
  const legs = [];
  list.forEach((event, i) => {
    if (event.to_state === 35 && event.from_state !== 35) legs.push({ events: [], next: null });
    const leg = legs.at(-1);
    if (leg) leg.events.push({ ...event, was_due: i > 0 ? list[i - 1].due : null });
  });
  legs.forEach((leg, i) => (leg.next = legs[i + 1]?.events[0].action ?? null));
  return legs;
}

function countLeg({ events, next }, count, silent, now) {
  const [entry] = events;
  const first = (action) => events.find((event) => event.action === action);
  const signed = first('sign');
  const contacted = first('contact')?.at;
  const contactBy = signed?.detail?.contact_by;
  const finish = events.filter((event) => event.action === 'finish').at(-1);
  const due = finish ? finish.was_due : events.filter((event) => event.to_state === 40).at(-1)?.due;
  const left = events.find((event) => [29, 30, 38, 39, 60, 82, 85].includes(event.to_state) && event.action !== 'notify')?.at ?? now;
  const passed = (limit) => (limit !== undefined && limit !== null && limit < Math.min(now, left) ? limit : null);
  const inTime = signed !== undefined && signed.at <= entry.due;
  const spoken = contacted !== undefined && contactBy !== undefined && contacted <= contactBy;
  const unspoken = contacted === undefined ? passed(contactBy) !== null : contactBy !== undefined && contacted > contactBy;
  const responds = inTime && (silent || spoken);
  const failed = (signed ? !inTime : passed(entry.due) !== null) || (!silent && unspoken);
  if (responds || failed) count('response', entry.at, responds);
  if (entry.action === 'dispatch' || entry.action === 'assign')
    count('dispatch_right', entry.at, !first('accept_return') && !first('recall'));
  count('sign_in_time', signed?.at ?? passed(entry.due), inTime);
  if (!silent && (spoken || unspoken)) count('contact_in_time', signed?.at, spoken);
  count('sent_back', entry.at, first('send_back') !== undefined);
  count('return_refused', first('send_back')?.at, next === 'reject_return');
  count('finish_in_time', finish?.at ?? passed(due), finish !== undefined && finish.at <= due);
  count('extended', signed?.at, first('extend') !== undefined);
  if (entry.action === 'redo') count('mended', finish?.at, finish !== undefined && finish.at <= due);
}
