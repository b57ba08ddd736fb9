// From what is typed to what is sent, and what is obviously missing.
import type { Submission } from '@/rpc/commands';
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

/** The server checks everything; this only saves a round trip for what is plainly not there. */
export function missingOf(draft: Draft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (!draft.region) faults.region = '请选择诉求发生地';
  if (draft.kind === null) faults.kind = '请选择诉求类型';
  if (!draft.body.trim()) faults.body = '请填写诉求内容';
  return faults;
}

const TITLE_ROOM = 30;

/** The title where none was typed: the first sentence of what the caller said. */
export function titleFrom(body: string): string {
  const first = body.trim().split(/[。！？；\n]/)[0] ?? '';
  return first.length > TITLE_ROOM ? `${first.slice(0, TITLE_ROOM)}…` : first;
}
