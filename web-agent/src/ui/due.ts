// A deadline in words and in one of four tones.
import type { Card } from '@/rpc/wire';
import { State } from '@/generated/flow';
import { stateIsOpen } from '@/stores/law';

/** What a lamp needs to know. */
export type Clock = Pick<Card, 'due' | 'warn' | 'state'>;

/** The clock of a 承办单 or a 督办, which is not the ticket's. */
export function ownClock(due: number, warn: number, runs: boolean): Clock {
  return { due, warn, state: runs ? State.handling : State.archived };
}

export type Tone = 'over' | 'soon' | 'fine' | 'none';

export interface DueWords {
  tone: Tone;
  text: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time in its two largest units: "2天3小时", "3小时20分", "5分", "不足1分钟". */
export function spanWords(ms: number): string {
  if (ms < MINUTE) return '不足1分钟';
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  if (days > 0) return hours > 0 ? `${days}天${hours}小时` : `${days}天`;
  if (hours > 0) return minutes > 0 ? `${hours}小时${minutes}分` : `${hours}小时`;
  return `${minutes}分`;
}

/** Short spans to the second, for what is over in seconds: "0.4秒", "12秒", "3分05秒". */
export function shortSpan(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)}秒`;
  if (ms < MINUTE) return `${Math.floor(ms / 1000)}秒`;
  if (ms < HOUR) {
    return `${Math.floor(ms / MINUTE)}分${String(Math.floor((ms % MINUTE) / 1000)).padStart(2, '0')}秒`;
  }
  return spanWords(ms);
}

export function dueTone(
  card: Clock,
  now: number,
): Tone {
  if (card.due === null || !stateIsOpen(card.state)) return 'none';
  if (now > card.due) return 'over';
  return card.warn !== null && now >= card.warn ? 'soon' : 'fine';
}

export function dueWords(card: Clock, now: number): DueWords {
  const tone = dueTone(card, now);
  if (tone === 'none' || card.due === null) return { tone: 'none', text: '' };
  if (tone === 'over') return { tone, text: `超期 ${spanWords(now - card.due)}` };
  return { tone, text: `剩 ${spanWords(card.due - now)}` };
}

const DATE = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

function parts(at: number): Record<string, string> {
  return Object.fromEntries(DATE.formatToParts(at).map((part) => [part.type, part.value]));
}

/** Beijing time "2026-01-31 09:05:00". */
export function momentWords(at: number | null | undefined): string {
  if (!at) return '—';
  const p = parts(at);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`;
}

/** Beijing time without year and seconds, for lists: "01-31 09:05". */
export function shortMoment(at: number | null | undefined): string {
  return at ? momentWords(at).slice(5, 16) : '—';
}

export function clockWords(at: number): string {
  return momentWords(at).slice(11);
}

/** A running timer: "00:42", "1:02:03". */
export function timerWords(ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1000));
  const seconds = String(all % 60).padStart(2, '0');
  const minutes = String(Math.floor(all / 60) % 60).padStart(2, '0');
  const hours = Math.floor(all / 3600);
  return hours > 0 ? `${hours}:${minutes}:${seconds}` : `${minutes}:${seconds}`;
}
