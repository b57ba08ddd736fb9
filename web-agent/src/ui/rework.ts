// Why a ticket is being worked on again: what the citizen found wrong, and what the supervisor wants done.
import type { Card, TicketFull } from '@/rpc/wire';
import { gradeTerm, stateIsOpen } from '@/stores/law';
import { isBadGrade } from './dialog/fields';

const AGAIN: Record<string, string> = { redo: '核实情况', reopen: '重启原因' };

/** The words about it; "" when nothing is known beside the round; null when it is not, or no more, worked on again. */
export function reworkWords(card: Card, full: TicketFull): string | null {
  if (card.round < 2 || !stateIsOpen(card.state)) return null;
  // The rating that led here is the one of the round before; a later one says nothing of why.
  const rating = full.evaluations.find((one) => one.round === card.round - 1 && one.counted && isBadGrade(one.grade));
  const ordered = full.events.find((one) => one.action in AGAIN && one.round === card.round);
  const citizen = rating && [gradeTerm(rating.grade), rating.reason].filter(Boolean).join('：');
  const wish = ordered?.note ?? card.why;
  return [citizen, wish && `${AGAIN[ordered?.action ?? 'redo']}：${wish}`].filter(Boolean).join('；');
}
