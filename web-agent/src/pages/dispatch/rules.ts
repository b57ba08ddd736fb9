// 分派规则 in words, and empty rows to begin with.
import { kinds } from '@/generated/flow';
import type { DispatchDesk, DispatchFallback, DispatchRule } from '@/rpc/dispatch';

export interface Names {
  matter: (code: string) => string;
  region: (code: string) => string;
  unit: (dept: number) => string;
  duty: (code: string) => string;
}

export function ruleNew(id: number): DispatchRule {
  return {
    id, name: '', any: '', all: '', none: '', place: '', matter: '', group: '', kind: 0, region: '', town: '', months: [],
    set_matter: '', unit: 0, duty: '', pool: false, cos: [], basis: '', note: '',
  };
}

export const fallbackNew = (): DispatchFallback => ({ region: '', duty: '', to: 'government', unit: 0, note: '' });
export const deskNew = (unit: number): DispatchDesk => ({ unit, most: 0, phone: '', note: '' });

const quoted = (words: string) => words.split('|').filter(Boolean).map((word) => `“${word}”`).join('');

/** What must hold, one condition an entry. */
export function conditionWords(rule: DispatchRule, names: Names): string[] {
  const kind = kinds.find((one) => one.number === rule.kind)?.term;
  return [
    rule.any && `含${quoted(rule.any)}之一`,
    rule.all && `含${quoted(rule.all)}`,
    rule.none && `不含${quoted(rule.none)}`,
    rule.place && `地点含${quoted(rule.place)}之一`,
    rule.matter && `事项为${names.matter(rule.matter)}`,
    rule.group && `大类为${rule.group}`,
    kind && `类型为${kind}`,
    rule.region && `在${names.region(rule.region)}`,
    rule.town && `在${names.region(rule.town)}`,
    rule.months.length > 0 && `${rule.months.join('、')} 月`,
  ].filter((words): words is string => Boolean(words));
}

/** What it says then. */
export function verdictWords(rule: DispatchRule, names: Names): string[] {
  return [
    rule.set_matter && `事项定为${names.matter(rule.set_matter)}`,
    rule.unit > 0 && `由${names.unit(rule.unit)}承办`,
    rule.duty && `由承担${names.duty(rule.duty)}职责的单位承办`,
    rule.pool && '转人工派单',
    rule.cos.length > 0 && `协办：${rule.cos.map(names.unit).join('、')}`,
  ].filter((words): words is string => Boolean(words));
}

export function fallbackWords(row: DispatchFallback, names: Names): string {
  const whose = row.to === 'government' ? '县区政府' : row.to === 'superior' ? '地区主管部门' : names.unit(row.unit);
  return `${row.region ? names.region(row.region) : '各县市区'}没有${row.duty ? names.duty(row.duty) : '对应'}职责的单位时，由${whose}承办`;
}

/** "工地，夜间 噪音" as it is typed, as the words of a condition. */
export function wordsOf(typed: string): string {
  return [...new Set(typed.split(/[|，,、；;\s]+/).filter(Boolean))].join('|');
}

export const wordsShown = (words: string) => words.split('|').filter(Boolean).join('，');
