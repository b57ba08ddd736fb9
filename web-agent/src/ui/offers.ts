// Which actions a desk is offered on a ticket: what the law allows the role, less what this ticket cannot use.
import { Role } from '@/generated/flow';
import type { Card, TicketFull } from '@/rpc/wire';
import { edgesFor } from '@/stores/law';
import { RARE } from './dialog/fields';

// Made elsewhere on the page: beside the contact, the attachments, each part and each order.
const ELSEWHERE = new Set(['reveal', 'attach', 'part_sign', 'part_reply', 'part_return', 'part_recall', 'order_reply', 'order_close']);

function useful(action: string, card: Card, full: TicketFull): boolean {
  switch (action) {
    case 'extend': case 'deny_extend': return card.asked === 'extend';
    case 'pause': case 'deny_pause': return card.asked === 'pause';
    case 'ask_extend': case 'ask_pause': return card.asked === null;
    case 'send_back': return !full.no_return && (full.return_by === null || full.return_by > Date.now());
    case 'check': return full.check !== null && full.check.checked === null;
    case 'doubt': return !doubted(full);
    case 'dismiss': return doubted(full);
    case 'urge': return card.state !== 29 || card.master !== null;
    default: return true;
  }
}

function doubted(full: TicketFull): boolean {
  return full.events.some((event) => event.action === 'doubt' && event.round === full.round);
}

export interface Offers {
  main: string[];
  rare: string[];
}

export function offersFor(card: Card, full: TicketFull, role: number, dept: number | null): Offers {
  if (role === Role.handler && card.dept !== dept) return { main: [], rare: [] };
  // One button stands for both ends of 好差评; the grade decides which edge is taken.
  const names = edgesFor(card.state, role)
    .map((edge) => (edge.action === 'complain' ? 'rate' : edge.action))
    .filter((action) => !ELSEWHERE.has(action) && useful(action, card, full));
  const all = [...new Set(names)];
  return { main: all.filter((name) => !RARE.has(name)), rare: all.filter((name) => RARE.has(name)) };
}
