// Tickets as the tests need them: what a caller says, and the walk along the closed loop.

// Every test's callers have numbers that begin so, and this name: they can be looked for.
export const CALLER_PHONE = '1384567';
export const CALLER_NAME = '诸葛明月';

let lastCaller = 0;

/** A number that no other test has used. */
export function newPhone() {
  return CALLER_PHONE + String(++lastCaller).padStart(4, '0');
}

// 加格达奇区, where two people handle what the housing bureau must do.
export const REGION = '232761';
export const HOUSING = 2402;
export const HEATING = 2430;

/** A complaint that goes straight to the housing bureau of 加格达奇区. */
export function pothole(more = {}) {
  return {
    kind: 3,
    region: REGION,
    matter: '0305',
    place: '朝阳路与胜利路交口',
    title: '路口井盖缺失',
    body: '朝阳路与胜利路交口东北角的井盖缺失三天，夜间行人容易踩空，请尽快修复。',
    phone: newPhone(),
    name: CALLER_NAME,
    ...more,
  };
}

/** A complaint about cold rooms, for the heating company of 加格达奇区. */
export function coldRoom(more = {}) {
  return pothole({
    matter: '0101',
    place: '育才小区3号楼',
    title: '室内温度不达标',
    body: '家里暖气不热，室内只有十四度，老人孩子都感冒了，要求供热公司上门测温。',
    ...more,
  });
}

/** Who makes which step from 待签收 on, until the ticket is in the wanted state. */
const STEPS = {
  30: ['supervisor', 'assign', { dept: HOUSING, reason: '属住建职责' }],
  35: ['handler', 'sign', {}],
  40: ['handler', 'finish', { text: '已安排维修班组更换井盖，现场恢复完毕。', solved: true }],
  50: ['supervisor', 'pass', {}],
  55: ['agent', 'notify', { way: 'phone', text: '已电话告知办理结果。' }],
  60: ['agent', 'rate', { grade: 5, solved: true }],
  80: ['supervisor', 'archive', {}],
};

/** Take a ticket down and wait until it has been dispatched; the card at the department. */
export async function submitted(agent, ticket = pothole()) {
  const card = await agent.do('ticket.submit', ticket);
  return agent.card(card.id, (b) => b.state === 35 || b.state === 30);
}

/** The unit has spoken to the citizen, without which nothing is closed. */
export const contacted = (handler, card) => handler.move('contact', card, { result: 'reached', text: '已电话联系诉求人' });

/** Move a dispatched ticket on, until it is in the state. desks: {agent, handler, supervisor}. */
export async function walked(desks, card, state) {
  let now = card;
  while (now.state !== state) {
    const step = STEPS[now.state];
    if (now.state === 40) now = await contacted(desks.handler, now);
    if (!step) throw new Error(`no way from ${now.state} to ${state}`);
    now = await desks[step[0]].move(step[1], now, step[2]);
  }
  return now;
}

/** A new ticket in this state. */
export async function ticketIn(state, desks, ticket) {
  if (state === 30) {
    const there = await submitted(desks.agent, ticket);
    return desks.supervisor.move('recall', there, { reason: '派单有误，转人工' });
  }
  return walked(desks, await submitted(desks.agent, ticket), state);
}
