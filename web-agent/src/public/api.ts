// The citizen's REST (docs/PUBLIC.md).
import type { Verdict } from './danger';

const ASK_MS = 30_000;
const UPLOAD_MS = 180_000;

/** What opens a ticket. */
export interface Proof {
  number: string;
  code: string;
}
export interface Term {
  number: number;
  term: string;
}
export interface Reference {
  regions: { region: string; name: string; towns: { town: string; name: string }[] }[];
  kinds: Term[];
  secrecies: Term[];
  grades: Term[];
  blames: Term[];
}
export interface Accepted extends Proof {
  promised: number | null;
  danger?: Verdict;
}
/** A “一件事” case as its applicant may see it. */
export interface CaseView {
  number: string;
  name: string;
  state: number;
  state_term: string;
  applied: number;
  promised: number | null;
  closed: number | null;
  lead: string;
  outcome: 'passed' | 'partly' | 'stopped' | null;
  result: string | null;
  grade: number | null;
  missing: string[];
  needs: { matter: string | null; unit: string; text: string }[];
  promises: { matter: string; text: string; due: number; late: boolean }[];
  matters: { name: string; state: number; state_term: string; units: string[] }[];
  timeline: { at: number; term: string; text?: string }[];
}
export interface View {
  number: string;
  title: string;
  kind: number;
  state: number;
  state_term: string;
  accepted: number;
  promised: number | null;
  closed: number | null;
  dept: string | null;
  reply: string | null;
  points?: string[] | null;
  answers?: string[] | null;
  round: number;
  grade: number | null;
  needs: string | null;
  files: number;
  timeline: { at: number; term: string; text?: string }[];
  can: Record<'supplement' | 'urge' | 'withdraw' | 'rate' | 'supply' | 'attach', boolean>;
  link?: { round: number; open: boolean; sentence?: string };
}

/** The server said no, or could not be reached; fields: what is wrong with which. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly fields: Record<string, string> = {},
    readonly again = false,
  ) {
    super(message);
  }
}

interface Failure {
  error?: { message?: string; fields?: Record<string, string> };
}

async function taken<T>(reply: Response): Promise<T> {
  const body = (await reply.json().catch(() => ({}))) as T & Failure;
  if (reply.ok) return body;
  throw new Refused(body.error?.message ?? `服务器没有正常回答（${reply.status}），请稍后再试`, body.error?.fields, reply.status >= 500);
}

/** A phone that has lost its line would wait for ever. */
async function reached(path: string, wait: number, init: RequestInit = {}): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), wait);
  try {
    return await fetch(`/api/public/${path}`, { ...init, signal: abort.signal });
  } catch {
    throw new Refused('网络不通，内容没有丢失，请检查网络后重试；急事请拨打 12345', {}, true);
  } finally {
    clearTimeout(timer);
  }
}

export async function ask<T>(path: string, body: object): Promise<T> {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  return taken<T>(await reached(path, ASK_MS, init));
}

export async function reference(): Promise<Reference> {
  return taken<Reference>(await reached('reference', ASK_MS));
}

export async function attach(proof: Proof, file: File, request: string): Promise<void> {
  const query = new URLSearchParams({ number: proof.number, code: proof.code, name: file.name, request });
  await taken(await reached(`files?${query.toString()}`, UPLOAD_MS, { method: 'POST', body: file }));
}
