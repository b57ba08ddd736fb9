// What travels between the desk and the server: the shapes of cards, replies and feed events.

/** A ticket as lists, replies and the feed carry it. Times are epoch milliseconds. */
export interface Card {
  id: number;
  number: string;
  ver: number;
  state: number;
  round: number;
  kind: number;
  urgency: number;
  secrecy: number;
  channel: number;
  matter: string | null;
  theme: number | null;
  theme_no: number | null;
  region: string;
  town: string | null;
  place: string;
  title: string;
  dept: number | null;
  /** Name of who signed. */
  handler: string | null;
  /** Account of who took it down. */
  agent: number;
  accepted: number;
  promised: number | null;
  due: number | null;
  warn: number | null;
  dispatched: number | null;
  closed: number | null;
  changed: number;
  /** Why this department, or why again. */
  why: string | null;
  grade: number | null;
  /** What waits for the hotline's decision. */
  asked: 'extend' | 'pause' | null;
  /** 黄牌, 红牌 …: Alarm of the generated law. */
  alarm: number;
  urged: number;
  /** 督办 not yet closed. */
  orders: number;
  /** The ticket it was merged into. */
  master: number | null;
  /** Tickets merged into it. */
  joined: number;
  returns: number;
  /** Days on which the callback found nobody. */
  missed: number;
  /** 承办单 of others not yet answered. */
  parts: number;
  /** The limit behind due: "handle_help:3wd+5wd". */
  rule: string | null;
  /** The action that ended it. */
  ended: string | null;
}

/** 疑似重复: a ticket that may be the same, with the reason; nothing of its caller. */
export interface Similar {
  id: number;
  number: string;
  title: string;
  state: number;
  dept: number | null;
  accepted: number;
  /** Percent. */
  score: number;
  why: string;
  /** The same caller. */
  caller: boolean;
  /** Another house or another place. */
  elsewhere: boolean;
  /** Closed lately: taken up again rather than merged. */
  again: boolean;
  /** The open ticket to merge into: itself or its own master. */
  into: number | null;
  into_number: string | null;
}

/** 承办单: work given to a co-handler or a unit further down. */
export interface PartCard {
  part: number;
  ticket: number;
  kind: number;
  state: number;
  dept: number;
  sender: number;
  round: number;
  task: string;
  sent: number;
  due: number;
  warn: number;
  signer: string | null;
  signed: number | null;
  reply: string | null;
  ended: number | null;
  reason: string | null;
  ticket_card?: Card;
}

/** 督办件 */
export interface OrderCard {
  order: number;
  number: string;
  ticket: number;
  level: number;
  dept: number | null;
  region: string;
  text: string;
  who: string;
  at: number;
  due: number;
  warn: number;
  late: boolean;
  reply: string | null;
  replier: string | null;
  replied: number | null;
  closed: number | null;
  closer: string | null;
  verdict: string | null;
  ticket_card?: Card;
}

/** 预警 */
export interface AlertCard {
  alert: number;
  kind: 'fault' | 'overdue' | 'incident' | 'surge' | 'keyword' | 'theme' | 'season' | 'police';
  dept: number | null;
  region: string;
  fault: number | null;
  /** How often it has happened; `tickets` are the newest twenty. */
  times: number;
  tickets: { id: number; number: string; title: string; state: number }[];
  text: string;
  at: number;
  closed: number | null;
  closer: string | null;
  verdict: string | null;
  severity: number;
  matter: string | null;
  town: string | null;
  /** Petitions in it, and how many of them came after it was raised. */
  size: number;
  folded: number;
  raised: number | null;
  last: number | null;
  evidence: Evidence | null;
  claimer: string | null;
  claimed: number | null;
  /** 预警单 */
  task: number | null;
  task_number: string | null;
  /** Verdict: whether it was right to raise it. */
  real: boolean | null;
}

/** What an alert stands on; each kind has its own. */
export interface Evidence {
  callers?: number;
  words?: string;
  alike?: number;
  cohesion?: number;
  began?: number;
  windows?: { window: 'hour' | 'day' | 'week'; count: number; callers: number; usual: number; rare: number }[];
  last_year?: number;
  from?: string;
  to?: string;
}

export interface TaskWarning {
  alert: number;
  kind: AlertCard['kind'];
  text: string;
  at: number;
  size: number;
  folded: number;
  evidence: Evidence | null;
  tickets: { id: number; number: string; title: string; at: number }[];
}

/** What the rules say of a text: 0 nothing, 1 a matter of the police, 2 danger now. */
export interface Verdict {
  level: 0 | 1 | 2;
  situation?: string;
  term?: string;
  numbers?: string[];
  words?: string[];
}

/** 转接: a matter between 12345 and 110 or another number. */
export interface HandoffCard {
  handoff: number;
  /** 1 from us, 2 to us. */
  dir: 1 | 2;
  ticket: number;
  number: string;
  title: string;
  region: string;
  ticket_state: number;
  peer: string;
  way: number;
  state: number;
  reason: string;
  situation: string | null;
  words: string[] | null;
  who: string;
  account: number;
  police_no: string | null;
  at: number;
  answered: number | null;
  due: number | null;
  late: boolean;
  owner: 1 | 2 | null;
  ended: number | null;
  cause: number | null;
  result: string | null;
  returns: number;
  ruled: boolean;
  waiting: number;
  dead: number;
}

/** A message that could not be delivered. */
export interface Letter {
  message: number;
  kind: string;
  handoff: number | null;
  ticket: number | null;
  number: string | null;
  title: string | null;
  at: number;
  tries: number;
  fault: string | null;
}

export interface PoliceState {
  platform: boolean;
  door: boolean;
  heard: number | null;
  acked: number | null;
  beat: number | null;
  failed: number | null;
  fault: string | null;
  waiting: number;
  dead: number;
  sent_today: number;
  acked_today: number;
  taken_today: number;
}

export interface Attachment {
  file: number;
  name: string;
  type: string;
  size: number;
  sha256: string;
  at: number;
  who: string;
  dept: number | null;
}

export interface LinkedTicket {
  id: number;
  number: string;
  title: string;
  state: number;
  kind: 'merged' | 'split' | 'again' | 'related';
  at: number;
}

export interface TicketEvent {
  seq: number;
  action: string;
  from: number;
  to: number;
  account: number;
  at: number;
  who: string;
  role: number;
  dept: number | null;
  due: number | null;
  round: number;
  note: string | null;
  detail: Record<string, unknown> | null;
}

export interface Evaluation {
  round: number;
  grade: number;
  solved: boolean | null;
  blame: number | null;
  reason: string | null;
  comment: string | null;
  way: string;
  /** False: judged untrue by two persons, kept and left out of the rates. */
  counted: boolean;
  at: number;
  who: string;
}

export interface TicketFull extends Omit<Card, 'parts'> {
  /** In full here; the card has their number. */
  parts: PartCard[];
  body: string;
  reply: string | null;
  phone_mask: string;
  name_mask: string;
  id_mask: string;
  agent_name: string;
  events: TicketEvent[];
  evaluations: Evaluation[];
  /** 诉求点 and what was answered to each. */
  points: string[] | null;
  answers: string[] | null;
  asked_detail: { days?: number; until?: string; cause?: number; reason?: string; at?: number } | null;
  contacted: number | null;
  contact_by: number | null;
  return_by: number | null;
  no_return: boolean;
  held_due: number | null;
  supervisions: OrderCard[];
  files: Attachment[];
  links: LinkedTicket[];
  messages: { kind: string; round: number; at: number; sent: number | null; fault: string | null }[];
  check: { drawn: number; checked: number | null; score: number | null; text: string | null; checker: string | null } | null;
  /** Of a 预警单: the alert behind it. */
  warning: TaskWarning | null;
  handoffs: HandoffCard[];
  /** 查询码, for the desks of the hotline. */
  code?: string;
}

export interface TicketPage {
  rows: Card[];
  next: string | null;
  /** Counted for the first page only. */
  total: number | null;
}

export interface CallerHistory {
  phone?: string;
  open: Card[];
  past: Card[];
}

export type CallState = 'waiting' | 'ringing' | 'answering' | 'talking' | 'ended';

export interface CallCard {
  call: string;
  state: CallState;
  caller_mask: string;
  called: string;
  agent: number | null;
  offers: number;
  rang: number;
  offered: number | null;
  answered: number | null;
  ended: number | null;
  ended_by: string | null;
}

export interface SeatCard {
  account: number;
  name: string;
  login: string;
  extension: string | null;
  state: number;
  since: number;
  reason: string;
  call: string | null;
  next: number | null;
  until: number | null;
}

export interface SeatList {
  rows: SeatCard[];
  waiting: number;
  longest: number | null;
}

export interface Hello {
  account: number;
  login: string;
  name: string;
  role: number;
  role_term: string;
  dept: number | null;
  dept_name: string | null;
  region: string;
  now: number;
  epoch: string;
  pos: string;
  heartbeat: number;
  seat: SeatCard | null;
  call: CallCard | null;
}

export interface Region {
  region: string;
  name: string;
  kind: string;
  parent: string | null;
  py: string;
}

export interface Department {
  dept: number;
  name: string;
  short: string;
  region: string;
  kind: string;
  py: string;
  duties: string[];
}

export interface Matter {
  matter: string;
  name: string;
  grp: string;
  words: string;
  duty: string;
  level: number;
  urgency: number;
  note: string;
  py: string;
}

/** “一件事” 办件 as lists and the feed carry it. */
export interface CaseCard {
  id: number;
  number: string;
  ver: number;
  state: number;
  theme: number;
  name: string;
  audience: string;
  version: number;
  lead: number;
  region: string;
  town: string | null;
  received_region: string;
  received_dept: number | null;
  applied: number;
  promised: number | null;
  due: number | null;
  warn: number | null;
  late: boolean;
  outcome: 'passed' | 'partly' | 'stopped' | null;
  grade: number | null;
  changed: number;
  closed: number | null;
  name_mask: string;
  matters: { all: number; settled: number; failed: number; returned: number };
  late_tasks: number;
  promises: { open: number; late: number };
}

/** One department's share of a matter. */
export interface TaskCard {
  id: number;
  no: number;
  dept: number;
  unit: string;
  state: number;
  due: number | null;
  warn: number | null;
  late: boolean;
  changed: number;
  handler: string | null;
  matter: string;
  number: string;
  ver: number;
  case_state: number;
  theme: number;
  name: string;
  lead: number;
  region: string;
}

export interface CasePromise {
  promise: number;
  text: string;
  dept: number;
  who: string;
  at: number;
  due: number;
  warn: number;
  state: 'open' | 'kept' | 'forfeit' | 'void';
  late: boolean;
  note: string | null;
}

export type CaseTask = Pick<TaskCard, 'id' | 'no' | 'dept' | 'unit' | 'state' | 'due' | 'warn' | 'late' | 'handler'> & { result: string | null };

export interface CaseMatter {
  no: number;
  name: string;
  state: number;
  deps: number[];
  join: 'all' | 'any' | 'first';
  gathers: boolean;
  papers: string[] | null;
  tasks: CaseTask[];
  promises: CasePromise[];
}

export interface CaseEventRow {
  seq: number;
  level: 'case' | 'matter' | 'task';
  action: string;
  from: number;
  to: number;
  no: number | null;
  dept: number | null;
  at: number;
  who: string;
  due: number | null;
  note: string | null;
  detail: Record<string, unknown> | null;
}

export interface CaseFull extends CaseCard {
  /** What this desk is to the case: bits of CasePart. */
  parts: number;
  /** 查询码, for the window and the lead: what the applicant follows the case with. */
  code?: string;
  phone_mask: string;
  id_mask: string;
  remark: string;
  helper_name: string | null;
  helper_unit: string | null;
  helper_right: string | null;
  papers: string[];
  missing: string[];
  asked: number;
  result: string | null;
  grade_no: number | null;
  grade_reason: string | null;
  receiver: string;
  chain: CaseMatter[];
  complaints: { id: number; number: string; title: string; state: number; no: number | null; way: string }[];
  events: CaseEventRow[];
}

export interface ThemeMatter {
  no: number;
  name: string;
  papers: string[];
  units: { unit: string; dept: number | null; lead: boolean }[];
}

export interface Theme {
  theme: number;
  name: string;
  audience: string;
  stage: string;
  py: string;
  matters: ThemeMatter[];
}

export interface Reference {
  version: number | string;
  regions: Region[];
  departments: Department[];
  matters: Matter[];
  duties: { duty: string; name: string }[];
  themes: Theme[];
}

export interface DepartmentFigures {
  dept: number;
  name: string;
  open: number;
  sign: number;
  handling: number;
  overdue: number;
  soon: number;
  queue: number;
  /** Since when the oldest waits to be signed for. */
  oldest: number | null;
}

export interface RegionFigures {
  region: string;
  name: string;
  open: number;
  overdue: number;
  soon: number;
  today: number;
}

export interface Board {
  at: number;
  region: string;
  states: { state: number; count: number }[];
  open: number;
  overdue: number;
  soon: number;
  accepted_today: number;
  closed_today: number;
  departments: DepartmentFigures[];
  regions: RegionFigures[];
  dispatch: { count: number; p50: number | null; p99: number | null; max: number | null };
  ratings: { grades: number[]; rate: number | null };
  calls: { today: number; answered: number; waiting: number; longest: number | null; within15: number };
  agents: {
    offline: number;
    busy: number;
    ready: number;
    ringing: number;
    talking: number;
    wrapup: number;
  };
}

export interface Account {
  account: number;
  login: string;
  name: string;
  role: number;
  dept: number | null;
  dept_name: string | null;
  region: string;
  active: boolean;
  tries: number;
  locked_until: number;
}

export interface ServerShow {
  version: string;
  instance: string;
  now: number;
  links: number;
  under_way: number;
  feed_lag: number;
  redis: boolean;
  memory: number;
  cpu_ms: number;
  epoch: string;
  commands: { name: string; sentence: string; calls: number; refused: number; mean_us: number }[];
  store: {
    lane: string;
    up: boolean;
    pending: number;
    calls: number;
    syncs: number;
    failures: number;
    reconnects: number;
  }[];
  /** One setting a line, as the server prints them. */
  settings: string | null;
}

export type FeedEvent =
  | { k: 'ticket'; b: Card }
  | { k: 'call'; b: CallCard }
  | { k: 'agent'; b: SeatCard }
  | { k: 'part'; b: PartCard }
  | { k: 'order'; b: OrderCard }
  | { k: 'alert'; b: AlertCard }
  | { k: 'handoff'; b: HandoffCard }
  | { k: 'case'; b: CaseCard }
  | { k: 'task'; b: TaskCard }
  | { k: 'board'; b: Board };

export interface FeedBatch {
  epoch: string;
  pos: string;
  /** The stream began anew while we listened: what was on the way may be lost, so lists are asked again. */
  reset?: boolean;
  events: FeedEvent[];
}

/** Answer to feed.open. replay: the missed events follow; resync: the stream no longer reaches back. */
export interface FeedOpened {
  epoch: string;
  pos: string;
  mode: 'live' | 'replay' | 'resync';
  replayed: number;
}
