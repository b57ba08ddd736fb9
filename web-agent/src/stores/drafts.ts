// What an agent has typed and not yet submitted, kept in IndexedDB by call, so that a reload, a
// crash or a lost connection costs nothing.
import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval';

export interface Draft {
  /** The call it belongs to; "" when taken down without one. */
  call: string;
  phone: string;
  name: string;
  region: string;
  town: string;
  place: string;
  matter: string;
  theme: number | null;
  themeNo: number | null;
  /** Came over the window for what could not be got done (办不成事). */
  stuck: boolean;
  kind: number | null;
  urgency: number;
  secrecy: number;
  title: string;
  body: string;
  /** 诉求点, one a line; empty: the title is the only one. */
  points: string;
  /** What is to become of it: dispatched, answered at the desk, refused, or merged into another. */
  how: 'submit' | 'answer' | 'refuse' | 'merge';
  /** The answer, or why it is refused. */
  answer: string;
  cause: number | null;
  /** The master it is merged into. */
  other: number | null;
  /** The ticket that this one takes up again (再次反映). */
  prev: number | null;
  /** What 承办单位建议 showed last: kept with the ticket, so that history can learn from it. */
  offered: { matter: string; dept: number | null; sure: number } | null;
  /** Fields the agent has chosen: no proposal overwrites them. */
  touched: string[];
  /** Tickets that looked the same and are not. */
  unlike: number[];
  /** Request id under which this was sent and is not yet answered. */
  request: string;
  saved: number;
}

const KEEP_MS = 24 * 3600 * 1000;
// What was typed last when the page went away, for this tab alone.
const PARKED = 'hotline-parked';

let opened: UseStore | null = null;
let queue: Promise<unknown> = Promise.resolve();

function store(): UseStore {
  return (opened ??= createStore('hotline', 'drafts'));
}

function keyOf(account: number, call: string): string {
  return `${account}:${call}`;
}

/** One write after the other: a removal must not be overtaken by an older save. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = queue.then(work);
  queue = done.catch(() => undefined);
  return done;
}

export function draftNew(call: string): Draft {
  return {
    call,
    phone: '',
    name: '',
    region: '',
    town: '',
    place: '',
    matter: '',
    theme: null,
    themeNo: null,
    stuck: false,
    kind: null,
    urgency: 0,
    secrecy: 0,
    title: '',
    body: '',
    points: '',
    how: 'submit',
    answer: '',
    cause: null,
    other: null,
    prev: null,
    offered: null,
    touched: [],
    unlike: [],
    request: '',
    saved: 0,
  };
}

export function draftIsEmpty(draft: Draft): boolean {
  return !draft.name && !draft.region && !draft.place && !draft.matter && !draft.title && !draft.body;
}

function copyOf(draft: Draft): Draft {
  const offered = draft.offered ? { ...draft.offered } : null;
  return { ...draft, offered, touched: [...draft.touched], unlike: [...draft.unlike], saved: Date.now() };
}

interface Parked {
  key: string;
  draft: Draft;
}

function parked(): Parked | null {
  try {
    return JSON.parse(sessionStorage.getItem(PARKED) ?? 'null') as Parked | null;
  } catch {
    return null;
  }
}

/** While the page goes away: IndexedDB rolls back what a reload interrupts, this is written at once. */
export function draftPark(account: number, draft: Draft): void {
  try {
    sessionStorage.setItem(PARKED, JSON.stringify({ key: keyOf(account, draft.call), draft: copyOf(draft) }));
  } catch {
    // The browser stores nothing: then the last half second of typing is not kept.
  }
}

/** What has been written since, or is gone, is not brought back. */
function unpark(key: string): void {
  if (parked()?.key === key) sessionStorage.removeItem(PARKED);
}

/** Before anything is read: what was parked belongs to the drafts, unless they are newer. */
async function takeParked(): Promise<void> {
  const found = parked();
  if (!found) return;
  const before = await get<Draft>(found.key, store());
  if (draftIsEmpty(found.draft)) await del(found.key, store());
  else if (!before || before.saved < found.draft.saved) await set(found.key, found.draft, store());
  unpark(found.key);
}

export function draftSave(account: number, draft: Draft): Promise<void> {
  const copy = copyOf(draft);
  const key = keyOf(account, draft.call);
  return inTurn(async () => {
    await set(key, copy, store());
    unpark(key);
  });
}

export function draftRemove(account: number, call: string): Promise<void> {
  const key = keyOf(account, call);
  return inTurn(async () => {
    await del(key, store());
    unpark(key);
  });
}

export function draftFind(account: number, call: string): Promise<Draft | undefined> {
  return inTurn(async () => {
    await takeParked();
    return get<Draft>(keyOf(account, call), store());
  });
}

/** All drafts of this account, newest first; those older than a day are thrown away. */
export async function draftList(account: number): Promise<Draft[]> {
  const all = await inTurn(async () => {
    await takeParked();
    return entries<string, Draft>(store());
  });
  const found: Draft[] = [];
  for (const [key, draft] of all) {
    if (Date.now() - draft.saved > KEEP_MS) await inTurn(() => del(key, store()));
    else if (key === keyOf(account, draft.call)) found.push(draft);
  }
  return found.sort((a, b) => b.saved - a.saved);
}
