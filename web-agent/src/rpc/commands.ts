// The commands of the server with what each gives back; what each takes is generated.
import { commands, type CommandName, type CommandParameters, type Filter } from '@/generated/commands';
import type {
  Account,
  AlertCard,
  Board,
  CallCard,
  CallerHistory,
  Card,
  CaseCard,
  CaseFull,
  FeedOpened,
  HandoffCard,
  Hello,
  Letter,
  OrderCard,
  PartCard,
  PoliceState,
  Reference,
  SeatCard,
  SeatList,
  ServerShow,
  Similar,
  TaskCard,
  TicketFull,
  TicketPage,
  Verdict,
} from './wire';
import type { BulletinFull, BulletinRow, ExportCard, OverdueLine } from './bulletin';
import type { DispatchContent, DispatchRules, Suggestion, Trial, Tried } from './dispatch';

export type { CommandName, Filter };
export type Params<N extends CommandName> = CommandParameters[N];
export type Topic = Params<'feed.open'>['topics'][number];
export type ListQuestion = Omit<Params<'ticket.list'>, 'after' | 'limit'>;
export type Submission = Params<'ticket.submit'>;

/** Contact data in full, as far as it was given. */
export interface Revealed {
  card: Card;
  phone?: string | null;
  name?: string | null;
  id_no?: string | null;
}

type Nothing = Record<string, never>;

/** A new ticket with the 查询码 to read to the caller. */
export type Submitted = Card & { code?: string; danger?: Verdict };

/** One page of a search; until: how far back it has come where the page is short and goes on. */
export interface SearchPage {
  rows: Card[];
  /** By ticket: words of its text around what was looked for. */
  excerpts: Record<string, string>;
  next: string | null;
  until: number | null;
  unread: boolean;
  /** What stands for the caller's number that was asked for. */
  caller?: { phone_index: string; phone_mask: string };
}

/** A saved search. */
export interface View {
  view: number;
  name: string;
  shared: boolean;
  own: boolean;
  owner: string;
  filter: Filter;
  sort: NonNullable<CommandParameters['ticket.search']['sort']>;
  columns: NonNullable<CommandParameters['view.save']['columns']>;
}

export interface Check {
  card: Card;
  drawn: number;
  drawer: string;
  checker: string | null;
  checked: number | null;
  score: number | null;
  text: string | null;
}

export interface Precedent {
  precedent: number;
  matter: string;
  region: string;
  dept: number;
  ticket: number;
  number: string;
  reason: string;
  who: string;
  at: number;
  revoked: number | null;
  revoker: string | null;
  why: string | null;
}

export interface Figure {
  figure: string;
  term: string;
  definition: string;
  unit: 'percent' | 'count' | 'score';
}
/** [of, hit] of each figure. */
export type Cells = Record<string, [number, number] | undefined>;
export interface Report {
  from: string;
  to: string;
  by: string;
  figures: Figure[];
  rows: { key: string; name: string; cells: Cells }[];
  total: Cells;
  calls: { offered: number; answered: number; within15: number; abandoned: number; wait: number; talk: number } | null;
}
export interface ReportTicket {
  card: Card;
  at: number;
  note: string | null;
  hit: boolean;
}

export interface Limit {
  key: string;
  amount: number;
  unit: string;
  note: string;
}
/** Where a system is told what became of its tickets. */
export interface Hook {
  hook: number;
  url: string;
  events: string[];
  active: boolean;
  waiting: number;
  dead: number;
}

/** A system that brings tickets in. */
export interface ChannelKey {
  key: string;
  name: string;
  channel: number;
  scopes: string[];
  per_minute: number;
  per_day: number;
  active: boolean;
  expires: number | null;
  made: number;
  used: number | null;
  today: { asked: number; submitted: number; refused: number } | null;
  hooks: Hook[];
}

export interface Channels {
  keys: ChannelKey[];
  changes: { at: number; who: string; key: string; what: string }[];
}

/** What erasing a person would change. */
export interface ErasurePreview {
  tickets: { id: number; number: string; state: number; title?: string; accepted: number }[];
  cases: { id: number; number: string; state: number; title?: string; accepted: number }[];
  /** Numbers that must end first. */
  open: string[];
  /** Rows by table. */
  counts: Record<string, number>;
}

/** What was erased, and why; nothing of the person. */
export interface ErasureRow {
  erasure: number;
  at: number;
  who: string;
  asked: 'phone' | 'id_no' | 'ticket';
  basis: number;
  document: string;
  reason: string;
  tickets: number;
  cases: number;
  counts: Record<string, number>;
}

/** A telling that was given up. */
export interface DeadLetter {
  delivery: number;
  number: string;
  ver: number;
  kind: string;
  tries: number;
  fault: string | null;
  at: number;
  ended: number;
}

/** How a chooser of matters did; shares from 0 to 1. */
export interface ModelFigures {
  chooser: string;
  accuracy: number;
  macro_f1: number;
  top2: number;
  calibration_error: number;
  straight: number;
}

export interface Model {
  version: number;
  at: number;
  who: string;
  learned_until: number;
  in_force: boolean;
  figures: { learned: number; judged: number; choosers: ModelFigures[] };
}

/** was and now: null for the catalogue's own words. */
export interface Models {
  models: Model[];
  changes: { at: number; who: string; was: number | null; now: number | null; reason: string }[];
  confirmed: number;
}

export interface Limits {
  limits: Limit[];
  matters: { matter: string; name: string; key: string; amount: number; unit: string }[];
  changes: { at: number; who: string; key: string; matter: string | null; was: string | null; now: string | null; reason: string }[];
}
export interface CalendarDay {
  day: string;
  kind: 'holiday' | 'workday';
  name: string;
}
export interface CalendarChange {
  days: number;
  /** part: the 承办单 of the ticket whose deadline it is. */
  moved: {
    what: 'ticket' | 'part' | 'order' | 'case' | 'task';
    id: number;
    number: string;
    was: number;
    due: number;
    part?: number;
    order?: number;
    no?: number;
    dept?: number;
  }[];
}

/** 未诉先办: from and to are days of each year, "10-01". */
export interface SeasonPlan {
  plan: number;
  name: string;
  from: string;
  to: string;
  matter: string | null;
  advice: string;
  active: boolean;
}
/** 敏感词, with what came of it. */
export interface WarningWord {
  word: string;
  severity: number;
  active: boolean;
  alerts: number;
  judged: number;
  real: number;
}
export interface WarningView {
  plans: SeasonPlan[];
  words: WarningWord[];
  precision: { kind: string; judged: number; real: number }[];
  changes: { at: number; who: string; key: 'warning_word' | 'season_plan'; was: string | null; now: string | null; reason: string }[];
  made: number;
}

/** Words that an administrator added; changes: was null when added, now null when taken away, reason the situation. */
export interface PoliceWords {
  rows: { situation: string; word: string; who: string; at: number }[];
  changes: { at: number; who: string; was: string | null; now: string | null; reason: string }[];
  /** level: 1 a matter of the police, 2 danger now. */
  situations: { name: string; term: string; level: number }[];
}

/** What a complaint may be about. */
export interface CaseSuggestion {
  theme: number;
  name: string;
  case?: number;
  number?: string;
  no?: number;
  matter?: string;
  why: string;
}
export interface Suggested {
  suggestions: CaseSuggestion[];
  linked: { case: number | null; number: string | null; theme: number; no: number | null; way: string } | null;
}

export type StuckFigures = Partial<Record<'complaints' | 'returns' | 'late' | 'corrections' | 'refused' | 'bad', number>>;
export interface Stuck {
  themes: {
    theme: number;
    name: string;
    cases: number;
    open: number;
    total: StuckFigures;
    matters: { no: number; name: string; figures: StuckFigures }[];
  }[];
  pairs: { a: number; b: number; times: number }[];
}

export interface ListedMatter {
  no: number;
  name: string;
  deps: number[];
  join: 'all' | 'any' | 'first';
  gathers: boolean;
  days: number | null;
  papers: string[];
  sure: boolean;
  units: { unit: string; dept: number | null; lead: boolean }[] | null;
}
export interface ListedTheme {
  theme: number;
  name: string;
  audience: '企业' | '个人';
  stage: string;
  days: number | null;
  matters: ListedMatter[];
}
export interface ThemeList {
  version: number;
  versions: { version: number; year: number; state: 'draft' | 'in_force' | 'retired'; note: string; who: string; at: number; cases: number }[];
  themes: ListedTheme[];
  open: string[];
  fills: { unit: string; region: string; dept: number }[];
}
export interface ThemeDiff {
  changes: { theme: number; no: number; kind: 'added' | 'removed' | 'changed'; was: string | null; now: string | null }[];
  faults: string[];
}

interface Replies extends Record<CommandName, unknown> {
  'session.hello': Hello;
  'reference.all': Reference;
  'feed.open': FeedOpened;
  'seat.set': SeatCard;
  'seat.list': SeatList;
  'call.answer': CallCard;
  'call.hangup': CallCard;
  'call.caller': CallerHistory;
  'caller.history': CallerHistory;
  'ticket.submit': Submitted;
  'intake.answer': Submitted;
  'intake.refuse': Submitted;
  'intake.merge': Submitted;
  'intake.similar': { rows: Similar[] };
  'ticket.similar': { rows: Similar[] };
  'intake.danger': Verdict;
  'intake.hand_over': Submitted;
  'police.list': { rows: HandoffCard[]; dead: Letter[] };
  'police.state': PoliceState;
  'police.return': HandoffCard;
  'police.rule': HandoffCard;
  'police.again': Nothing;
  'police.words': PoliceWords;
  'police.word': Nothing;
  'part.list': { rows: PartCard[] };
  'order.list': { rows: OrderCard[] };
  'alert.list': { rows: AlertCard[] };
  'alert.close': AlertCard;
  'alert.claim': AlertCard;
  'alert.task': AlertCard;
  'warning.view': WarningView;
  'word.set': Nothing;
  'season.set': { plan: number };
  'season.drop': Nothing;
  'check.draw': { drawn: number };
  'check.list': { rows: Check[] };
  'precedent.list': { rows: Precedent[] };
  'precedent.revoke': Nothing;
  'report.get': Report;
  'report.tickets': { rows: ReportTicket[]; next: string | null; total: number };
  'bulletin.list': { rows: BulletinRow[]; next: string | null; waiting: { begun: string; label: string }[] };
  'bulletin.get': BulletinFull;
  'bulletin.overdue': { rows: OverdueLine[]; next: number | null };
  'bulletin.make': { kind: string; begun: string; region: string; label: string };
  'export.start': ExportCard;
  'export.list': { rows: ExportCard[]; next: number | null };
  'export.cancel': ExportCard;
  'export.drop': ExportCard;
  'intake.suggest': Suggestion;
  'dispatch.candidates': Suggestion;
  'dispatch.rules': DispatchRules;
  'dispatch.version': { version: number; content: DispatchContent; tried: Tried | null };
  'dispatch.draft': { rev: number };
  'dispatch.drop': Nothing;
  'dispatch.try': Trial;
  'dispatch.trial': Trial;
  'dispatch.enforce': { version: number };
  'dispatch.rollback': { version: number };
  'dispatch.absent': Nothing;
  'dispatch.present': Nothing;
  'limit.list': Limits;
  'model.list': Models;
  'model.rollback': Nothing;
  'limit.set': Nothing;
  'limit.clear': Nothing;
  'calendar.list': { year: number; office: string; days: CalendarDay[] };
  'calendar.try': CalendarChange;
  'calendar.set': CalendarChange;
  'ticket.get': TicketFull;
  'ticket.find': Card;
  'ticket.list': TicketPage;
  'ticket.search': SearchPage;
  'ticket.count': { count: number; exact: boolean };
  'ticket.count_all': { count: number; exact: boolean };
  'view.list': { rows: View[] };
  'view.save': { view: number };
  'view.drop': Nothing;
  'ticket.assign': Card;
  'ticket.recall': Card;
  'ticket.sign': Card;
  'ticket.progress': Card;
  'ticket.finish': Card;
  'ticket.notify': Card;
  'ticket.rate': Card;
  'ticket.archive': Card;
  'ticket.reveal': Revealed;
  'case.apply': CaseCard;
  'case.get': CaseFull;
  'case.find': CaseCard;
  'case.list': { rows: CaseCard[]; next: number | null };
  'case.reveal': { phone?: string | null; name?: string | null; id_no?: string | null; card: CaseCard };
  'task.list': { rows: TaskCard[] };
  'case.suggest': Suggested;
  'stuck.get': Stuck;
  'theme.list': ThemeList;
  'theme.diff': ThemeDiff;
  'board.get': Board;
  'erasure.preview': ErasurePreview;
  'erasure.confirm': { erasure: number; counts: Record<string, number> };
  'erasure.list': { rows: ErasureRow[]; more: boolean };
  'channel.list': Channels;
  'channel.create': { key: string; secret: string };
  'channel.rotate': { key: string; secret: string };
  'channel.set': Nothing;
  'webhook.add': { hook: number };
  'webhook.set': Nothing;
  'delivery.list': { rows: DeadLetter[] };
  'delivery.resend': { count: number };
  'account.list': { rows: Account[] };
  'account.enable': Nothing;
  'account.unlock': Nothing;
  'server.show': ServerShow;
}

export type Reply<N extends CommandName> = Replies[N];

/** Whether a command changes something: it carries a request id and is done once however often sent. */
export function isWrite(method: CommandName): boolean {
  return commands[method].write;
}
