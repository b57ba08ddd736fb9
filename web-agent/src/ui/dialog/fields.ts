// What each action asks for in its dialog, and what must be confirmed before it is sent. One row an action;
// who may take it from which state is the law's business (generated/flow.ts).
import { blames, causes, facts, grades, handoffWays, orderLevels, pauseCauses, type Term } from '@/generated/flow';

export type FieldKind =
  | 'line' | 'area' | 'number' | 'date' | 'select' | 'radio' | 'yesno' | 'words' | 'dept' | 'depts' | 'matter' | 'ticket' | 'answers';

export interface Field {
  /** The command's parameter. */
  name: string;
  label: string;
  kind: FieldKind;
  required?: boolean;
  /** The longest text, the largest number. */
  most?: number;
  /** The smallest number. */
  least?: number;
  rows?: number;
  options?: readonly Term[];
  words?: readonly { value: string; term: string }[];
  hint?: string;
}

export interface Question {
  title: string;
  text: string;
  yes: string;
}

export interface Asking {
  fields: readonly Field[];
  question?: Question;
}

const reason = (label = '原因', most = 400): Field => ({ name: 'reason', label, kind: 'area', required: true, most, rows: 3 });
const text = (label: string, most: number, rows = 5): Field => ({ name: 'text', label, kind: 'area', required: true, most, rows });
const dept = (label = '承办单位', required = true): Field => ({ name: 'dept', label, kind: 'dept', required });
const other: Field = { name: 'other', label: '工单编号', kind: 'ticket', required: true, hint: '填写编号后回车，核对标题' };
const cause: Field = { name: 'cause', label: '依据', kind: 'select', required: true, options: causes };
const matter: Field = { name: 'matter', label: '事项', kind: 'matter' };

const WAYS = [
  { value: 'phone', term: '电话' },
  { value: 'sms', term: '短信' },
  { value: 'web', term: '网站' },
  { value: 'visit', term: '上门' },
];
const REACHED = [
  { value: 'reached', term: '已联系上' },
  { value: 'silent', term: '无人接听' },
  { value: 'refused', term: '拒绝接听' },
  { value: 'wrong', term: '号码有误' },
];
const NUMBERS = ['110', '119', '12119', '120', '122'].map((value) => ({ value, term: value }));
const MISSED = [
  { value: 'silent', term: '无人接听' },
  { value: 'busy', term: '占线' },
  { value: 'refused', term: '拒绝回访' },
  { value: 'wrong', term: '号码有误' },
];

export const askings: Record<string, Asking> = {
  answer: { fields: [text('答复', 4000)], question: { title: '确认直接解答', text: '答复将告知诉求人，工单转待评价，提交后不能撤回。', yes: '确认答复' } },
  refuse: { fields: [cause, text('说明', 2000)], question: { title: '确认不予受理', text: '将按所选依据结束工单，并把说明告知诉求人。', yes: '确认不予受理' } },
  ask_info: { fields: [text('缺什么', 1000, 4)] },
  supply: { fields: [text('补充内容', 2000)] },
  withdraw: { fields: [{ ...reason('撤回原因'), hint: '须是诉求人本人的意思，通话已录音' }], question: { title: '确认诉求人撤回', text: '已派单的转待评价，未派单的直接撤销，提交后不能恢复。', yes: '确认撤回' } },
  merge: { fields: [other, { name: 'reason', label: '说明', kind: 'area', most: 400, rows: 2 }], question: { title: '确认并单', text: '本单不再单独办理，随主单一次办理、逐一告知、各自评价。', yes: '确认并单' } },
  unmerge: { fields: [reason()] },
  split: { fields: [{ name: 'title', label: '标题', kind: 'line', required: true, most: 60 }, text('拆出的诉求', 4000), matter] },
  link: { fields: [other, { name: 'reason', label: '说明', kind: 'area', most: 400, rows: 2 }] },
  assign: { fields: [dept('主办单位'), { name: 'assists', label: '协办单位', kind: 'depts' }, matter, reason('派单理由')] },
  recall: { fields: [reason()] },
  dispute: { fields: [{ ...dept('先行办理', false), hint: '裁定前由该单位先行办理（首接负责）；已有单位的不必填' }, reason('争议情况')] },
  rule: { fields: [dept('裁定单位'), { ...matter, hint: '裁定将作为该事项、该县市区的先例' }, reason('裁定理由', 1000)], question: { title: '确认裁定', text: '裁定有约束力：该单位不得退单，今后同类诉求按此派单。', yes: '确认裁定' } },
  rule_out: { fields: [cause, text('说明', 2000)], question: { title: '确认裁定不属政府职责', text: '将结束工单，并把说明告知诉求人。', yes: '确认裁定' } },
  send_back: { fields: [reason('退单理由'), { name: 'basis', label: '依据', kind: 'area', required: true, most: 400, rows: 2, hint: '法律法规条款或三定规定' }] },
  accept_return: { fields: [reason('审核意见')] },
  reject_return: { fields: [reason('审核意见')] },
  contact: { fields: [{ name: 'result', label: '结果', kind: 'words', required: true, words: REACHED }, text('联系情况', 1000, 4)] },
  progress: { fields: [text('进展', 2000)] },
  ask_extend: { fields: [{ name: 'days', label: '延期', kind: 'number', required: true, least: 1, most: 60, hint: '工作日' }, reason('延期原因')] },
  extend: { fields: [{ name: 'days', label: '延期', kind: 'number', least: 1, most: 60, hint: '工作日；可改定' }, { ...reason('审核意见'), required: false }] },
  deny_extend: { fields: [reason('审核意见')] },
  ask_pause: { fields: [{ name: 'cause', label: '原因', kind: 'select', required: true, options: pauseCauses }, { name: 'until', label: '恢复日期', kind: 'date', required: true }, reason('说明')] },
  pause: { fields: [{ name: 'until', label: '恢复日期', kind: 'date', hint: '可改定' }, { ...reason('审核意见'), required: false }] },
  deny_pause: { fields: [reason('审核意见')] },
  resume: { fields: [reason('恢复原因')] },
  assist: { fields: [dept('协办单位'), text('请协办的事', 1000, 4)] },
  hand_down: { fields: [dept('下级单位'), text('交办要求', 1000, 4)] },
  part_reply: { fields: [text('反馈', 4000)] },
  part_return: { fields: [reason('退回理由')] },
  part_recall: { fields: [reason('撤回理由')] },
  finish: {
    fields: [
      text('答复', 4000, 7),
      { name: 'answers', label: '逐点答复', kind: 'answers', most: 2000 },
      { name: 'solved', label: '是否解决', kind: 'yesno', required: true },
      { name: 'fact', label: '是否属实', kind: 'radio', options: facts },
    ],
    question: { title: '确认办结', text: '答复将交热线审核后告知诉求人，提交后不能撤回。', yes: '确认办结' },
  },
  reject: { fields: [reason('退回原因')] },
  urge: { fields: [{ name: 'text', label: '催办内容', kind: 'area', most: 400, rows: 3 }] },
  supplement: { fields: [text('补充信息', 2000)] },
  order: { fields: [{ name: 'level', label: '级别', kind: 'radio', required: true, options: orderLevels }, text('督办要求', 1000, 4)] },
  order_reply: { fields: [text('书面回复', 2000)] },
  order_close: { fields: [reason('销号意见')] },
  check: { fields: [{ name: 'score', label: '评分', kind: 'number', required: true, least: 0, most: 100, hint: '0–100 分' }, text('评语', 1000, 4)] },
  notify: { fields: [{ name: 'way', label: '方式', kind: 'words', required: true, words: WAYS }, text('告知内容', 2000, 7)] },
  miss: { fields: [{ name: 'result', label: '情况', kind: 'words', required: true, words: MISSED }, { name: 'text', label: '备注', kind: 'area', most: 400, rows: 2 }] },
  rate: {
    fields: [
      { name: 'grade', label: '评价', kind: 'radio', required: true, options: grades },
      { name: 'solved', label: '是否解决', kind: 'yesno', required: true },
      { name: 'blame', label: '差评原因', kind: 'select', options: blames },
      { name: 'reason', label: '原因', kind: 'area', most: 400, rows: 3 },
      { name: 'comment', label: '补充意见', kind: 'area', most: 1000, rows: 2 },
    ],
  },
  redo: { fields: [{ ...dept('重办单位', false), hint: '不填则由原单位重办' }, reason('核实情况')], question: { title: '确认差评重办', text: '工单将退回重办，期限重新计算，该单位不得退单。', yes: '确认重办' } },
  doubt: { fields: [reason('认定误评的理由')] },
  dismiss: { fields: [reason('复核意见')], question: { title: '确认误评不采纳', text: '该评价保留在案但不计入统计，工单办结。', yes: '确认不采纳' } },
  conclude: { fields: [reason('会商结论', 1000)], question: { title: '确认疑难终结', text: '工单办结，不满意仍计入统计。', yes: '确认终结' } },
  reopen: { fields: [reason('重启原因')] },
  hand_over: {
    fields: [
      { name: 'number', label: '转至', kind: 'words', required: true, words: NUMBERS },
      { name: 'way', label: '方式', kind: 'radio', required: true, options: handoffWays },
      reason('转接理由'),
    ],
  },
  taken: { fields: [text('对方何单位、何人接手', 1000, 3)], question: { title: '确认对方已接手', text: '工单按已移交办结并告知诉求人，今后由对方办理。', yes: '确认接手' } },
};

/** A grade of 1 or 2 needs a cause and words; it goes to 差评核实. */
export const isBadGrade = (grade: unknown): boolean => typeof grade === 'number' && grade <= 2;

/** Rarer actions, behind “更多”. */
export const RARE = new Set([
  'link', 'split', 'merge', 'unmerge', 'withdraw', 'order', 'recall', 'conclude', 'dispute', 'ask_info',
  'refuse', 'hand_over', 'taken', 'assist', 'hand_down', 'ask_extend', 'ask_pause', 'send_back', 'reopen', 'archive', 'answer',
]);
