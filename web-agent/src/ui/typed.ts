// What a person typed into the one box for finding tickets.
import type { Filter } from '@/rpc/commands';

/** What one box may mean: a caller's number, a ticket's number, or words. */
export function typedAs(typed: string): Filter {
  const text = typed.trim();
  const digits = text.replace(/[\s-]/g, '');
  if (/^1\d{10}$/.test(digits) || /^0\d{9,11}$/.test(digits)) return { phone: digits };
  if (/^\d{6}$|^\d{8}$|^\d{12,18}$/.test(digits)) return { number: digits };
  return text === '' ? {} : { text };
}
