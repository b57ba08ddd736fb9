// made by routing/generate.c from routing/flow.def and routing/terms.def; do not edit

export interface Term {
  readonly number: number; readonly name: string; readonly term: string
}
export interface FlowState extends Term { readonly stage: string; readonly open: boolean }
export interface FlowAction { readonly name: string; readonly term: string }
export interface FlowEdge {
  readonly action: string; readonly from: number; readonly to: number
  readonly who: number; readonly needs: number; readonly clock: string; readonly round: number
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
] as const satisfies readonly Term[]
export const Channel = {
  phone: 1,
  web: 2,
  app: 3,
  wechat: 4,
  police: 5,
  import: 6,
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
] as const satisfies readonly Term[]
export const Role = {
  agent: 1,
  handler: 2,
  supervisor: 4,
  admin: 8,
  system: 16,
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

/** 工单状态 */
export const states = [
  { number: 0, name: 'none', term: '未受理', stage: '反映', open: false },
  { number: 20, name: 'accepted', term: '已受理', stage: '反映', open: true },
  { number: 30, name: 'to_dispatch', term: '待派单', stage: '分拨', open: true },
  { number: 35, name: 'to_sign', term: '待签收', stage: '分拨', open: true },
  { number: 40, name: 'handling', term: '办理中', stage: '办理', open: true },
  { number: 55, name: 'to_notify', term: '待告知', stage: '告知', open: true },
  { number: 60, name: 'to_rate', term: '待评价', stage: '好差评', open: true },
  { number: 80, name: 'closed', term: '已办结', stage: '好差评', open: false },
  { number: 90, name: 'archived', term: '已归档', stage: '归档', open: false },
] as const satisfies readonly FlowState[]
export const State = {
  none: 0,
  accepted: 20,
  to_dispatch: 30,
  to_sign: 35,
  handling: 40,
  to_notify: 55,
  to_rate: 60,
  closed: 80,
  archived: 90,
} as const
export type StateName = keyof typeof State

/** 动作 */
export const actions = [
  { name: 'submit', term: '受理登记' },
  { name: 'dispatch', term: '自动派单' },
  { name: 'pool', term: '转人工派单' },
  { name: 'assign', term: '人工派单' },
  { name: 'recall', term: '撤回改派' },
  { name: 'sign', term: '签收' },
  { name: 'progress', term: '阶段反馈' },
  { name: 'finish', term: '办结' },
  { name: 'notify', term: '告知' },
  { name: 'rate', term: '好评办结' },
  { name: 'redo', term: '差评重办' },
  { name: 'lapse', term: '逾期未评价' },
  { name: 'archive', term: '归档' },
  { name: 'reveal', term: '查看联系方式' },
] as const satisfies readonly FlowAction[]
export type ActionName = (typeof actions)[number]['name']

/** What a move must carry, as bits of `needs`. */
export const Need = {
  dept: 1,
  reason: 2,
  text: 4,
  grade: 8,
} as const

/** who and needs: bits of Role and Need; from and to: numbers of State. */
export const edges = [
  { action: 'submit', from: 0, to: 20, who: 17, needs: 0, clock: 'dispatch', round: 0 },
  { action: 'dispatch', from: 20, to: 35, who: 16, needs: 1, clock: 'sign', round: 0 },
  { action: 'pool', from: 20, to: 30, who: 16, needs: 2, clock: 'dispatch', round: 0 },
  { action: 'assign', from: 30, to: 35, who: 4, needs: 1, clock: 'sign', round: 0 },
  { action: 'recall', from: 35, to: 30, who: 4, needs: 2, clock: 'dispatch', round: 0 },
  { action: 'sign', from: 35, to: 40, who: 2, needs: 0, clock: 'handle', round: 0 },
  { action: 'progress', from: 40, to: 40, who: 2, needs: 4, clock: 'keep', round: 0 },
  { action: 'finish', from: 40, to: 55, who: 2, needs: 4, clock: 'notify', round: 0 },
  { action: 'notify', from: 55, to: 60, who: 1, needs: 4, clock: 'rate', round: 0 },
  { action: 'rate', from: 60, to: 80, who: 1, needs: 8, clock: 'archive', round: 0 },
  { action: 'redo', from: 60, to: 35, who: 1, needs: 10, clock: 'sign', round: 1 },
  { action: 'lapse', from: 60, to: 80, who: 16, needs: 0, clock: 'archive', round: 0 },
  { action: 'archive', from: 80, to: 90, who: 20, needs: 0, clock: 'stop', round: 0 },
  { action: 'reveal', from: 20, to: 20, who: 7, needs: 2, clock: 'keep', round: 0 },
  { action: 'reveal', from: 30, to: 30, who: 7, needs: 2, clock: 'keep', round: 0 },
  { action: 'reveal', from: 35, to: 35, who: 7, needs: 2, clock: 'keep', round: 0 },
  { action: 'reveal', from: 40, to: 40, who: 7, needs: 2, clock: 'keep', round: 0 },
  { action: 'reveal', from: 55, to: 55, who: 7, needs: 2, clock: 'keep', round: 0 },
  { action: 'reveal', from: 60, to: 60, who: 7, needs: 2, clock: 'keep', round: 0 },
  { action: 'reveal', from: 80, to: 80, who: 7, needs: 2, clock: 'keep', round: 0 },
  { action: 'reveal', from: 90, to: 90, who: 7, needs: 2, clock: 'keep', round: 0 },
] as const satisfies readonly FlowEdge[]
