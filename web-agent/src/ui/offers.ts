// Which actions a desk is offered on a ticket: what the law allows the role, less what this ticket cannot use,
// in the order of the work.
import { Role, State } from '@/generated/flow';
import type { Card, PartCard, TicketFull } from '@/rpc/wire';
import { edgesFor } from '@/stores/law';
import { RARE } from './dialog/fields';

/** Who asks: the parts of the session that decide. */
export interface Asker {
  role: number;
  dept: number | null;
  account: number;
}

export interface Offers {
  main: string[];
  rare: string[];
  /** The one that brings the ticket on. */
  primary: string;
}

// Made elsewhere on the page: beside the contact, the attachments, each part and each order.
const ELSEWHERE = new Set(['reveal', 'attach', 'part_sign', 'part_reply', 'part_return', 'part_recall', 'order_reply', 'order_close']);
// What a unit with a 承办单 may do besides answering it.
const BESIDE = new Set(['contact', 'progress']);
const WORK = ['sign', 'contact', 'progress', 'finish', 'resume', 'extend', 'pause', 'deny_extend', 'deny_pause', 'pass', 'settle', 'reject', 'notify', 'miss', 'rate'];
const PRIMARY = ['sign', 'finish', 'extend', 'pause', 'pass', 'settle', 'notify', 'rate', 'assign', 'rule', 'supply', 'redo', 'check'];

export const PART_OPEN = 40;

/** The unanswered 承办单 of a unit that does not answer for the ticket. */
export function ownPart(full: TicketFull, asker: Asker): PartCard | undefined {
  if (asker.role !== Role.handler) return undefined;
  return full.parts.find((part) => part.dept === asker.dept && part.state < PART_OPEN);
}

/** Whether 办结 waits for a talk with the citizen (finish_fault in sql/functions/move_guard.sql). */
export function needsContact(full: TicketFull): boolean {
  return full.state === State.handling && full.contacted === null && full.secrecy === 0 && full.phone_mask !== '';
}

/** Why the unit may not send the ticket back; "" when it may. */
export function returnBar(full: TicketFull, now: number): string {
  if (full.no_return) return '退单已被驳回、已经裁定或属重办，不得再退';
  if (full.return_by !== null && full.return_by <= now) return '已过退单时限，请先行办理；确属职责不清的联系督办员提请裁定';
  return '';
}

function doubter(full: TicketFull): number | undefined {
  return full.events.find((event) => event.action === 'doubt' && event.round === full.round)?.account;
}

// Nobody called for a 预警单: what speaks to a citizen is not for it (task_fault in sql/functions/move_guard.sql).
const WARNING_CHANNEL = 7;
const CITIZENS = new Set(['pass', 'answer', 'ask_info', 'withdraw', 'merge', 'supplement', 'contact']);

function useful(action: string, card: Card, full: TicketFull, asker: Asker, now: number): boolean {
  if (card.channel === WARNING_CHANNEL ? CITIZENS.has(action) : action === 'settle') return false;
  switch (action) {
    case 'extend': case 'deny_extend': return card.asked === 'extend';
    case 'pause': case 'deny_pause': return card.asked === 'pause';
    case 'ask_extend': case 'ask_pause': return card.asked === null;
    case 'send_back': return returnBar(full, now) === '';
    case 'check': return full.check !== null && full.check.checked === null;
    case 'doubt': return doubter(full) === undefined;
    // 误评 is found by two persons.
    case 'dismiss': return doubter(full) !== undefined && doubter(full) !== asker.account;
    default: return true;
  }
}

function placeOf(action: string): number {
  const place = WORK.indexOf(action);
  return place < 0 ? WORK.length : place;
}

export function offersFor(card: Card, full: TicketFull, asker: Asker, now: number): Offers {
  const foreign = asker.role === Role.handler && card.dept !== asker.dept;
  const part = foreign ? ownPart(full, asker) : undefined;
  // One button stands for both ends of 好差评; the grade decides which edge is taken.
  const names = edgesFor(card.state, asker.role)
    .map((edge) => (edge.action === 'complain' ? 'rate' : edge.action))
    .filter((action) => !ELSEWHERE.has(action) && useful(action, card, full, asker, now))
    .filter((action) => !foreign || (part !== undefined && BESIDE.has(action)));
  const main = [...new Set(names)].filter((name) => !RARE.has(name)).sort((a, b) => placeOf(a) - placeOf(b));
  const rare = [...new Set(names)].filter((name) => RARE.has(name));
  const onward = needsContact(full) && main.includes('contact') ? 'contact' : PRIMARY.find((name) => main.includes(name));
  return { main, rare, primary: foreign ? '' : (onward ?? '') };
}
