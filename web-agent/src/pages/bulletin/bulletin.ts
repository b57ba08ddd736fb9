// A bulletin's figures in words: values, and changes against the period before and the year before.
import type { BulletinFigure, BulletinKind, Compared } from '@/rpc/bulletin';
import type { Cells, Figure } from '@/rpc/commands';
import type { EChartsOption } from '../supervisor/echarts';
import type { Palette } from '../supervisor/charts';
import { percentOf } from '../supervisor/period';

export const KIND_TERMS: Record<BulletinKind, string> = { day: '日报', week: '周报', month: '月报' };
export const PREV_TERMS: Record<BulletinKind, string> = { day: '前一日', week: '前一周', month: '前一月' };

export interface Change {
  text: string;
  tone: 'up' | 'down' | 'same' | 'none';
}

const NONE: Change = { text: '—', tone: 'none' };
const toneOf = (difference: number): Change['tone'] => (difference > 0 ? 'up' : difference < 0 ? 'down' : 'same');
const ARROWS = { up: '▲', down: '▼', same: '＝', none: '' };

/** Of a count, in percent: “▲12.5%”; from nothing, in pieces: “▲3件”. */
export function countChange(now: number, was: number | null | undefined): Change {
  if (was === null || was === undefined) return NONE;
  const tone = toneOf(now - was);
  if (tone === 'same') return { text: '持平', tone };
  const size = was === 0 ? `${now}件` : `${((Math.abs(now - was) * 100) / was).toFixed(1)}%`;
  return { text: `${ARROWS[tone]}${size}`, tone };
}

/** Of a rate, in points. */
export function pointChange(now: number | null, was: number | null): Change {
  if (now === null || was === null) return NONE;
  const difference = Number(now.toFixed(1)) - Number(was.toFixed(1));
  const tone = toneOf(difference);
  return tone === 'same' ? { text: '持平', tone } : { text: `${ARROWS[tone]}${Math.abs(difference).toFixed(1)}`, tone };
}

type When = 'now' | 'prev' | 'year';

export function figureValue(figure: BulletinFigure, when: When): number | null {
  const cell = figure[when];
  if (!cell) return null;
  return figure.unit === 'count' ? cell[0] : percentOf(cell);
}

export function valueWords(value: number | null, unit: Figure['unit']): string {
  if (value === null) return '—';
  return unit === 'count' ? String(value) : unit === 'score' ? value.toFixed(1) : `${value.toFixed(1)}%`;
}

export function figureChange(figure: BulletinFigure, when: 'prev' | 'year'): Change {
  const [now, was] = [figureValue(figure, 'now'), figureValue(figure, when)];
  if (now === null || was === null) return NONE;
  return figure.unit === 'count' ? countChange(now, was) : pointChange(now, was);
}

export function cellWords(cells: Cells, figure: string, unit: Figure['unit']): string {
  const cell = cells[figure];
  return valueWords(cell ? (unit === 'count' ? cell[0] : percentOf(cell)) : null, unit);
}

/** The hot matters, now beside before; hatched, so that it can be read without colours. */
export function mattersOption(rows: (Compared & { name: string })[], prev: string, palette: Palette): EChartsOption {
  const list = [...rows].reverse();
  const bar = (name: string, color: string, data: (number | null)[]) => ({
    type: 'bar' as const, name, barMaxWidth: 11, itemStyle: { color }, data, label: { show: true, position: 'right' as const, color: palette.ink, fontSize: 11 },
  });
  const known = rows.some((one) => one.prev !== null);
  return {
    animation: false,
    aria: { enabled: true, decal: { show: true } },
    textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 12 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, confine: true },
    grid: { left: 8, right: 36, top: 28, bottom: 4, containLabel: true },
    legend: { top: 0, right: 8, textStyle: { color: palette.ink }, itemWidth: 14, itemHeight: 10 },
    xAxis: { type: 'value', minInterval: 1, axisLabel: { color: palette.soft }, splitLine: { lineStyle: { color: palette.line } } },
    yAxis: { type: 'category', data: list.map((one) => one.name), axisLabel: { color: palette.ink }, axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } } },
    series: [...(known ? [bar(prev, palette.line, list.map((one) => one.prev))] : []), bar('本期', palette.brand, list.map((one) => one.now))],
  };
}
