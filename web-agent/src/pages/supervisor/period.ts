// Periods of reports, in Beijing dates.
const BEIJING_MS = 28_800_000;

export function dayOf(ms: number): string {
  return new Date(ms + BEIJING_MS).toISOString().slice(0, 10);
}

export function monthBegin(ms: number, back = 0): string {
  const day = new Date(ms + BEIJING_MS);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - back, 1)).toISOString().slice(0, 10);
}

export interface Period {
  key: string;
  label: string;
  from: string;
  to: string;
}

export function periods(now: number): Period[] {
  const day = new Date(now + BEIJING_MS);
  const at = (year: number, month: number, date: number) => new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const quarter = Math.floor(month / 3) * 3;
  return [
    { key: 'month', label: '本月', from: at(year, month, 1), to: dayOf(now) },
    { key: 'last', label: '上月', from: at(year, month - 1, 1), to: at(year, month, 0) },
    { key: 'quarter', label: '本季', from: at(year, quarter, 1), to: dayOf(now) },
    { key: 'year', label: '本年', from: at(year, 0, 1), to: dayOf(now) },
  ];
}

/** Tiers instead of places: 国办函〔2025〕66号 asks not to chase rankings. */
export function tierOf(percent: number): string {
  return percent >= 95 ? '优' : percent >= 90 ? '良' : percent >= 80 ? '中' : '差';
}

export function percentOf(cell: readonly [number, number] | undefined): number | null {
  return cell && cell[0] > 0 ? (cell[1] / cell[0]) * 100 : null;
}
