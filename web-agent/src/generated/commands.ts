// Made from server/commands.def and server/refusals.def by `hotlined commands --typescript`; do not edit.

/** What the desk saw of a ticket when it decided. */
export interface Seen {
  ver: number;
  state: number;
  kind: number;
  urgency: number;
}

/** Parameters of each command; a writing one also carries its request id, which the link adds. */
export interface CommandParameters {
  /** 第一个命令：凭登录 Cookie 入座，返回本人、服务器时间和心跳间隔 */
  'session.hello': {
    build?: string;
  };
  /** 区划、部门、事项目录、一件事清单等参考数据 */
  'reference.all': Record<string, never>;
  /** 订阅变化；带 epoch 和 since 时先补发断线期间的变化 */
  'feed.open': {
    topics: ('dept' | 'mine' | 'callback' | 'all' | 'agents' | 'board')[];
    epoch?: string;
    since?: string;
  };
  /** 示闲、示忙；通话或整理中则在结束后生效 */
  'seat.set': {
    state: 'ready' | 'busy';
    reason?: string;
  };
  /** 全部坐席的实时状态 */
  'seat.list': Record<string, never>;
  /** 接听正在振铃的来电 */
  'call.answer': {
    call: string;
  };
  /** 挂断，进入话后整理 */
  'call.hangup': {
    call: string;
  };
  /** 本人来电的号码，以及该号码的在办与历史工单 */
  'call.caller': {
    call: string;
  };
  /** 某号码的在办与历史工单 */
  'caller.history': {
    phone: string;
  };
  /** 受理登记：立即返回工单编号，随后自动派单 */
  'ticket.submit': {
    kind: number;
    urgency?: number;
    secrecy?: number;
    matter?: string;
    theme?: number;
    theme_no?: number;
    region: string;
    town?: string;
    place?: string;
    title: string;
    body: string;
    phone?: string;
    name?: string;
    id_no?: string;
    call?: string;
  };
  /** 工单全貌和时间线 */
  'ticket.get': {
    id: number;
  };
  /** 按工单编号查找 */
  'ticket.find': {
    number: string;
  };
  /** 工单列表，按键翻页 */
  'ticket.list': {
    view: 'inbox' | 'done' | 'mine' | 'callback' | 'pool' | 'open' | 'overdue' | 'soon';
    dept?: number;
    region?: string;
    state?: number;
    after?: string;
    limit?: number;
  };
  /** 人工派单 */
  'ticket.assign': {
    id: number;
    seen: Seen;
    dept: number;
    reason: string;
  };
  /** 撤回改派（未签收前） */
  'ticket.recall': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 签收 */
  'ticket.sign': {
    id: number;
    seen: Seen;
  };
  /** 阶段反馈 */
  'ticket.progress': {
    id: number;
    seen: Seen;
    text: string;
  };
  /** 办结：答复内容和是否解决 */
  'ticket.finish': {
    id: number;
    seen: Seen;
    text: string;
    solved: boolean;
  };
  /** 告知诉求人 */
  'ticket.notify': {
    id: number;
    seen: Seen;
    way: 'phone' | 'sms' | 'web';
    text: string;
  };
  /** 好差评：3–5 级好评办结；1–2 级差评须写原因，退回原部门重办 */
  'ticket.rate': {
    id: number;
    seen: Seen;
    grade: number;
    solved: boolean;
    reason?: string;
    comment?: string;
  };
  /** 归档 */
  'ticket.archive': {
    id: number;
    seen: Seen;
  };
  /** 查看诉求人姓名和号码；查看本身记入时间线 */
  'ticket.reveal': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 当日看板的全部数字 */
  'board.get': Record<string, never>;
  /** 全部账号 */
  'account.list': Record<string, never>;
  /** 停用或启用账号；停用立即结束其登录 */
  'account.enable': {
    account: number;
    active: boolean;
  };
  /** 解除密码错误造成的锁定 */
  'account.unlock': {
    account: number;
  };
  /** 服务器自述：命令计数、连接、队列、设置 */
  'server.show': Record<string, never>;
}

export type CommandName = keyof CommandParameters;

/** who: roles that may call it, as bits (0 = before login too); write: needs a request id. */
export const commands: Record<CommandName, { who: number; write: boolean; sentence: string }> = {
  'session.hello': { who: 0, write: false, sentence: '第一个命令：凭登录 Cookie 入座，返回本人、服务器时间和心跳间隔' },
  'reference.all': { who: 15, write: false, sentence: '区划、部门、事项目录、一件事清单等参考数据' },
  'feed.open': { who: 15, write: false, sentence: '订阅变化；带 epoch 和 since 时先补发断线期间的变化' },
  'seat.set': { who: 1, write: true, sentence: '示闲、示忙；通话或整理中则在结束后生效' },
  'seat.list': { who: 4, write: false, sentence: '全部坐席的实时状态' },
  'call.answer': { who: 1, write: true, sentence: '接听正在振铃的来电' },
  'call.hangup': { who: 1, write: true, sentence: '挂断，进入话后整理' },
  'call.caller': { who: 1, write: false, sentence: '本人来电的号码，以及该号码的在办与历史工单' },
  'caller.history': { who: 5, write: false, sentence: '某号码的在办与历史工单' },
  'ticket.submit': { who: 1, write: true, sentence: '受理登记：立即返回工单编号，随后自动派单' },
  'ticket.get': { who: 7, write: false, sentence: '工单全貌和时间线' },
  'ticket.find': { who: 7, write: false, sentence: '按工单编号查找' },
  'ticket.list': { who: 7, write: false, sentence: '工单列表，按键翻页' },
  'ticket.assign': { who: 4, write: true, sentence: '人工派单' },
  'ticket.recall': { who: 4, write: true, sentence: '撤回改派（未签收前）' },
  'ticket.sign': { who: 2, write: true, sentence: '签收' },
  'ticket.progress': { who: 2, write: true, sentence: '阶段反馈' },
  'ticket.finish': { who: 2, write: true, sentence: '办结：答复内容和是否解决' },
  'ticket.notify': { who: 1, write: true, sentence: '告知诉求人' },
  'ticket.rate': { who: 1, write: true, sentence: '好差评：3–5 级好评办结；1–2 级差评须写原因，退回原部门重办' },
  'ticket.archive': { who: 4, write: true, sentence: '归档' },
  'ticket.reveal': { who: 7, write: true, sentence: '查看诉求人姓名和号码；查看本身记入时间线' },
  'board.get': { who: 4, write: false, sentence: '当日看板的全部数字' },
  'account.list': { who: 8, write: false, sentence: '全部账号' },
  'account.enable': { who: 8, write: true, sentence: '停用或启用账号；停用立即结束其登录' },
  'account.unlock': { who: 8, write: true, sentence: '解除密码错误造成的锁定' },
  'server.show': { who: 8, write: false, sentence: '服务器自述：命令计数、连接、队列、设置' },
};

/** Error codes by the name that data.name gives. */
export const refusals = {
  parse_error: { code: -32700, retry: false, sentence: '报文不是合法的 JSON' },
  bad_request: { code: -32600, retry: false, sentence: '报文不符合 JSON-RPC 2.0' },
  no_method: { code: -32601, retry: false, sentence: '没有这个命令' },
  bad_params: { code: -32602, retry: false, sentence: '填写有误，请按提示修改' },
  internal: { code: -32603, retry: false, sentence: '系统内部错误，已记录，请联系管理员' },
  not_logged_in: { code: 40101, retry: false, sentence: '登录已失效，请重新登录' },
  not_allowed: { code: 40301, retry: false, sentence: '您的角色不能进行此操作' },
  not_yours: { code: 40302, retry: false, sentence: '该工单不在您的部门或辖区' },
  not_found: { code: 40401, retry: false, sentence: '没有找到' },
  stale: { code: 40901, retry: false, sentence: '工单已有变化，请看最新内容后再操作' },
  illegal_move: { code: 40902, retry: false, sentence: '工单当前状态不能进行此操作' },
  call_gone: { code: 40903, retry: false, sentence: '来电已不在等待您接听' },
  seat_conflict: { code: 40904, retry: false, sentence: '当前坐席状态不能这样切换' },
  rule: { code: 42201, retry: false, sentence: '不符合规定' },
  too_fast: { code: 42901, retry: true, sentence: '操作过于频繁，请稍候' },
  store_away: { code: 50301, retry: true, sentence: '数据库暂时不可用，内容未丢失，请稍后重试' },
  store_lost: { code: 50302, retry: true, sentence: '保存结果未知，正在等待数据库恢复，可安全重试' },
  store_busy: { code: 50303, retry: true, sentence: '系统繁忙，请稍后重试' },
} as const;

export type RefusalName = keyof typeof refusals;
