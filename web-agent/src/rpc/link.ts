// The one WebSocket to the server: asks and answers, the feed, and coming back for ever.
//
// A question stays in `waiting` until it is answered. When the connection is lost every question
// goes out again after the next hello; a write carries its request id, so that the server does it
// once however often it arrives. Feed events are missed by nobody: after a reconnect feed.open
// tells the last position and the server replays from there, or says that it cannot.
import { refusals } from '@/generated/commands';
import { clockSet } from './clock';
import { isWrite, type CommandName, type Params, type Reply, type Topic } from './commands';
import { LoggedOut, NoAnswer, Refusal, type RefusalData } from './errors';
import { uuid } from './uuid';
import type { FeedBatch, FeedOpened, Hello } from './wire';

export type LinkState = 'closed' | 'connecting' | 'online' | 'away' | 'loggedout';

export interface LinkListener {
  state(state: LinkState): void;
  hello(hello: Hello): Topic[];
  feed(batch: FeedBatch): void;
  /** The feed runs. missed: events replayed after a break; resync: they could not be. */
  followed(missed: number, resync: boolean): void;
}

interface Waiting {
  method: string;
  params: object;
  resolve(value: unknown): void;
  reject(error: Error): void;
  sent: boolean;
  tries: number;
  timer: number;
}

interface Answer {
  id?: number | null;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { code: number; message: string; data?: RefusalData };
}

const PROTOCOL = 'jsonrpc.12345.v1';
const CLOSE_LOGGED_OUT = 4401;
const NOT_LOGGED_IN = refusals.not_logged_in.code;
const BACKOFF_FIRST_MS = 400;
const BACKOFF_LAST_MS = 12_000;
const READ_PATIENCE_MS = 30_000;
const OPENING_PATIENCE_MS = 10_000;
const RETRIES_OF_REFUSED = 6;
const RETRY_LAST_MS = 8_000;

function jittered(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}

export interface AskOptions {
  /** The id under which a write was already sent before. */
  request?: string;
  /** Milliseconds, for a read that takes longer than others. */
  patience?: number;
}

export class Link {
  private socket: WebSocket | null = null;
  private state: LinkState = 'closed';
  private waiting = new Map<number, Waiting>();
  private lastId = 0;
  private failures = 0;
  private reconnectTimer = 0;
  private watchTimer = 0;
  private lastHeard = 0;
  private silenceMs = 60_000;
  private epoch = '';
  private position = '';

  constructor(
    private readonly url: string,
    private readonly listener: LinkListener,
  ) {}

  /** Connect, and stay connected until close() or until the session is over. */
  open(): void {
    if (this.socket) return;
    this.epoch = this.position = '';
    this.failures = 0;
    this.connect();
  }

  close(): void {
    this.stop('closed');
  }

  /** Try at once instead of waiting for the next turn: the network says it is back. */
  hurry(): void {
    if (this.state !== 'away') return;
    window.clearTimeout(this.reconnectTimer);
    this.connect();
  }

  /**
   * Ask the server. Rejects with Refusal, with NoAnswer (reads only), or with LoggedOut. A write
   * waits through every break.
   */
  ask<N extends CommandName>(
    method: N,
    params: Params<N>,
    options: AskOptions = {},
  ): Promise<Reply<N>> {
    const write = isWrite(method);
    const carried = write ? { ...params, request: options.request ?? uuid() } : params;
    const patience = write ? 0 : (options.patience ?? READ_PATIENCE_MS);
    return this.put(method, carried, patience, this.state === 'online') as Promise<Reply<N>>;
  }

  private put(method: string, params: object, patience: number, now: boolean): Promise<unknown> {
    if (this.state === 'loggedout') return Promise.reject(new LoggedOut());
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      const one: Waiting = { method, params, resolve, reject, sent: false, tries: 0, timer: 0 };
      if (patience > 0) one.timer = window.setTimeout(() => this.giveUp(id), patience);
      this.waiting.set(id, one);
      if (now) this.send(id, one);
    });
  }

  private giveUp(id: number): void {
    const one = this.waiting.get(id);
    this.waiting.delete(id);
    one?.reject(new NoAnswer());
  }

  private send(id: number, one: Waiting): void {
    one.sent = true;
    this.socket?.send(
      JSON.stringify({ jsonrpc: '2.0', id, method: one.method, params: one.params }),
    );
  }

  private connect(): void {
    this.change('connecting');
    const socket = new WebSocket(this.url, PROTOCOL);
    this.socket = socket;
    const opening = window.setTimeout(() => this.drop(socket), OPENING_PATIENCE_MS);
    socket.onopen = () => {
      window.clearTimeout(opening);
      void this.greet(socket);
    };
    socket.onmessage = (event) => this.take(socket, String(event.data));
    socket.onclose = (event) => {
      window.clearTimeout(opening);
      if (this.socket === socket) this.lost(event.code);
    };
  }

  private async greet(socket: WebSocket): Promise<void> {
    try {
      const sentAt = Date.now();
      const hello = (await this.put('session.hello', {}, OPENING_PATIENCE_MS, true)) as Hello;
      clockSet(hello.now, sentAt, Date.now());
      this.silenceMs = Math.max(30, hello.heartbeat * 2) * 1000;
      // From here on nothing is missed, not even between this hello and feed.open.
      if (this.epoch === '') {
        this.epoch = hello.epoch;
        this.position = hello.pos;
      }
      const topics = this.listener.hello(hello);
      await this.follow(topics);
      if (this.socket !== socket) return;
      this.failures = 0;
      this.watch(topics);
      for (const [id, one] of this.waiting) if (!one.sent) this.send(id, one);
    } catch (error) {
      if (this.socket !== socket) return;
      if (error instanceof Refusal && error.code === NOT_LOGGED_IN) this.stop('loggedout');
      else this.drop(socket);
    }
  }

  private async follow(topics: Topic[]): Promise<void> {
    const epoch = this.epoch ? { epoch: this.epoch } : {};
    const since = this.position ? { since: this.position } : {};
    const opened = (await this.put(
      'feed.open',
      { topics, ...epoch, ...since },
      OPENING_PATIENCE_MS,
      true,
    )) as FeedOpened;
    this.epoch = opened.epoch;
    this.position = opened.pos;
    this.change('online');
    this.listener.followed(opened.replayed, opened.mode === 'resync');
  }

  /** A line that is dead without saying so: ask when it has been silent for too long. */
  private watch(topics: Topic[]): void {
    window.clearInterval(this.watchTimer);
    this.watchTimer = window.setInterval(() => {
      if (this.state !== 'online' || Date.now() - this.lastHeard < this.silenceMs) return;
      const socket = this.socket;
      this.lastHeard = Date.now();
      this.follow(topics).catch(() => this.drop(socket));
    }, this.silenceMs / 4);
  }

  private take(socket: WebSocket, text: string): void {
    if (this.socket !== socket) return;
    this.lastHeard = Date.now();
    const answer = JSON.parse(text) as Answer;
    if (answer.method === 'feed') this.takeFeed(answer.params as FeedBatch);
    else if (typeof answer.id === 'number') this.takeAnswer(answer.id, answer);
  }

  private takeFeed(batch: FeedBatch): void {
    this.epoch = batch.epoch;
    this.position = batch.pos;
    if (batch.reset) this.listener.followed(0, true);
    this.listener.feed(batch);
  }

  private takeAnswer(id: number, answer: Answer): void {
    const one = this.waiting.get(id);
    if (!one) return;
    if (answer.error && this.mayRetry(id, one, answer.error.data)) return;
    window.clearTimeout(one.timer);
    this.waiting.delete(id);
    if (!answer.error) return one.resolve(answer.result);
    const refusal = new Refusal(answer.error.code, answer.error.message, answer.error.data);
    one.reject(refusal);
    if (refusal.code === NOT_LOGGED_IN && this.state === 'online') this.stop('loggedout');
  }

  /** The same question again a little later, where the server says that this is safe. */
  private mayRetry(id: number, one: Waiting, data: RefusalData | undefined): boolean {
    if (data?.retry !== true || one.tries >= RETRIES_OF_REFUSED) return false;
    one.sent = false;
    const wait = jittered(Math.min(RETRY_LAST_MS, BACKOFF_FIRST_MS * 2 ** one.tries++));
    window.setTimeout(() => {
      const mayGo = this.state === 'online' || !isOrdinary(one.method);
      if (this.waiting.get(id) === one && !one.sent && mayGo) this.send(id, one);
    }, wait);
    return true;
  }

  /** Give a connection up without waiting for its farewell. */
  private drop(socket: WebSocket | null): void {
    if (!socket || this.socket !== socket) return;
    this.lost(0);
    socket.close();
  }

  private lost(code: number): void {
    if (code === CLOSE_LOGGED_OUT) return this.stop('loggedout');
    this.socket = null;
    window.clearInterval(this.watchTimer);
    this.forgetOpening();
    for (const one of this.waiting.values()) one.sent = false;
    this.change('away');
    const wait = jittered(Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** this.failures++));
    this.reconnectTimer = window.setTimeout(() => this.connect(), wait);
  }

  /** Hello and feed.open belong to one connection; the next one asks them anew. */
  private forgetOpening(): void {
    for (const [id, one] of this.waiting) {
      if (isOrdinary(one.method)) continue;
      window.clearTimeout(one.timer);
      this.waiting.delete(id);
      one.reject(new NoAnswer());
    }
  }

  private stop(state: 'closed' | 'loggedout'): void {
    window.clearTimeout(this.reconnectTimer);
    window.clearInterval(this.watchTimer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.change(state);
    for (const one of this.waiting.values()) {
      window.clearTimeout(one.timer);
      one.reject(new LoggedOut());
    }
    this.waiting.clear();
  }

  private change(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    this.listener.state(state);
  }
}

function isOrdinary(method: string): boolean {
  return method !== 'session.hello' && method !== 'feed.open';
}
