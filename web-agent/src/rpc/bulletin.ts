// 日报、周报、月报 and exports as the server tells them (sql/functions/bulletin_make.sql, export.sql).
import type { Cells, Figure } from './commands';

export type BulletinKind = 'day' | 'week' | 'month';

export interface BulletinRow {
  bulletin: number;
  kind: BulletinKind;
  begun: string;
  label: string;
  region: string;
  version: number;
  made: number;
  who: string;
  reason: string | null;
  /** The period was over when it was made. */
  whole: boolean;
  accepted?: number;
}

/** null: nothing to compare with. */
export interface Compared {
  now: number;
  prev: number | null;
  year: number | null;
}

export type Named = Compared & { key: string; name: string };

type Cell = [number, number] | null;
export type BulletinFigure = Figure & { now: Cell; prev: Cell; year: Cell };

export interface BulletinCalls {
  offered: number;
  answered: number;
  within15: number;
  abandoned: number;
}

export interface BulletinCells {
  key: string;
  name: string;
  cells: Cells;
  tier: string | null;
  overdue: number;
}

export interface OverdueLine {
  id: number;
  number: string;
  title: string;
  matter: string;
  region: string;
  dept: number;
  unit: string;
  state: string;
  accepted: number;
  due: number;
  days: number;
}

interface Neighbour {
  begun: string | null;
  label: string | null;
  known: boolean;
}

export interface Bulletin {
  format: 1;
  kind: BulletinKind;
  begun: string;
  label: string;
  region: string;
  place: string;
  title: string;
  made: number;
  until: number;
  whole: boolean;
  compare: { prev: Neighbour; year: Neighbour };
  figures: BulletinFigure[];
  terms: { key: string; term: string; definition: string }[];
  weights: [number, number, number];
  calls: { now: BulletinCalls | null; prev: BulletinCalls | null; year: BulletinCalls | null };
  volume: { accepted: Compared; kind: Named[]; channel: Named[] };
  matters: (Named & { share: number })[];
  rising: { key: string; name: string; now: number; prev: number }[];
  regions: BulletinCells[];
  units: BulletinCells[];
  overdue: { count: number; units: number; days: number | null };
  notes: { key: string; term: string; text: string; parts: [string, number][] }[];
  summary: string[];
}

export interface BulletinFull {
  bulletin: BulletinRow;
  document: Bulletin;
  versions: BulletinRow[];
}

export type ExportState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'dropped' | 'expired';

export interface ExportCard {
  export: number;
  who: string;
  format: 'csv' | 'xlsx';
  /** The filter in words. */
  words: [string, string][];
  state: ExportState;
  asked: number;
  begun: number | null;
  ended: number | null;
  expires: number | null;
  done: number;
  /** Rows in all; null: not yet counted. */
  total: number | null;
  exact: boolean | null;
  size: number | null;
  sha256: string | null;
  fault: string | null;
  /** Exports before it, while it waits. */
  ahead: number | null;
  fetched: number;
}
