import { describe, expect, it } from 'vitest';
import { dueWords, momentWords, shortSpan, spanWords, timerWords } from '@/ui/due';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_700_000_000_000;

function words(due: number | null, warn: number | null, state = 40) {
  return dueWords({ due, warn, state }, NOW);
}

describe('a deadline', () => {
  it('says what is left', () => {
    expect(words(NOW + 3 * HOUR + 20 * MINUTE, NOW + HOUR)).toEqual({ tone: 'fine', text: '剩 3小时20分' });
  });
  it('warns from its warning time on', () => {
    expect(words(NOW + HOUR, NOW)).toEqual({ tone: 'soon', text: '剩 1小时' });
    expect(words(NOW + HOUR, NOW + 1).tone).toBe('fine');
  });
  it('is not over at its very moment, but after it', () => {
    expect(words(NOW, NOW - HOUR).tone).toBe('soon');
    expect(words(NOW - 1, NOW - HOUR)).toEqual({ tone: 'over', text: '超期 不足1分钟' });
    expect(words(NOW - 2 * DAY, NOW - 3 * DAY)).toEqual({ tone: 'over', text: '超期 2天' });
  });
  it('is silent without a limit and after the end', () => {
    expect(words(null, null).tone).toBe('none');
    expect(words(NOW - DAY, null, 80)).toEqual({ tone: 'none', text: '' });
  });
});

describe('spans', () => {
  it.each([
    [59_999, '不足1分钟'],
    [5 * MINUTE, '5分'],
    [HOUR, '1小时'],
    [DAY + 3 * HOUR + 59 * MINUTE, '1天3小时'],
    [3 * DAY, '3天'],
  ])('%i ms is %s', (ms, text) => expect(spanWords(ms)).toBe(text));

  it.each([
    [400, '0.4秒'],
    [12_900, '12秒'],
    [3 * MINUTE + 5000, '3分05秒'],
    [2 * HOUR, '2小时'],
  ])('shortly, %i ms is %s', (ms, text) => expect(shortSpan(ms)).toBe(text));

  it('run as timers', () => {
    expect(timerWords(42_000)).toBe('00:42');
    expect(timerWords(HOUR + 2 * MINUTE + 3000)).toBe('1:02:03');
    expect(timerWords(-5)).toBe('00:00');
  });
});

it('moments are in Beijing time wherever the desk stands', () => {
  expect(momentWords(Date.UTC(2026, 0, 31, 16, 5, 9))).toBe('2026-02-01 00:05:09');
  expect(momentWords(null)).toBe('—');
});
