// Exports in words.
import type { ExportCard, ExportState } from '@/rpc/bulletin';

export const STATES: Record<ExportState, string> = {
  waiting: '等待中', running: '导出中', done: '已完成', failed: '未完成', cancelled: '已取消', dropped: '已删除', expired: '已过期',
};

export const isOpen = (one: ExportCard) => one.state === 'waiting' || one.state === 'running';

export function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} 字节`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

/** How far it is: “1500 / 10240 行”, “1500 / 超过 10240 行” when not all could be counted. */
export function progressWords(one: ExportCard): string {
  if (one.state === 'waiting') return one.ahead ? `前面还有 ${one.ahead} 个` : '即将开始';
  if (one.total === null) return '正在统计行数';
  return `${one.done} / ${one.exact === false ? '超过 ' : ''}${one.total} 行`;
}

export const filterWords = (one: ExportCard) => one.words.map(([term, value]) => `${term}：${value}`).join('；');
