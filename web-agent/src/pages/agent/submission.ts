// From what is typed to what is sent, and what is obviously missing.
import type { Submission, Submitted } from '@/rpc/commands';
import { State } from '@/generated/flow';
import { ask } from '@/rpc/desk';
import type { Card } from '@/rpc/wire';
import type { Draft } from '@/stores/drafts';

export function submissionOf(draft: Draft): Submission {
  const optional: Partial<Submission> = {
    matter: draft.matter || undefined,
    theme: draft.theme ?? undefined,
    theme_no: draft.themeNo ?? undefined,
    town: draft.town || undefined,
    place: draft.place.trim() || undefined,
    phone: draft.phone.trim() || undefined,
    name: draft.name.trim() || undefined,
    call: draft.call || undefined,
    points: pointsOf(draft.points),
    prev: draft.prev ?? undefined,
    offered: draft.offered?.matter,
    offered_dept: draft.offered?.dept ?? undefined,
    offered_sure: draft.offered?.sure,
  };
  return {
    kind: draft.kind ?? 0,
    urgency: draft.urgency,
    secrecy: draft.secrecy,
    region: draft.region,
    title: draft.title.trim() || titleFrom(draft.body),
    body: draft.body.trim(),
    ...optional,
  };
}

/** Whether a new ticket may be merged into this one, as far as the desk can see. */
export function mayMaster(card: Pick<Card, 'state'>): boolean {
  return card.state >= State.to_dispatch && card.state <= State.to_notify;
}

/** One point a line; one alone is what the title says. */
export function pointsOf(text: string): string[] | undefined {
  const points = text.split('\n').map((line) => line.trim()).filter(Boolean);
  return points.length > 1 ? points : undefined;
}

/** The command that what is to become of it asks for. */
export function send(draft: Draft, request: string): Promise<Submitted> {
  const ticket = submissionOf(draft);
  const text = draft.answer.trim();
  switch (draft.how) {
    case 'answer':
      return ask('intake.answer', { ...ticket, text }, { request });
    case 'refuse':
      return ask('intake.refuse', { ...ticket, text, cause: draft.cause ?? 0 }, { request });
    case 'merge':
      return ask('intake.merge', { ...ticket, other: draft.other ?? 0 }, { request });
    default:
      return ask('ticket.submit', ticket, { request });
  }
}

/** The server checks everything; this only saves a round trip for what is plainly not there. */
export function missingOf(draft: Draft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (!draft.region) faults.region = '请选择诉求发生地';
  if (draft.kind === null) faults.kind = '请选择诉求类型';
  if (!draft.body.trim()) faults.body = '请填写诉求内容';
  if (['answer', 'refuse'].includes(draft.how) && !draft.answer.trim()) faults.text = draft.how === 'answer' ? '请填写答复' : '请填写说明';
  if (draft.how === 'refuse' && draft.cause === null) faults.cause = '请选择依据';
  if (draft.how === 'merge' && draft.other === null) faults.other = '请填写主单编号';
  return faults;
}

const TITLE_ROOM = 30;

/** The title where none was typed: the first sentence of what the caller said. */
export function titleFrom(body: string): string {
  const first = body.trim().split(/[。！？；\n]/)[0] ?? '';
  return first.length > TITLE_ROOM ? `${first.slice(0, TITLE_ROOM)}…` : first;
}
