// 快速分派 on the wire: what a decision says, and the house's rules as a document (docs/DISPATCH.md).

export interface Candidate {
  matter: string | null;
  dept: number | null;
  /** Per cent. */
  sure: number;
  why: string;
}

/** Who would have to deal with it, and why. */
export interface Suggestion {
  version: number;
  model: number;
  band: 'straight' | 'suggest' | 'pool';
  sure: number;
  matter: string | null;
  dept: number | null;
  rule: number;
  level: number;
  outside_hours: boolean;
  /** 协办 that get a 承办单 at once; those that a person may add. */
  cos: number[];
  proposed: number[];
  reasons: string[];
  candidates: Candidate[];
}

export interface DispatchRule {
  id: number;
  name: string;
  any: string;
  all: string;
  none: string;
  place: string;
  matter: string;
  group: string;
  kind: number;
  region: string;
  town: string;
  months: number[];
  set_matter: string;
  unit: number;
  duty: string;
  pool: boolean;
  cos: number[];
  basis: string;
  note: string;
}
export interface DispatchFallback {
  region: string;
  duty: string;
  to: 'government' | 'superior' | 'unit';
  unit: number;
  note: string;
}
export interface DispatchDesk {
  unit: number;
  most: number;
  phone: string;
  note: string;
}
export interface DispatchContent {
  straight: number;
  suggest: number;
  practice_least: number;
  practice_share: number;
  balance: boolean;
  rules: DispatchRule[];
  fallbacks: DispatchFallback[];
  desks: DispatchDesk[];
}

export interface Tried {
  from: number;
  to: number;
  tickets: number;
  /** Of how many it is known who handled them. */
  known: number;
  moves: number;
  straight_now: number;
  straight_draft: number;
  right_now: number;
  right_draft: number;
  against: number;
  moved?: { id: number; number: string; title: string; was: number | null; dept: number | null; handled: number | null; why: string }[];
}
export interface DispatchVersion {
  version: number;
  at: number;
  who: string;
  reason: string;
  base: number | null;
  tried: Tried | null;
}
export interface Absence {
  absence: number;
  dept: number;
  stand_in: number;
  from: number;
  to: number;
  reason: string;
  who: string;
  at: number;
  ended: number | null;
  ender: string | null;
  why: string | null;
}
export interface DispatchDraft {
  rev: number;
  base: number;
  content: DispatchContent;
  at: number;
  who: string;
  tried: Tried | null;
  tried_rev: number | null;
  tried_at: number | null;
  needs_trial: boolean;
}
export interface DispatchRules {
  mayEdit: boolean;
  version: number;
  content: DispatchContent;
  versions: DispatchVersion[];
  draft: DispatchDraft | null;
  absences: Absence[];
}
export interface Trial {
  running: boolean;
  rev?: number;
  done?: number;
  tickets?: number;
}
