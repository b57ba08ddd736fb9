// What a citizen is writing. The story is kept in the browser until it is sent; who they are only
// while the window is open, because the telephone may be lent and the computer shared.
import { reactive, watch } from 'vue';
import type { Accepted, Proof } from './api';

const STORY = 'hotline-draft';
const PERSON = 'hotline-person';
const REQUEST = 'hotline-request';
const ACCEPTED = 'hotline-accepted';
const KEEP_MS = 7 * 24 * 3_600_000;

export const MOST_POINTS = 10;
const REPORT = 4;
const SEALED = 2;

export interface Story {
  kind: number;
  title: string;
  body: string;
  points: string[];
  region: string;
  town: string;
  place: string;
}

export interface Person {
  phone: string;
  name: string;
  secrecy: number | null;
}

export type Draft = Story & Person;

export const STEPS = ['什么事', '在哪里', '怎么联系您', '核对提交'] as const;
const FIELDS: (keyof Draft)[][] = [
  ['kind', 'title', 'body', 'points'],
  ['region', 'town', 'place'],
  ['phone', 'name', 'secrecy'],
];

const story = (): Story => ({ kind: 0, title: '', body: '', points: [], region: '', town: '', place: '' });
const person = (): Person => ({ phone: '', name: '', secrecy: null });

/** As the server has it (parameter type `reach`): a mobile of 11 digits, or a fixed line with its area's code. */
export function isReachable(phone: string): boolean {
  const text = phone.trim().replace(/^(\+|00)86/, '');
  const digits = text.replace(/[\s-]/g, '');
  return /^(1\d{10}|[02-9]\d{6,11})$/.test(digits);
}

function read<T>(store: Storage, key: string): Partial<T> {
  try {
    return (JSON.parse(store.getItem(key) ?? '{}') ?? {}) as Partial<T>;
  } catch {
    return {};
  }
}

/** A browser that refuses to store (private windows, full) must not stop anybody from writing. */
function write(store: Storage, key: string, value: object | null): void {
  try {
    if (value === null) store.removeItem(key);
    else store.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing is kept, then.
  }
}

function pick<T extends object>(from: Partial<T>, like: T): T {
  const taken = Object.entries(like).map(([key, empty]) => {
    const value = from[key as keyof T];
    return [key, Array.isArray(value) === Array.isArray(empty) ? (value ?? empty) : empty];
  });
  return Object.fromEntries(taken) as T;
}

function stored(): Draft {
  const kept = read<Story & { saved: number }>(localStorage, STORY);
  const fresh = Date.now() - (kept.saved ?? 0) < KEEP_MS;
  return { ...pick(fresh ? kept : {}, story()), ...pick(read<Person>(sessionStorage, PERSON), person()) };
}

export const isEmpty = (draft: Draft) =>
  JSON.stringify({ ...draft }) === JSON.stringify({ ...story(), ...person() });

export function useDraft() {
  const draft = reactive(stored());
  watch(
    draft,
    () => {
      const { phone, name, secrecy, ...rest } = draft;
      const empty = isEmpty(draft);
      write(localStorage, STORY, empty ? null : { ...rest, saved: Date.now() });
      write(sessionStorage, PERSON, empty ? null : { phone, name, secrecy });
    },
    { flush: 'sync' },
  );
  const clear = () => Object.assign(draft, story(), person());
  return { draft, clear };
}

/** Who must not be known is the first worry of somebody who reports somebody. */
export const secrecyOf = (draft: Draft) => draft.secrecy ?? (draft.kind === REPORT ? SEALED : 0);

/** What is plainly missing; the server checks everything. */
export function missingOf(draft: Draft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (draft.kind === 0) faults.kind = '请选择类型';
  if (!draft.title.trim()) faults.title = '请用一句话说明是什么事';
  if (!draft.body.trim()) faults.body = '请写明何时、何地、何事和诉求';
  if (!draft.region) faults.region = '请选择发生在哪里';
  if (!draft.phone.trim()) faults.phone = '请填写联系电话，承办单位会与您联系';
  else if (!isReachable(draft.phone)) faults.phone = '请填写能打通的电话：手机 11 位，固定电话请加区号';
  return faults;
}

/** The first step where one of these fields stands; as many steps as there are when none does. */
export function stepOf(faults: Record<string, string>): number {
  const place = FIELDS.findIndex((fields) => fields.some((field) => field in faults));
  return place < 0 ? FIELDS.length : place;
}

export const faultsOn = (step: number, faults: Record<string, string>) =>
  Object.fromEntries(Object.entries(faults).filter(([field]) => FIELDS[step]?.includes(field as keyof Draft)));

/** What is sent: nothing that was not filled in. One point alone is what the title says. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const points = draft.points.map((point) => point.trim()).filter(Boolean);
  const all = { ...draft, secrecy: secrecyOf(draft), points: points.length > 1 ? points : '' };
  const trimmed = Object.entries(all).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== '')) as Record<string, unknown>;
}

/** The id of a submission that has not been answered: after a reload it is sent again as the same. */
export const submission = {
  load: () => read<{ request: string }>(sessionStorage, REQUEST).request ?? '',
  save: (request: string) => write(sessionStorage, REQUEST, request ? { request } : null),
};

/** Number and code just given, until the citizen has them: taking a photo can cost a phone its page. */
export const accepted = {
  load(): Accepted | null {
    const kept = read<Accepted>(sessionStorage, ACCEPTED);
    return kept.number && kept.code ? { number: kept.number, code: kept.code, promised: kept.promised ?? null, ...(kept.danger && { danger: kept.danger }) } : null;
  },
  save: (answer: Accepted | null) => write(sessionStorage, ACCEPTED, answer),
};

/** What was typed or given last, so that it is not typed twice; gone with the page. */
export const proof = reactive<Proof>({ number: '', code: '' });
