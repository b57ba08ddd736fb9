// What was typed into a dialog and not sent: kept on this page, so that whoever must do something else first
// (联系诉求人 before 办结) finds it again. It goes when it is sent, or with the page.
import type { Asking } from './fields';
import type { Form } from './form';

const kept = new Map<string, Form>();

/** One place for each person, ticket and action; extra: the part or order it is about. */
export function keptKey(account: number, ticket: number, action: string, extra: Record<string, number> = {}): string {
  return [account, ticket, action, ...Object.values(extra)].join(':');
}

export function keepForm(key: string, asking: Asking, form: Form): void {
  const copy: Form = {};
  // The other ticket is to be looked up again: its number was not part of the form.
  for (const field of asking.fields) if (field.kind !== 'ticket') copy[field.name] = form[field.name];
  kept.set(key, JSON.parse(JSON.stringify(copy)) as Form);
}

export function keptForm(key: string): Form | undefined {
  return kept.get(key);
}

export function dropForm(key: string): void {
  kept.delete(key);
}
