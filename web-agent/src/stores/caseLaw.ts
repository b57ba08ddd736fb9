// Asks the generated law of the cases (routing/case_flow.def) in the words of the screen.
import { CaseNeed, caseActions, caseEdges, caseStates, workStates } from '@/generated/case_flow';

const caseByNumber = new Map<number, (typeof caseStates)[number]>(caseStates.map((one) => [one.number, one]));
const workByNumber = new Map<number, (typeof workStates)[number]>(workStates.map((one) => [one.number, one]));

export const caseStateTerm = (state: number): string => caseByNumber.get(state)?.term ?? '—';
/** Whether it is the lead's turn. */
export const caseIsLeads = (state: number): boolean => caseByNumber.get(state)?.owner === 'lead';
export const caseIsOpen = (state: number): boolean => caseByNumber.get(state)?.open === true;
export const workTerm = (state: number): string => workByNumber.get(state)?.term ?? '—';
export const workIsOpen = (state: number): boolean => workByNumber.get(state)?.open === true;
export const caseActionTerm = (action: string): string => caseActions[action] ?? action;

export type Level = 'case' | 'matter' | 'task';
export type Field = keyof typeof CaseNeed;

/** What may be done from a state by whoever has these parts (CasePart bits), in the order of the law. */
export function caseOffers(level: Level, state: number, parts: number): string[] {
  const found = caseEdges.filter((one) => one.level === level && one.from === state && (one.who & parts) !== 0);
  return [...new Set(found.map((one) => one.action))];
}

/** The fields that a move must carry. */
export function caseNeeds(level: Level, action: string, state: number): Field[] {
  const edge = caseEdges.find((one) => one.level === level && one.action === action && one.from === state);
  return (Object.keys(CaseNeed) as Field[]).filter((name) => ((edge?.needs ?? 0) & CaseNeed[name]) !== 0);
}
