// 告知与回访 of a ticket as one list in the order of time: messages, talks and tries, evaluations.
import type { Evaluation, TicketEvent, TicketFull } from '@/rpc/wire';
import { gradeTerm } from '@/stores/law';

export interface Told {
  at: number;
  what: string;
  who: string;
  text: string;
  tone: '' | 'green' | 'red' | 'amber';
  /** A short word on how it stands. */
  standing: string;
  evaluation?: Evaluation;
}

type Message = TicketFull['messages'][number];

export const WAYS: Record<string, string> = { phone: '电话', sms: '短信', web: '网站', visit: '上门' };
export const RESULTS: Record<string, string> = {
  reached: '已联系上', silent: '无人接听', busy: '占线', refused: '拒绝', wrong: '号码有误',
};
const MESSAGES: Record<string, string> = {
  accepted: '受理短信', told: '结果短信', need_info: '补充短信', extended: '延期短信', paused: '挂起短信', refused: '不予受理短信',
};

function ofMessage(one: Message): Told {
  const standing = one.fault ? `未送达：${one.fault}` : one.sent ? '已发送' : '待发送';
  return { at: one.sent ?? one.at, what: MESSAGES[one.kind] ?? one.kind, who: '', text: '', tone: one.fault ? 'red' : one.sent ? 'green' : '', standing };
}

function ofTalk(event: TicketEvent): Told {
  const { way, result } = (event.detail ?? {}) as { way?: string; result?: string };
  const what = { contact: '联系诉求人', miss: '回访', notify: '告知' }[event.action] ?? event.action;
  const standing = result ? (RESULTS[result] ?? result) : (WAYS[way ?? ''] ?? way ?? '');
  const tone = event.action === 'miss' || (result && result !== 'reached') ? 'amber' : 'green';
  return { at: event.at, what, who: event.who, text: event.note ?? '', tone, standing };
}

function ofEvaluation(one: Evaluation): Told {
  return {
    at: one.at,
    what: `第${one.round}轮评价`,
    who: one.who,
    text: '',
    tone: one.grade <= 2 ? 'red' : 'green',
    standing: gradeTerm(one.grade),
    evaluation: one,
  };
}

export function toldOf(full: TicketFull): Told[] {
  const talks = full.events.filter((event) => ['contact', 'miss', 'notify'].includes(event.action));
  const all = [...full.messages.map(ofMessage), ...talks.map(ofTalk), ...full.evaluations.map(ofEvaluation)];
  return all.sort((a, b) => a.at - b.at);
}
