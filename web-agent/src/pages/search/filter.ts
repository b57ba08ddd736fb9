// A search in three shapes: in the address, as the server is asked, and as the conditions that a person reads.
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import { channels, grades, kinds, states, urgencies, type Term } from '@/generated/flow';
import type { Filter, Params } from '@/rpc/commands';
import { typedAs } from '@/ui/typed';

export type Sort = NonNullable<Params<'ticket.search'>['sort']>;

export const SORTS: { value: Sort; label: string }[] = [
  { value: 'newest', label: '受理时间，新的在前' },
  { value: 'oldest', label: '受理时间，早的在前' },
  { value: 'due', label: '期限，先到期的在前' },
  { value: 'changed', label: '最近有变动的在前' },
  { value: 'closed', label: '最近办结的在前' },
  { value: 'grade', label: '评价差的在前' },
];

export const PERIODS: Record<string, string> = { today: '今日', week: '本周', month: '本月', days30: '近30天', year: '今年' };
export const DUES: Record<string, string> = { overdue: '已超期', soon: '临期', today: '今日到期' };
const NO_GRADE: Term = { number: 0, name: 'none', term: '未评价' };

const NUMBERS = ['state', 'kind', 'urgency', 'channel', 'dept', 'grade', 'agent'] as const;
const CODES = ['matter', 'region', 'town'] as const;
const WORDS = [
  'text', 'number', 'phone_index', 'phone_mask', 'due', 'accepted_in', 'accepted_from', 'accepted_to', 'closed_in', 'closed_from', 'closed_to',
] as const;

export type ListMember = (typeof NUMBERS)[number] | (typeof CODES)[number];

const MOST = 20;

/** What of an address is a filter; anything else in it is none of our business. */
export function filterOf(query: LocationQuery): Filter {
  const filter: Record<string, unknown> = {};
  const word = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  for (const name of WORDS) if (word(name)) filter[name] = word(name);
  for (const name of CODES) if (word(name)) filter[name] = word(name).split(',').filter(Boolean).slice(0, MOST);
  for (const name of NUMBERS) {
    const list = word(name).split(',').filter((one) => /^\d{1,9}$/.test(one)).map(Number);
    if (list.length > 0) filter[name] = list.slice(0, MOST);
  }
  if (word('open')) filter.open = word('open') === 'true';
  return filter as Filter;
}

export function queryOf(filter: Filter): LocationQueryRaw {
  const query: LocationQueryRaw = {};
  for (const [name, value] of Object.entries(filter)) query[name] = Array.isArray(value) ? value.join(',') : String(value);
  return query;
}

export function sortOf(query: LocationQuery): Sort {
  return SORTS.find((one) => one.value === query.sort)?.value ?? 'newest';
}

/** The words of a search, to be marked in what is shown. */
export function wordsOf(filter: Filter): string {
  return (filter.text ?? '').toLowerCase().split(/[\s\u3000]+/).join('|');
}

export interface Names {
  matter: (code: string) => string;
  region: (code: string) => string;
  dept: (dept: number) => string;
  agent: (account: number) => string;
}

export interface Condition {
  key: string;
  label: string;
  value: string;
  /** The filter without it. */
  without: Filter;
}

const term = (list: readonly Term[], number: number) => list.find((one) => one.number === number)?.term ?? String(number);

function span(from: string | undefined, to: string | undefined): string {
  if (from && to) return from === to ? from : `${from} 至 ${to}`;
  return from ? `${from} 起` : `至 ${to}`;
}

/** Every condition of a filter, each value of a list its own, in the order of the bar. */
export function conditionsOf(filter: Filter, names: Names): Condition[] {
  const found: Condition[] = [];
  const one = (label: string, value: string, ...members: (keyof Filter)[]) =>
    found.push({ key: members.join(), label, value, without: without(filter, ...members) });
  const each = <Value extends string | number>(member: ListMember, label: string, name: (value: Value) => string) => {
    const list = (filter[member] ?? []) as Value[];
    for (const value of list) {
      const rest = list.filter((other) => other !== value);
      found.push({
        key: `${member}-${value}`, label, value: name(value),
        without: rest.length > 0 ? { ...filter, [member]: rest } : without(filter, member),
      });
    }
  };

  if (filter.text) one('内容', filter.text, 'text');
  if (filter.number) one('编号', filter.number, 'number');
  if (filter.phone_index) one('来电号码', filter.phone_mask ?? '已填', 'phone_index', 'phone_mask');
  if (filter.open !== undefined) one('进度', filter.open ? '在办' : '已结束', 'open');
  if (filter.due) one('期限', DUES[filter.due] ?? filter.due, 'due');
  each<number>('state', '状态', (state) => term(states, state));
  each<number>('kind', '类型', (kind) => term(kinds, kind));
  each<number>('urgency', '紧急程度', (urgency) => term(urgencies, urgency));
  each<number>('channel', '渠道', (channel) => term(channels, channel));
  each<string>('matter', '事项', names.matter);
  each<string>('region', '县市区', names.region);
  each<string>('town', '乡镇街道', names.region);
  each<number>('dept', '承办单位', names.dept);
  each<number>('grade', '评价', (grade) => term([NO_GRADE, ...grades], grade));
  each<number>('agent', '受理人', names.agent);
  if (filter.accepted_in) one('受理', PERIODS[filter.accepted_in] ?? '', 'accepted_in');
  if (filter.accepted_from || filter.accepted_to) one('受理', span(filter.accepted_from, filter.accepted_to), 'accepted_from', 'accepted_to');
  if (filter.closed_in) one('办结', PERIODS[filter.closed_in] ?? '', 'closed_in');
  if (filter.closed_from || filter.closed_to) one('办结', span(filter.closed_from, filter.closed_to), 'closed_from', 'closed_to');
  return found;
}

export function without(filter: Filter, ...members: (keyof Filter)[]): Filter {
  const rest = { ...filter };
  for (const member of members) delete rest[member];
  return rest;
}

/** A filter with what stands in the box in place of the words or the number it had. */
export function withTyped(filter: Filter, typed: string): Filter {
  return { ...without(filter, 'text', 'number', 'phone_index', 'phone_mask'), ...typedAs(typed) };
}

/** A filter with one more value of a list. */
export function withValue(filter: Filter, member: ListMember, value: string | number): Filter {
  const list = (filter[member] ?? []) as (string | number)[];
  return list.includes(value) ? filter : ({ ...filter, [member]: [...list, value].slice(-MOST) } as Filter);
}
