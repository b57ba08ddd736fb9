// 预警 in the order of the work, and their words on screen.
import type { AlertCard } from '@/rpc/wire';

export const KINDS: Record<string, string> = {
  incident: '同一事件', surge: '诉求激增', keyword: '敏感词', theme: '一件事', season: '季节计划',
};
export const SEVERITIES: Record<number, { term: string; tone: string }> = {
  1: { term: '关注', tone: 'blue' }, 2: { term: '较重', tone: 'amber' }, 3: { term: '严重', tone: 'red' },
};

/** Open before closed, the gravest first, then what moved last. */
export function sortedWarnings(alerts: AlertCard[]): AlertCard[] {
  const moved = (one: AlertCard) => one.closed ?? one.raised ?? one.at;
  return [...alerts].sort(
    (a, b) => Number(!!a.closed) - Number(!!b.closed) || (a.closed ? 0 : b.severity - a.severity) || moved(b) - moved(a),
  );
}
