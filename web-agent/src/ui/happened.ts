// What the timeline says about an event beside its note: the details worth words.
import type { TicketEvent, TicketFull, Verdict } from '@/rpc/wire';
import { actionTerm, alarmTerm, blameTerm, causeTerm, factTerm, gradeTerm, handoffWayTerm, orderTerm, pauseTerm } from '@/stores/law';
import { momentWords } from './due';
import { RESULTS, WAYS } from './told';

/** Names that stand elsewhere: of departments in the reference data, of parts, orders and tickets on the ticket. */
export interface Names {
  unit: (dept: number) => string;
  full: TicketFull | null;
}

type Words = (value: never, event: TicketEvent, names: Names) => string;

function partWords(part: number, names: Names): string {
  const found = names.full?.parts.find((one) => one.part === part);
  return found ? `承办单位：${names.unit(found.dept)}` : '';
}

function orderWords(order: number, names: Names): string {
  return names.full?.supervisions.find((one) => one.order === order)?.number ?? '';
}

function ticketWords(id: number, names: Names): string {
  const found = names.full?.links.find((one) => one.id === id);
  return found ? `${found.number} ${found.title}` : '';
}

function deptWords(dept: number, event: TicketEvent, names: Names): string {
  const what = { assist: '协办单位', hand_down: '下级单位', rule: '裁定单位' }[event.action] ?? '承办单位';
  return `${what}：${names.unit(dept)}`;
}

// In the order of reading. What is not named here is for the machine.
const WORDS: [string, Words][] = [
  ['grade', (value: number) => `评价：${gradeTerm(value)}`],
  ['solved', (value: boolean) => (value ? '已解决' : '未解决')],
  ['blame', (value: number) => `差评原因：${blameTerm(value)}`],
  ['fact', (value: number) => factTerm(value)],
  ['score', (value: number) => `${value} 分`],
  ['dept', (value: number, event, names) => deptWords(value, event, names)],
  ['assists', (value: number[], _event, names) => `协办单位：${value.map(names.unit).join('、')}`],
  ['part', (value: number, _event, names) => partWords(value, names)],
  ['order', (value: number, _event, names) => orderWords(value, names)],
  ['other', (value: number, _event, names) => ticketWords(value, names)],
  ['number', (value: string, event) => (event.action === 'hand_over' ? `转 ${value}` : `工单 ${value}`)],
  ['danger', (value: Verdict) => `${value.term ?? ''}：“${(value.words ?? []).join('”“')}”`],
  ['level', (value: number, event) => (event.action === 'order' ? orderTerm(value) : '')],
  ['days', (value: number) => `${value} 个工作日`],
  ['until', (value: string) => `至 ${value}`],
  ['cause', (value: number, event) => (event.action === 'ask_pause' ? `原因：${pauseTerm(value)}` : `依据：${causeTerm(value)}`)],
  ['basis', (value: string) => `依据：${value}`],
  ['way', (value: string | number) => `方式：${typeof value === 'number' ? handoffWayTerm(value) : (WAYS[value] ?? value)}`],
  ['result', (value: string) => `结果：${RESULTS[value] ?? value}`],
  ['confidence', (value: number) => (value > 0 ? `把握 ${Math.round(value * 100)}%` : '')],
  ['was', (value: number) => `原期限 ${momentWords(value)}`],
  ['name', (value: string) => value],
  ['comment', (value: string, event) => (value === event.note ? '' : `意见：${value}`)],
];

// A deadline given anew is worth saying; the one that begins with a move stands with its step.
const NEW_DUE = new Set(['extend', 'resume', 'reject', 'reckon']);

export function detailWords(event: TicketEvent, names: Names): string[] {
  const detail = event.detail ?? {};
  const words = WORDS.filter(([name]) => detail[name] !== undefined && detail[name] !== null)
    .map(([name, say]) => say(detail[name] as never, event, names));
  if (NEW_DUE.has(event.action) && event.due !== null) words.push(`新期限 ${momentWords(event.due)}`);
  return words.filter(Boolean);
}

/** "红牌" rather than the name of the action, where the level says more. */
export function headWords(event: TicketEvent): string {
  const level = event.detail?.level;
  return event.action === 'alarm' && typeof level === 'number' ? alarmTerm(level) : actionTerm(event.action);
}
