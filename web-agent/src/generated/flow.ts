// made by routing/generate.c from routing/flow.def and routing/terms.def; do not edit

export interface Term {
  readonly number: number; readonly name: string; readonly term: string
}
export interface FlowState extends Term {
  readonly stage: string; readonly open: boolean
  readonly owner: 'nobody' | 'desk' | 'unit' | 'either' | 'master'
}
export interface FlowAction { readonly name: string; readonly term: string }
export interface FlowEdge {
  readonly action: string; readonly from: number; readonly to: number
  readonly who: number; readonly needs: number; readonly clock: string; readonly round: number
  readonly loud: boolean
}

/** 诉求类型 */
export const kinds = [
  { number: 1, name: 'consult', term: '咨询' },
  { number: 2, name: 'help', term: '求助' },
  { number: 3, name: 'complaint', term: '投诉' },
  { number: 4, name: 'report', term: '举报' },
  { number: 5, name: 'suggest', term: '建议' },
  { number: 6, name: 'praise', term: '表扬' },
] as const satisfies readonly Term[]
export const Kind = {
  consult: 1,
  help: 2,
  complaint: 3,
  report: 4,
  suggest: 5,
  praise: 6,
} as const
export type KindName = keyof typeof Kind

/** 紧急程度 */
export const urgencies = [
  { number: 0, name: 'normal', term: '普通' },
  { number: 1, name: 'urgent', term: '紧急' },
  { number: 2, name: 'critical', term: '特急' },
] as const satisfies readonly Term[]
export const Urgency = {
  normal: 0,
  urgent: 1,
  critical: 2,
} as const
export type UrgencyName = keyof typeof Urgency

/** 保密程度 */
export const secrecies = [
  { number: 0, name: 'open', term: '公开' },
  { number: 1, name: 'guarded', term: '对承办单位保密' },
  { number: 2, name: 'sealed', term: '举报人保密' },
] as const satisfies readonly Term[]
export const Secrecy = {
  open: 0,
  guarded: 1,
  sealed: 2,
} as const
export type SecrecyName = keyof typeof Secrecy

/** 来源渠道 */
export const channels = [
  { number: 1, name: 'phone', term: '电话' },
  { number: 2, name: 'web', term: '网站' },
  { number: 3, name: 'app', term: 'APP' },
  { number: 4, name: 'wechat', term: '微信' },
  { number: 5, name: 'police', term: '110转入' },
  { number: 6, name: 'import', term: '批量导入' },
  { number: 7, name: 'warning', term: '预警单' },
  { number: 11, name: 'platform', term: '政务服务平台' },
  { number: 12, name: 'mailbox', term: '领导信箱' },
  { number: 13, name: 'window', term: '服务窗口' },
  { number: 14, name: 'elsewhere', term: '外地12345' },
  { number: 15, name: 'open311', term: 'Open311' },
  { number: 20, name: 'stuck', term: '办不成事' },
  { number: 21, name: 'rating', term: '好差评' },
] as const satisfies readonly Term[]
export const Channel = {
  phone: 1,
  web: 2,
  app: 3,
  wechat: 4,
  police: 5,
  import: 6,
  warning: 7,
  platform: 11,
  mailbox: 12,
  window: 13,
  elsewhere: 14,
  open311: 15,
  stuck: 20,
  rating: 21,
} as const
export type ChannelName = keyof typeof Channel

/** 评价等级 */
export const grades = [
  { number: 1, name: 'very_bad', term: '非常不满意' },
  { number: 2, name: 'bad', term: '不满意' },
  { number: 3, name: 'fair', term: '基本满意' },
  { number: 4, name: 'good', term: '满意' },
  { number: 5, name: 'very_good', term: '非常满意' },
] as const satisfies readonly Term[]
export const Grade = {
  very_bad: 1,
  bad: 2,
  fair: 3,
  good: 4,
  very_good: 5,
} as const
export type GradeName = keyof typeof Grade

/** 角色 */
export const roles = [
  { number: 1, name: 'agent', term: '话务员' },
  { number: 2, name: 'handler', term: '承办人员' },
  { number: 4, name: 'supervisor', term: '督办员' },
  { number: 8, name: 'admin', term: '系统管理员' },
  { number: 16, name: 'system', term: '系统' },
  { number: 32, name: 'citizen', term: '诉求人' },
] as const satisfies readonly Term[]
export const Role = {
  agent: 1,
  handler: 2,
  supervisor: 4,
  admin: 8,
  system: 16,
  citizen: 32,
} as const
export type RoleName = keyof typeof Role

/** 坐席状态 */
export const seats = [
  { number: 0, name: 'offline', term: '离线' },
  { number: 1, name: 'busy', term: '示忙' },
  { number: 2, name: 'ready', term: '示闲' },
  { number: 3, name: 'ringing', term: '振铃' },
  { number: 4, name: 'talking', term: '通话' },
  { number: 5, name: 'wrapup', term: '话后整理' },
] as const satisfies readonly Term[]
export const Seat = {
  offline: 0,
  busy: 1,
  ready: 2,
  ringing: 3,
  talking: 4,
  wrapup: 5,
} as const
export type SeatName = keyof typeof Seat

/** 承办单种类 */
export const partKinds = [
  { number: 1, name: 'assist', term: '协办' },
  { number: 2, name: 'child', term: '二次分派' },
] as const satisfies readonly Term[]
export const PartKind = {
  assist: 1,
  child: 2,
} as const
export type PartKindName = keyof typeof PartKind

/** 承办单状态 */
export const partStates = [
  { number: 10, name: 'to_sign', term: '待签收' },
  { number: 20, name: 'handling', term: '办理中' },
  { number: 40, name: 'replied', term: '已反馈' },
  { number: 60, name: 'returned', term: '已退回' },
  { number: 70, name: 'recalled', term: '已撤回' },
] as const satisfies readonly Term[]
export const PartState = {
  to_sign: 10,
  handling: 20,
  replied: 40,
  returned: 60,
  recalled: 70,
} as const
export type PartStateName = keyof typeof PartState

/** 不予受理依据 */
export const causes = [
  { number: 2, name: 'court', term: '应通过诉讼、仲裁途径解决' },
  { number: 3, name: 'discipline', term: '属于纪检监察机关受理范围' },
  { number: 4, name: 'review', term: '应通过行政复议途径解决' },
  { number: 5, name: 'disclosure', term: '应通过政府信息公开申请渠道办理' },
  { number: 6, name: 'petition', term: '已进入信访程序' },
  { number: 7, name: 'secret', term: '涉及国家秘密、工作秘密或商业秘密' },
  { number: 8, name: 'privacy', term: '涉及个人隐私或他人信息' },
  { number: 9, name: 'unlawful', term: '内容违法或违背公序良俗' },
  { number: 10, name: 'party', term: '属于党委、人大、政协、法院、检察院、军队职责' },
  { number: 11, name: 'elsewhere', term: '不属于本行政区域，请向当地12345反映' },
  { number: 12, name: 'finished', term: '已依法办结且无新的事实和理由' },
  { number: 13, name: 'under_way', term: '有权单位正在办理，尚未作出结论' },
  { number: 14, name: 'unclear', term: '内容不明且拒绝补充' },
  { number: 15, name: 'malicious', term: '恶意骚扰' },
] as const satisfies readonly Term[]
export const Cause = {
  court: 2,
  discipline: 3,
  review: 4,
  disclosure: 5,
  petition: 6,
  secret: 7,
  privacy: 8,
  unlawful: 9,
  party: 10,
  elsewhere: 11,
  finished: 12,
  under_way: 13,
  unclear: 14,
  malicious: 15,
} as const
export type CauseName = keyof typeof Cause

/** 差评原因 */
export const blames = [
  { number: 1, name: 'unsolved', term: '诉求未解决' },
  { number: 2, name: 'late', term: '办理超时' },
  { number: 3, name: 'attitude', term: '服务态度差' },
  { number: 4, name: 'shirked', term: '推诿扯皮' },
  { number: 5, name: 'off', term: '答非所问' },
  { number: 6, name: 'untrue', term: '虚假办结' },
  { number: 7, name: 'policy', term: '对政策规定不满' },
  { number: 8, name: 'other', term: '其他' },
] as const satisfies readonly Term[]
export const Blame = {
  unsolved: 1,
  late: 2,
  attitude: 3,
  shirked: 4,
  off: 5,
  untrue: 6,
  policy: 7,
  other: 8,
} as const
export type BlameName = keyof typeof Blame

/** 挂起原因 */
export const pauseCauses = [
  { number: 1, name: 'season', term: '季节或天气原因不能施工' },
  { number: 2, name: 'legal', term: '进入法定程序，以法定期限为准' },
  { number: 3, name: 'citizen', term: '等待诉求人提供材料或配合' },
  { number: 4, name: 'approval', term: '等待上级或其他单位批复' },
  { number: 5, name: 'works', term: '工程改造周期较长' },
  { number: 6, name: 'other', term: '其他客观原因' },
] as const satisfies readonly Term[]
export const PauseCause = {
  season: 1,
  legal: 2,
  citizen: 3,
  approval: 4,
  works: 5,
  other: 6,
} as const
export type PauseCauseName = keyof typeof PauseCause

/** 督办级别 */
export const orderLevels = [
  { number: 1, name: 'plain', term: '一般督办' },
  { number: 2, name: 'key', term: '重点督办' },
  { number: 3, name: 'raised', term: '提级督办' },
] as const satisfies readonly Term[]
export const OrderLevel = {
  plain: 1,
  key: 2,
  raised: 3,
} as const
export type OrderLevelName = keyof typeof OrderLevel

/** 承办问题 */
export const faults = [
  { number: 1, name: 'late_sign', term: '超时签收' },
  { number: 2, name: 'late_finish', term: '超时办结' },
  { number: 3, name: 'bad_return', term: '退单被驳回' },
  { number: 4, name: 'bad_reply', term: '办结审核退回' },
  { number: 5, name: 'bad_rating', term: '差评属实' },
  { number: 6, name: 'bad_quality', term: '质检不合格' },
  { number: 7, name: 'late_order', term: '督办逾期未回复' },
] as const satisfies readonly Term[]
export const Fault = {
  late_sign: 1,
  late_finish: 2,
  bad_return: 3,
  bad_reply: 4,
  bad_rating: 5,
  bad_quality: 6,
  late_order: 7,
} as const
export type FaultName = keyof typeof Fault

/** 是否属实 */
export const facts = [
  { number: 1, name: 'yes', term: '属实' },
  { number: 2, name: 'partly', term: '部分属实' },
  { number: 3, name: 'no', term: '不属实' },
  { number: 4, name: 'unknown', term: '无法核实' },
] as const satisfies readonly Term[]
export const Fact = {
  yes: 1,
  partly: 2,
  no: 3,
  unknown: 4,
} as const
export type FactName = keyof typeof Fact

/** 黄红牌 */
export const alarms = [
  { number: 0, name: 'none', term: '正常' },
  { number: 1, name: 'yellow', term: '黄牌' },
  { number: 2, name: 'red', term: '红牌' },
  { number: 3, name: 'urged', term: '逾期催办' },
  { number: 4, name: 'order', term: '逾期督办' },
  { number: 5, name: 'report', term: '逾期通报' },
] as const satisfies readonly Term[]
export const Alarm = {
  none: 0,
  yellow: 1,
  red: 2,
  urged: 3,
  order: 4,
  report: 5,
} as const
export type AlarmName = keyof typeof Alarm

/** 转接方式 */
export const handoffWays = [
  { number: 1, name: 'key', term: '一键转接' },
  { number: 2, name: 'three', term: '三方通话' },
  { number: 3, name: 'blind', term: '盲转' },
  { number: 4, name: 'ticket', term: '工单流转' },
] as const satisfies readonly Term[]
export const HandoffWay = {
  key: 1,
  three: 2,
  blind: 3,
  ticket: 4,
} as const
export type HandoffWayName = keyof typeof HandoffWay

/** 转接状态 */
export const handoffStates = [
  { number: 10, name: 'sent', term: '已发起' },
  { number: 20, name: 'arrived', term: '已送达，待接收' },
  { number: 30, name: 'taken', term: '已接收' },
  { number: 40, name: 'refused', term: '已退回' },
  { number: 50, name: 'to_rule', term: '待裁定' },
  { number: 60, name: 'kept', term: '裁定由热线办理' },
  { number: 70, name: 'recalled', term: '已撤回' },
  { number: 80, name: 'ended', term: '已反馈结果' },
] as const satisfies readonly Term[]
export const HandoffState = {
  sent: 10,
  arrived: 20,
  taken: 30,
  refused: 40,
  to_rule: 50,
  kept: 60,
  recalled: 70,
  ended: 80,
} as const
export type HandoffStateName = keyof typeof HandoffState

/** 退回原因 */
export const handoffCauses = [
  { number: 1, name: 'not_ours', term: '不属于本方职责' },
  { number: 2, name: 'elsewhere', term: '不属于本辖区' },
  { number: 3, name: 'danger', term: '属紧急警情，应由110处置' },
  { number: 4, name: 'unclear', term: '内容不清，无法办理' },
  { number: 5, name: 'again', term: '重复推送' },
] as const satisfies readonly Term[]
export const HandoffCause = {
  not_ours: 1,
  elsewhere: 2,
  danger: 3,
  unclear: 4,
  again: 5,
} as const
export type HandoffCauseName = keyof typeof HandoffCause

/** 工单状态 */
export const states = [
  { number: 0, name: 'none', term: '未受理', stage: '反映', open: false, owner: 'nobody' },
  { number: 15, name: 'need_info', term: '待补充', stage: '反映', open: true, owner: 'desk' },
  { number: 20, name: 'accepted', term: '已受理', stage: '反映', open: true, owner: 'desk' },
  { number: 29, name: 'merged', term: '已并单', stage: '反映', open: true, owner: 'master' },
  { number: 30, name: 'to_dispatch', term: '待派单', stage: '分拨', open: true, owner: 'desk' },
  { number: 35, name: 'to_sign', term: '待签收', stage: '分拨', open: true, owner: 'unit' },
  { number: 38, name: 'return_audit', term: '退单审核', stage: '分拨', open: true, owner: 'unit' },
  { number: 39, name: 'arbitration', term: '职责争议裁定', stage: '分拨', open: true, owner: 'unit' },
  { number: 40, name: 'handling', term: '办理中', stage: '办理', open: true, owner: 'unit' },
  { number: 45, name: 'paused', term: '挂起', stage: '办理', open: true, owner: 'unit' },
  { number: 50, name: 'close_audit', term: '办结审核', stage: '监督', open: true, owner: 'unit' },
  { number: 55, name: 'to_notify', term: '待告知', stage: '告知', open: true, owner: 'unit' },
  { number: 60, name: 'to_rate', term: '待评价', stage: '好差评', open: true, owner: 'either' },
  { number: 65, name: 'bad_verify', term: '差评核实', stage: '好差评', open: true, owner: 'either' },
  { number: 80, name: 'closed', term: '已办结', stage: '好差评', open: false, owner: 'nobody' },
  { number: 82, name: 'refused', term: '不予受理', stage: '反映', open: false, owner: 'nobody' },
  { number: 85, name: 'cancelled', term: '已撤销', stage: '反映', open: false, owner: 'nobody' },
  { number: 90, name: 'archived', term: '已归档', stage: '归档', open: false, owner: 'nobody' },
] as const satisfies readonly FlowState[]
export const State = {
  none: 0,
  need_info: 15,
  accepted: 20,
  merged: 29,
  to_dispatch: 30,
  to_sign: 35,
  return_audit: 38,
  arbitration: 39,
  handling: 40,
  paused: 45,
  close_audit: 50,
  to_notify: 55,
  to_rate: 60,
  bad_verify: 65,
  closed: 80,
  refused: 82,
  cancelled: 85,
  archived: 90,
} as const
export type StateName = keyof typeof State

/** 动作 */
export const actions = [
  { name: 'submit', term: '受理登记' },
  { name: 'forewarn', term: '预警交办' },
  { name: 'answer', term: '直接解答' },
  { name: 'refuse', term: '不予受理' },
  { name: 'merge', term: '并单' },
  { name: 'ask_info', term: '要求补充' },
  { name: 'supply', term: '补充完成' },
  { name: 'expire', term: '逾期未补充' },
  { name: 'withdraw', term: '诉求人撤回' },
  { name: 'dispatch', term: '自动派单' },
  { name: 'pool', term: '转人工派单' },
  { name: 'assign', term: '人工派单' },
  { name: 'recall', term: '撤回改派' },
  { name: 'unmerge', term: '拆单' },
  { name: 'follow', term: '随主单告知' },
  { name: 'sign', term: '签收' },
  { name: 'send_back', term: '申请退单' },
  { name: 'accept_return', term: '同意退单' },
  { name: 'reject_return', term: '驳回退单' },
  { name: 'dispute', term: '提请裁定' },
  { name: 'rule', term: '裁定指派' },
  { name: 'rule_out', term: '裁定不属政府职责' },
  { name: 'extend', term: '同意延期' },
  { name: 'pause', term: '同意挂起' },
  { name: 'resume', term: '恢复办理' },
  { name: 'finish', term: '提交办结' },
  { name: 'pass', term: '审核通过' },
  { name: 'reject', term: '审核退回' },
  { name: 'settle', term: '预警办结' },
  { name: 'notify', term: '告知' },
  { name: 'rate', term: '好评办结' },
  { name: 'complain', term: '差评' },
  { name: 'lapse', term: '未评价办结' },
  { name: 'redo', term: '差评重办' },
  { name: 'dismiss', term: '误评不采纳' },
  { name: 'conclude', term: '疑难终结' },
  { name: 'reopen', term: '重启' },
  { name: 'archive', term: '归档' },
  { name: 'reveal', term: '查看联系方式' },
  { name: 'attach', term: '上传附件' },
  { name: 'link', term: '关联工单' },
  { name: 'split', term: '拆分' },
  { name: 'supplement', term: '补充信息' },
  { name: 'urge', term: '催办' },
  { name: 'contact', term: '联系诉求人' },
  { name: 'progress', term: '阶段反馈' },
  { name: 'assist', term: '邀请协办' },
  { name: 'hand_down', term: '二次分派' },
  { name: 'part_sign', term: '承办单签收' },
  { name: 'part_reply', term: '承办单反馈' },
  { name: 'part_return', term: '承办单退回' },
  { name: 'part_recall', term: '承办单撤回' },
  { name: 'ask_extend', term: '申请延期' },
  { name: 'deny_extend', term: '不同意延期' },
  { name: 'ask_pause', term: '申请挂起' },
  { name: 'deny_pause', term: '不同意挂起' },
  { name: 'order', term: '督办' },
  { name: 'order_reply', term: '督办回复' },
  { name: 'order_close', term: '督办销号' },
  { name: 'miss', term: '回访未接通' },
  { name: 'doubt', term: '提请误评认定' },
  { name: 'check', term: '质检' },
  { name: 'alarm', term: '黄红牌' },
  { name: 'reckon', term: '期限重算' },
  { name: 'hand_over', term: '转110等' },
  { name: 'taken', term: '对方已接手' },
  { name: 'heard', term: '对方平台来函' },
  { name: 'erase', term: '依法删除个人信息' },
] as const satisfies readonly FlowAction[]
export type ActionName = (typeof actions)[number]['name']

/** What a move must carry, as bits of `needs`. */
export const Need = {
  dept: 1,
  reason: 2,
  text: 4,
  grade: 8,
  basis: 16,
  cause: 32,
  other: 64,
  days: 128,
  until: 256,
  part: 512,
  order: 1024,
} as const

/** who and needs: bits of Role and Need; from and to: numbers of State. */
export const edges = [
  { action: 'submit', from: 0, to: 20, who: 53, needs: 0, clock: 'dispatch', round: 0, loud: true },
  { action: 'forewarn', from: 0, to: 35, who: 4, needs: 5, clock: 'sign', round: 0, loud: true },
  { action: 'answer', from: 0, to: 60, who: 1, needs: 4, clock: 'rate', round: 0, loud: true },
  { action: 'refuse', from: 0, to: 82, who: 1, needs: 36, clock: 'archive', round: 0, loud: true },
  { action: 'merge', from: 0, to: 29, who: 1, needs: 64, clock: 'handle', round: 0, loud: true },
  { action: 'supply', from: 15, to: 20, who: 33, needs: 4, clock: 'dispatch', round: 0, loud: true },
  { action: 'expire', from: 15, to: 85, who: 16, needs: 0, clock: 'archive', round: 0, loud: true },
  { action: 'withdraw', from: 15, to: 85, who: 33, needs: 2, clock: 'archive', round: 0, loud: true },
  { action: 'withdraw', from: 20, to: 85, who: 33, needs: 2, clock: 'archive', round: 0, loud: true },
  { action: 'withdraw', from: 29, to: 85, who: 33, needs: 2, clock: 'archive', round: 0, loud: true },
  { action: 'unmerge', from: 29, to: 30, who: 20, needs: 2, clock: 'dispatch', round: 0, loud: true },
  { action: 'follow', from: 29, to: 60, who: 16, needs: 0, clock: 'rate', round: 0, loud: true },
  { action: 'dispatch', from: 20, to: 35, who: 16, needs: 1, clock: 'sign', round: 0, loud: true },
  { action: 'pool', from: 20, to: 30, who: 16, needs: 2, clock: 'dispatch', round: 0, loud: true },
  { action: 'assign', from: 30, to: 35, who: 4, needs: 1, clock: 'sign', round: 0, loud: true },
  { action: 'answer', from: 30, to: 60, who: 5, needs: 4, clock: 'rate', round: 0, loud: true },
  { action: 'refuse', from: 30, to: 82, who: 4, needs: 36, clock: 'archive', round: 0, loud: true },
  { action: 'ask_info', from: 30, to: 15, who: 5, needs: 4, clock: 'need_info', round: 0, loud: true },
  { action: 'merge', from: 30, to: 29, who: 5, needs: 64, clock: 'handle', round: 0, loud: true },
  { action: 'taken', from: 30, to: 60, who: 21, needs: 4, clock: 'rate', round: 0, loud: true },
  { action: 'dispute', from: 30, to: 39, who: 4, needs: 3, clock: 'arbitrate', round: 0, loud: true },
  { action: 'withdraw', from: 30, to: 85, who: 33, needs: 2, clock: 'archive', round: 0, loud: true },
  { action: 'sign', from: 35, to: 40, who: 2, needs: 0, clock: 'handle', round: 0, loud: true },
  { action: 'recall', from: 35, to: 30, who: 4, needs: 2, clock: 'dispatch', round: 0, loud: true },
  { action: 'merge', from: 35, to: 29, who: 4, needs: 64, clock: 'handle', round: 0, loud: true },
  { action: 'send_back', from: 35, to: 38, who: 2, needs: 18, clock: 'return_audit', round: 0, loud: true },
  { action: 'withdraw', from: 35, to: 60, who: 33, needs: 2, clock: 'rate', round: 0, loud: true },
  { action: 'accept_return', from: 38, to: 30, who: 4, needs: 2, clock: 'dispatch', round: 0, loud: true },
  { action: 'reject_return', from: 38, to: 35, who: 4, needs: 2, clock: 'sign', round: 0, loud: true },
  { action: 'dispute', from: 38, to: 39, who: 20, needs: 2, clock: 'arbitrate', round: 0, loud: true },
  { action: 'withdraw', from: 38, to: 60, who: 33, needs: 2, clock: 'rate', round: 0, loud: true },
  { action: 'rule', from: 39, to: 35, who: 4, needs: 3, clock: 'sign', round: 0, loud: true },
  { action: 'rule_out', from: 39, to: 82, who: 4, needs: 36, clock: 'archive', round: 0, loud: true },
  { action: 'withdraw', from: 39, to: 60, who: 33, needs: 2, clock: 'rate', round: 0, loud: true },
  { action: 'send_back', from: 40, to: 38, who: 2, needs: 18, clock: 'return_audit', round: 0, loud: true },
  { action: 'recall', from: 40, to: 30, who: 4, needs: 2, clock: 'dispatch', round: 0, loud: true },
  { action: 'extend', from: 40, to: 40, who: 4, needs: 0, clock: 'extended', round: 0, loud: true },
  { action: 'pause', from: 40, to: 45, who: 4, needs: 0, clock: 'until', round: 0, loud: true },
  { action: 'withdraw', from: 40, to: 60, who: 33, needs: 2, clock: 'rate', round: 0, loud: true },
  { action: 'finish', from: 40, to: 50, who: 2, needs: 4, clock: 'close_audit', round: 0, loud: true },
  { action: 'resume', from: 45, to: 40, who: 22, needs: 2, clock: 'resumed', round: 0, loud: true },
  { action: 'withdraw', from: 45, to: 60, who: 33, needs: 2, clock: 'rate', round: 0, loud: true },
  { action: 'pass', from: 50, to: 55, who: 4, needs: 0, clock: 'notify', round: 0, loud: true },
  { action: 'reject', from: 50, to: 40, who: 4, needs: 2, clock: 'resumed', round: 0, loud: true },
  { action: 'notify', from: 55, to: 60, who: 7, needs: 4, clock: 'rate', round: 0, loud: true },
  { action: 'settle', from: 50, to: 80, who: 4, needs: 0, clock: 'archive', round: 0, loud: true },
  { action: 'rate', from: 60, to: 80, who: 33, needs: 8, clock: 'archive', round: 0, loud: true },
  { action: 'complain', from: 60, to: 65, who: 33, needs: 10, clock: 'bad_verify', round: 0, loud: true },
  { action: 'lapse', from: 60, to: 80, who: 16, needs: 0, clock: 'archive', round: 0, loud: true },
  { action: 'redo', from: 65, to: 35, who: 4, needs: 2, clock: 'sign', round: 1, loud: true },
  { action: 'dismiss', from: 65, to: 80, who: 4, needs: 2, clock: 'archive', round: 0, loud: true },
  { action: 'conclude', from: 65, to: 80, who: 4, needs: 2, clock: 'archive', round: 0, loud: true },
  { action: 'reopen', from: 80, to: 30, who: 4, needs: 2, clock: 'dispatch', round: 1, loud: true },
  { action: 'reopen', from: 82, to: 30, who: 4, needs: 2, clock: 'dispatch', round: 1, loud: true },
  { action: 'archive', from: 80, to: 90, who: 20, needs: 0, clock: 'stop', round: 0, loud: true },
  { action: 'archive', from: 82, to: 90, who: 20, needs: 0, clock: 'stop', round: 0, loud: true },
  { action: 'archive', from: 85, to: 90, who: 20, needs: 0, clock: 'stop', round: 0, loud: true },
  { action: 'reveal', from: 15, to: 15, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 20, to: 20, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 29, to: 29, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 30, to: 30, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 35, to: 35, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 38, to: 38, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 39, to: 39, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 40, to: 40, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 45, to: 45, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 50, to: 50, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 55, to: 55, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 60, to: 60, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 65, to: 65, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 80, to: 80, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 82, to: 82, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 85, to: 85, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reveal', from: 90, to: 90, who: 7, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 15, to: 15, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 20, to: 20, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 29, to: 29, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 30, to: 30, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 35, to: 35, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 38, to: 38, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 39, to: 39, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 40, to: 40, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 45, to: 45, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 50, to: 50, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 55, to: 55, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 60, to: 60, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'attach', from: 65, to: 65, who: 39, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 15, to: 15, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 20, to: 20, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 29, to: 29, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 30, to: 30, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 35, to: 35, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 38, to: 38, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 39, to: 39, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 40, to: 40, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 45, to: 45, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 50, to: 50, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 55, to: 55, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 60, to: 60, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 65, to: 65, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 80, to: 80, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 82, to: 82, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 85, to: 85, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'link', from: 90, to: 90, who: 21, needs: 64, clock: 'keep', round: 0, loud: false },
  { action: 'split', from: 30, to: 30, who: 5, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 20, to: 20, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 29, to: 29, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 30, to: 30, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 35, to: 35, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 38, to: 38, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 39, to: 39, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 40, to: 40, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 45, to: 45, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 50, to: 50, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'supplement', from: 55, to: 55, who: 33, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'urge', from: 29, to: 29, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'urge', from: 30, to: 30, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'urge', from: 35, to: 35, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'urge', from: 38, to: 38, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'urge', from: 39, to: 39, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'urge', from: 40, to: 40, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'urge', from: 45, to: 45, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'urge', from: 50, to: 50, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'urge', from: 55, to: 55, who: 37, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'contact', from: 35, to: 35, who: 3, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'contact', from: 38, to: 38, who: 3, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'contact', from: 39, to: 39, who: 3, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'contact', from: 40, to: 40, who: 3, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'contact', from: 45, to: 45, who: 3, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'contact', from: 50, to: 50, who: 3, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'contact', from: 55, to: 55, who: 3, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'progress', from: 39, to: 39, who: 2, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'progress', from: 40, to: 40, who: 2, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'progress', from: 45, to: 45, who: 2, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'assist', from: 35, to: 35, who: 6, needs: 1, clock: 'keep', round: 0, loud: false },
  { action: 'assist', from: 38, to: 38, who: 6, needs: 1, clock: 'keep', round: 0, loud: false },
  { action: 'assist', from: 39, to: 39, who: 6, needs: 1, clock: 'keep', round: 0, loud: false },
  { action: 'assist', from: 40, to: 40, who: 6, needs: 1, clock: 'keep', round: 0, loud: false },
  { action: 'hand_down', from: 40, to: 40, who: 2, needs: 1, clock: 'keep', round: 0, loud: false },
  { action: 'part_sign', from: 35, to: 35, who: 2, needs: 512, clock: 'keep', round: 0, loud: false },
  { action: 'part_sign', from: 38, to: 38, who: 2, needs: 512, clock: 'keep', round: 0, loud: false },
  { action: 'part_sign', from: 39, to: 39, who: 2, needs: 512, clock: 'keep', round: 0, loud: false },
  { action: 'part_sign', from: 40, to: 40, who: 2, needs: 512, clock: 'keep', round: 0, loud: false },
  { action: 'part_sign', from: 45, to: 45, who: 2, needs: 512, clock: 'keep', round: 0, loud: false },
  { action: 'part_reply', from: 35, to: 35, who: 2, needs: 516, clock: 'keep', round: 0, loud: false },
  { action: 'part_reply', from: 38, to: 38, who: 2, needs: 516, clock: 'keep', round: 0, loud: false },
  { action: 'part_reply', from: 39, to: 39, who: 2, needs: 516, clock: 'keep', round: 0, loud: false },
  { action: 'part_reply', from: 40, to: 40, who: 2, needs: 516, clock: 'keep', round: 0, loud: false },
  { action: 'part_reply', from: 45, to: 45, who: 2, needs: 516, clock: 'keep', round: 0, loud: false },
  { action: 'part_return', from: 35, to: 35, who: 2, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_return', from: 38, to: 38, who: 2, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_return', from: 39, to: 39, who: 2, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_return', from: 40, to: 40, who: 2, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_return', from: 45, to: 45, who: 2, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_recall', from: 35, to: 35, who: 6, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_recall', from: 38, to: 38, who: 6, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_recall', from: 39, to: 39, who: 6, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_recall', from: 40, to: 40, who: 6, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'part_recall', from: 45, to: 45, who: 6, needs: 514, clock: 'keep', round: 0, loud: false },
  { action: 'ask_extend', from: 40, to: 40, who: 2, needs: 130, clock: 'keep', round: 0, loud: false },
  { action: 'deny_extend', from: 40, to: 40, who: 4, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'ask_pause', from: 40, to: 40, who: 2, needs: 258, clock: 'keep', round: 0, loud: false },
  { action: 'deny_pause', from: 40, to: 40, who: 4, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 35, to: 35, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 38, to: 38, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 39, to: 39, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 40, to: 40, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 45, to: 45, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 50, to: 50, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 55, to: 55, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 60, to: 60, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order', from: 65, to: 65, who: 20, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 35, to: 35, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 38, to: 38, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 39, to: 39, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 40, to: 40, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 45, to: 45, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 50, to: 50, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 55, to: 55, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 60, to: 60, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 65, to: 65, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 80, to: 80, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 82, to: 82, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 85, to: 85, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_reply', from: 90, to: 90, who: 2, needs: 1028, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 35, to: 35, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 38, to: 38, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 39, to: 39, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 40, to: 40, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 45, to: 45, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 50, to: 50, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 55, to: 55, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 60, to: 60, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 65, to: 65, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 80, to: 80, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 82, to: 82, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 85, to: 85, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'order_close', from: 90, to: 90, who: 4, needs: 1026, clock: 'keep', round: 0, loud: false },
  { action: 'miss', from: 60, to: 60, who: 1, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'doubt', from: 65, to: 65, who: 4, needs: 2, clock: 'keep', round: 0, loud: true },
  { action: 'check', from: 80, to: 80, who: 4, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'check', from: 82, to: 82, who: 4, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'check', from: 85, to: 85, who: 4, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'check', from: 90, to: 90, who: 4, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 15, to: 15, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 20, to: 20, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 29, to: 29, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 30, to: 30, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 35, to: 35, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 38, to: 38, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 39, to: 39, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 40, to: 40, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 45, to: 45, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 50, to: 50, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 55, to: 55, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 60, to: 60, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'alarm', from: 65, to: 65, who: 16, needs: 0, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 15, to: 15, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 20, to: 20, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 29, to: 29, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 30, to: 30, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 35, to: 35, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 38, to: 38, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 39, to: 39, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 40, to: 40, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 45, to: 45, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 50, to: 50, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 55, to: 55, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 60, to: 60, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'reckon', from: 65, to: 65, who: 16, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'hand_over', from: 30, to: 30, who: 5, needs: 2, clock: 'keep', round: 0, loud: false },
  { action: 'heard', from: 15, to: 15, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 20, to: 20, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 29, to: 29, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 30, to: 30, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 35, to: 35, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 38, to: 38, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 39, to: 39, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 40, to: 40, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 45, to: 45, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 50, to: 50, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 55, to: 55, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 60, to: 60, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 65, to: 65, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 80, to: 80, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 82, to: 82, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 85, to: 85, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'heard', from: 90, to: 90, who: 16, needs: 4, clock: 'keep', round: 0, loud: true },
  { action: 'erase', from: 15, to: 15, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 20, to: 20, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 29, to: 29, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 30, to: 30, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 35, to: 35, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 38, to: 38, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 39, to: 39, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 40, to: 40, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 45, to: 45, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 50, to: 50, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 55, to: 55, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 60, to: 60, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 65, to: 65, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 80, to: 80, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 82, to: 82, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 85, to: 85, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
  { action: 'erase', from: 90, to: 90, who: 16, needs: 4, clock: 'keep', round: 0, loud: false },
] as const satisfies readonly FlowEdge[]
