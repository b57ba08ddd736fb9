// Words of 个人信息删除.

/** By what a person is found, and the field that carries it. */
export const BY = {
  phone: { term: '按手机号', label: '号码', field: 'phone', hint: '此号码的全部工单、办件和来电' },
  id_no: { term: '按证件号', label: '证件号', field: 'id_no', hint: '登记了此证件号的工单和办件' },
  ticket: { term: '按工单', label: '编号', field: 'number', hint: '只删除这一件的联系方式' },
} as const;

/** 个人信息保护法 第四十七条 第一款, by item. */
export const BASES: Record<number, string> = {
  1: '（一）处理目的已实现、无法实现或不再必要',
  2: '（二）停止提供服务或保存期限已届满',
  3: '（三）个人撤回同意',
  4: '（四）违反法律、行政法规或约定处理',
  5: '（五）法律、行政法规规定的其他情形',
};

const TABLES: Record<string, string> = {
  contact: '联系方式', case_contact: '办件申请人', call: '来电', file: '附件', ticket: '工单', ticket_event: '工单记录',
  case_file: '办件', case_event: '办件记录', message: '短信', part: '承办单', supervision: '督办', evaluation: '评价',
  answered: '留存的答复', police_message: '110 报文', police_lookup: '110 查询', open311_request: 'Open311 请求', handoff: '转接',
};

/** "联系方式 2、短信 3": rows by kind. */
export function countsWords(counts: Record<string, number>): string {
  const words = Object.entries(counts).map(([table, rows]) => `${TABLES[table] ?? table} ${rows}`);
  return words.length > 0 ? words.join('、') : '无文字';
}
