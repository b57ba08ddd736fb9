// The values of an action's dialog: how they begin, what is missing, and what is sent.
import type { Card, TicketFull } from '@/rpc/wire';
import { momentWords } from '../due';
import { needsContact, PART_OPEN } from '../offers';
import { isBadGrade, type Asking, type Field } from './fields';

export type Form = Record<string, unknown>;

export function formOf(asking: Asking, action: string, ticket: TicketFull): Form {
  const form: Form = {};
  for (const field of asking.fields) {
    form[field.name] = null;
    if (field.kind === 'area' || field.kind === 'line' || field.kind === 'date' || field.kind === 'ticket') form[field.name] = '';
    if (field.kind === 'words') form[field.name] = field.words?.[0]?.value ?? '';
    if (field.kind === 'depts') form[field.name] = [];
    if (field.kind === 'answers') form[field.name] = (ticket.points ?? []).map(() => '');
    if (field.name === 'matter') form.matter = ticket.matter;
  }
  if (action === 'notify') form.text = ticket.reply ?? '';
  if (action === 'extend') form.days = ticket.asked_detail?.days ?? null;
  if (action === 'pause') form.until = ticket.asked_detail?.until ?? '';
  return form;
}

/** Fields that this ticket does not ask for. */
export function fieldShows(field: Field, form: Form, ticket: TicketFull): boolean {
  if (field.kind === 'answers') return (ticket.points?.length ?? 0) > 1;
  if (field.name === 'blame') return isBadGrade(form.grade);
  if (field.name === 'reason' && 'grade' in form) return isBadGrade(form.grade);
  return true;
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.every(isBlank));
}

export function missingIn(asking: Asking, form: Form, ticket: TicketFull, card: Card): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const field of asking.fields) {
    if (!fieldShows(field, form, ticket)) continue;
    const must = field.required || field.name === 'blame' || (field.name === 'reason' && 'grade' in form) ||
      (field.name === 'dept' && card.dept === null && !field.required);
    const value = form[field.name];
    if (field.kind === 'answers' && Array.isArray(value)) {
      const empty = value.findIndex(isBlank);
      if (empty >= 0) faults[field.name] = `请答复第 ${empty + 1} 点`;
    } else if (must && isBlank(value)) faults[field.name] = `请填写${field.label}`;
  }
  return faults;
}

export function paramsOf(asking: Asking, form: Form, ticket: TicketFull): Form {
  const params: Form = {};
  for (const field of asking.fields) {
    const value = form[field.name];
    if (!fieldShows(field, form, ticket) || isBlank(value)) continue;
    if (field.kind === 'yesno') params[field.name] = value === 1;
    else params[field.name] = typeof value === 'string' ? value.trim() : value;
  }
  return params;
}

/** Whether closing the dialog would lose something that was typed. */
export function isTyped(asking: Asking, form: Form, first: Form): boolean {
  return asking.fields.some((field) => ['area', 'line', 'answers'].includes(field.kind) &&
    JSON.stringify(form[field.name]) !== JSON.stringify(first[field.name]) && !isBlank(form[field.name]));
}

/** What the server would refuse, told before much is typed. unit: the name of a department. */
export function cautions(action: string, ticket: TicketFull, now: number, unit: (dept: number) => string): string[] {
  if (action === 'send_back' && ticket.return_by !== null) return [`须在 ${momentWords(ticket.return_by)} 前申请，退单期间仍由本单位负责`];
  if (action !== 'finish') return [];
  const waiting = ticket.parts.filter((part) => part.state < PART_OPEN && part.due >= now).map((part) => unit(part.dept));
  return [
    ...(needsContact(ticket) ? ['还没有联系过诉求人：请先“联系诉求人”并记录，再提交办结'] : []),
    ...(waiting.length > 0 ? [`还有承办单未反馈：${waiting.join('、')}，请等待反馈、到期或撤回后再办结`] : []),
  ];
}

/** Faults of fields that the dialog does not show, which would otherwise be seen by nobody. */
export function hiddenFaults(shown: readonly Field[], faults: Record<string, string>): string[] {
  const names = new Set(shown.map((field) => field.name));
  return Object.entries(faults).filter(([name]) => !names.has(name)).map(([, sentence]) => sentence);
}
