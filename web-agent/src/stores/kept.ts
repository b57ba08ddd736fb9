// What was typed into a dialog and not sent: kept in this tab, so that neither a reload nor something that must be done
// first (联系诉求人 before 办结) costs an answer. It goes when it is sent, when the ticket has moved on, and at logout.
import type { Asking } from '@/ui/dialog/fields';
import type { Form } from '@/ui/dialog/form';

const PREFIX = 'hotline-typed:';

/** One place for each person, ticket and action; extra: the part or order it is about. */
export function keptKey(account: number, ticket: number, action: string, extra: Record<string, number> = {}): string {
  return [account, ticket, action, ...Object.values(extra)].join(':');
}

export function keepForm(key: string, asking: Asking, form: Form): void {
  const copy: Form = {};
  // The other ticket is to be looked up again: its number was not part of the form.
  for (const field of asking.fields) if (field.kind !== 'ticket') copy[field.name] = form[field.name];
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(copy));
  } catch {
    // The browser stores nothing: then it lasts as long as the dialog is open.
  }
}

export function keptForm(key: string): Form | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null') as Form | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function dropForm(key: string): void {
  dropWhere((one) => one === key);
}

function dropWhere(goes: (key: string) => boolean): void {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(PREFIX) && goes(name.slice(PREFIX.length))) sessionStorage.removeItem(name);
    }
  } catch {
    // Nothing is stored, so nothing is left behind.
  }
}

/** What the ticket, as it stands now, has no use for. */
export function dropMoot(account: number, ticket: number, may: (action: string) => boolean): void {
  const of = keptKey(account, ticket, '');
  dropWhere((key) => key.startsWith(of) && !may(key.split(':')[2] ?? ''));
}

/** All of it, or all but one's own: the next person at this desk reads nothing of it. */
export function dropForms(but?: number): void {
  dropWhere((key) => but === undefined || !key.startsWith(`${but}:`));
}
