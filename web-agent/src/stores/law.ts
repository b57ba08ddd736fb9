// Asks the generated law (routing/flow.def) in the words of the screen: terms, and who may do what.
import {
  actions,
  alarms,
  blames,
  causes,
  channels,
  edges,
  facts,
  faults,
  handoffCauses,
  handoffStates,
  handoffWays,
  grades,
  kinds,
  orderLevels,
  partKinds,
  partStates,
  pauseCauses,
  roles,
  seats,
  secrecies,
  states,
  urgencies,
  type ActionName,
  type FlowEdge,
  type FlowState,
  type Term,
} from '@/generated/flow';

function terms(list: readonly Term[]): (number: number | null | undefined) => string {
  const byNumber = new Map(list.map((one) => [one.number, one.term]));
  return (number) => byNumber.get(number ?? -1) ?? '—';
}

export const kindTerm = terms(kinds);
export const urgencyTerm = terms(urgencies);
export const secrecyTerm = terms(secrecies);
export const channelTerm = terms(channels);
export const gradeTerm = terms(grades);
export const roleTerm = terms(roles);
export const seatTerm = terms(seats);
export const stateTerm = terms(states);
export const alarmTerm = terms(alarms);
export const blameTerm = terms(blames);
export const causeTerm = terms(causes);
export const factTerm = terms(facts);
export const faultTerm = terms(faults);
export const handoffTerm = terms(handoffStates);
export const handoffWayTerm = terms(handoffWays);
export const handoffCauseTerm = terms(handoffCauses);
export const orderTerm = terms(orderLevels);
export const partTerm = terms(partKinds);
export const partStateTerm = terms(partStates);
export const pauseTerm = terms(pauseCauses);

const stateByNumber = new Map<number, FlowState>(states.map((one) => [one.number, one]));
const actionTerms = new Map<string, string>(actions.map((one) => [one.name, one.term]));

export function stateIsOpen(state: number): boolean {
  return stateByNumber.get(state)?.open === true;
}

export function stateStage(state: number): string {
  return stateByNumber.get(state)?.stage ?? '';
}

export function actionTerm(action: string): string {
  return actionTerms.get(action) ?? action;
}

/** The edges that somebody with this role may take from this state, in the law's order. */
export function edgesFor(state: number, role: number): FlowEdge[] {
  return edges.filter((edge) => edge.from === state && (edge.who & role) !== 0);
}

export function mayTake(action: ActionName, state: number, role: number): boolean {
  return edgesFor(state, role).some((edge) => edge.action === action);
}
