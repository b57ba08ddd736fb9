import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serverNow } from '@/rpc/clock';
import { LoggedOut, NoAnswer, Refusal } from '@/rpc/errors';
import { Link, type LinkListener } from '@/rpc/link';
import type { FeedBatch } from '@/rpc/wire';
import { TestSocket } from './socket';

const HELLO = { account: 7, now: 1_700_000_000_000, heartbeat: 20, role: 1, epoch: 'e1', pos: '4-0' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let listener: { [K in keyof LinkListener]: ReturnType<typeof vi.fn> };
let link: Link;

beforeEach(() => {
  vi.useFakeTimers();
  TestSocket.all = [];
  vi.stubGlobal('WebSocket', TestSocket);
  listener = {
    state: vi.fn(),
    hello: vi.fn(() => ['mine']),
    feed: vi.fn(),
    followed: vi.fn(),
  };
  link = new Link('ws://desk/ws', listener as unknown as LinkListener);
});

afterEach(() => {
  link.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

async function welcome(opened: object = {}): Promise<TestSocket> {
  const socket = TestSocket.newest();
  socket.onopen?.();
  socket.answer('session.hello', HELLO);
  await settle();
  socket.answer('feed.open', { epoch: 'e1', pos: '5-0', mode: 'live', replayed: 0, ...opened });
  await settle();
  return socket;
}

/** Until the link tries again; how long that took. */
function untilNext(): number {
  const before = TestSocket.all.length;
  const began = Date.now();
  while (TestSocket.all.length === before) vi.advanceTimersByTime(50);
  return Date.now() - began;
}

async function comeBack(socket: TestSocket, opened: object = {}): Promise<TestSocket> {
  socket.lose();
  untilNext();
  return welcome(opened);
}

describe('coming in', () => {
  it('says hello, follows the feed and is online', async () => {
    link.open();
    const socket = await welcome();
    expect(socket.protocol).toBe('jsonrpc.12345.v1');
    expect(socket.last('feed.open').params).toEqual({ topics: ['mine'], epoch: 'e1', since: '4-0' });
    expect(listener.state.mock.calls.map(([state]) => state)).toEqual(['connecting', 'online']);
  });

  it('takes the clock of the server', async () => {
    link.open();
    await welcome();
    expect(Math.abs(serverNow() - HELLO.now)).toBeLessThan(5);
  });

  it('asks nothing before it is online, then everything', async () => {
    link.open();
    const asked = link.ask('ticket.get', { id: 1 });
    expect(TestSocket.newest().sent).toEqual([]);
    const socket = await welcome();
    socket.answer('ticket.get', { id: 1, ver: 3 });
    await expect(asked).resolves.toMatchObject({ ver: 3 });
  });

  it('stops when the session is not good', async () => {
    link.open();
    const socket = TestSocket.newest();
    socket.onopen?.();
    socket.refuse('session.hello', 40101, { name: 'not_logged_in' });
    await settle();
    expect(listener.state).toHaveBeenLastCalledWith('loggedout');
    await expect(link.ask('board.get', {})).rejects.toBeInstanceOf(LoggedOut);
    vi.advanceTimersByTime(600_000);
    expect(TestSocket.all.length).toBe(1);
  });
});

describe('questions', () => {
  it('tells a refusal with its fields', async () => {
    link.open();
    const socket = await welcome();
    const asked = link.ask('ticket.find', { number: '1' });
    socket.refuse('ticket.find', -32602, { name: 'bad_params', fields: { number: '编号有误' } });
    const refusal = (await asked.catch((error: unknown) => error)) as Refusal;
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal.refusal).toBe('bad_params');
    expect(refusal.fields).toEqual({ number: '编号有误' });
  });

  it('waits longer for a read when told so', async () => {
    link.open();
    await welcome();
    const settled = vi.fn();
    const read = link.ask('erasure.preview', { by: 'phone', phone: '13800000000' }, { patience: 600_000 });
    read.then(settled, settled);
    await vi.advanceTimersByTimeAsync(599_000);
    expect(settled).not.toHaveBeenCalled();
    const gone = expect(read).rejects.toBeInstanceOf(NoAnswer);
    await vi.advanceTimersByTimeAsync(2_000);
    await gone;
  });

  it('gives up a read that is not answered, never a write', async () => {
    link.open();
    await welcome();
    const read = link.ask('ticket.get', { id: 1 });
    const write = vi.fn();
    link.ask('seat.set', { state: 'ready' }).then(write, write);
    const gone = expect(read).rejects.toBeInstanceOf(NoAnswer);
    vi.advanceTimersByTime(31_000);
    await gone;
    expect(write).not.toHaveBeenCalled();
  });

  it('gives a write a request id, a read none', async () => {
    link.open();
    const socket = await welcome();
    void link.ask('seat.set', { state: 'ready' }).catch(() => undefined);
    void link.ask('ticket.get', { id: 1 }).catch(() => undefined);
    expect(socket.last('seat.set').params.request).toMatch(UUID);
    expect(socket.last('ticket.get').params).toEqual({ id: 1 });
  });

  it('sends again what was refused for a moment, unchanged', async () => {
    link.open();
    const socket = await welcome();
    const asked = link.ask('seat.set', { state: 'busy' });
    const first = socket.last('seat.set');
    socket.refuse('seat.set', 50303, { name: 'store_busy', retry: true });
    vi.advanceTimersByTime(1000);
    expect(socket.count('seat.set')).toBe(2);
    expect(socket.last('seat.set').params).toEqual(first.params);
    socket.answer('seat.set', { state: 1 });
    await expect(asked).resolves.toEqual({ state: 1 });
  });

  it('stops trying what is refused again and again', async () => {
    link.open();
    const socket = await welcome();
    const asked = link.ask('seat.set', { state: 'busy' }).catch((error: unknown) => error);
    for (let turn = 0; turn < 7; turn++) {
      socket.refuse('seat.set', 50301, { name: 'store_away', retry: true });
      vi.advanceTimersByTime(10_000);
    }
    expect(await asked).toMatchObject({ refusal: 'store_away' });
  });
});

describe('coming back', () => {
  it('sends unanswered writes again with the same request id', async () => {
    link.open();
    const socket = await welcome();
    const asked = link.ask('ticket.sign', { id: 9, seen: { ver: 1, state: 35, kind: 3, urgency: 0, matter: null } });
    const request = socket.last('ticket.sign').params.request;
    const next = await comeBack(socket);
    expect(next).not.toBe(socket);
    expect(next.last('ticket.sign').params.request).toBe(request);
    next.answer('ticket.sign', { id: 9, ver: 2 });
    await expect(asked).resolves.toMatchObject({ ver: 2 });
  });

  it('goes on under a request id that was kept over a reload', async () => {
    link.open();
    const socket = await welcome();
    const request = '11111111-2222-4333-8444-555555555555';
    void link.ask('seat.set', { state: 'ready' }, { request }).catch(() => undefined);
    expect(socket.last('seat.set').params.request).toBe(request);
  });

  it('asks the feed from where it was', async () => {
    link.open();
    const socket = await welcome();
    const batch: FeedBatch = { epoch: 'e1', pos: '9-1', events: [] };
    socket.give({ method: 'feed', params: batch });
    const next = await comeBack(socket, { mode: 'replay', replayed: 4, pos: '9-1' });
    expect(next.last('feed.open').params).toEqual({ topics: ['mine'], epoch: 'e1', since: '9-1' });
    expect(listener.feed).toHaveBeenCalledWith(batch);
    expect(listener.followed).toHaveBeenLastCalledWith(4, false);
  });

  it('says when what was missed cannot be replayed', async () => {
    link.open();
    const socket = await welcome();
    await comeBack(socket, { epoch: 'e2', mode: 'resync' });
    expect(listener.followed).toHaveBeenLastCalledWith(0, true);
  });

  it('never stops trying, and never waits much longer than twelve seconds', async () => {
    link.open();
    await welcome();
    for (let turn = 0; turn < 200; turn++) {
      TestSocket.newest().lose();
      expect(untilNext()).toBeLessThanOrEqual(12_050);
    }
  });

  it('comes at once when the network says it is back', async () => {
    link.open();
    const socket = await welcome();
    socket.lose();
    link.hurry();
    expect(TestSocket.all.length).toBe(2);
  });

  it('does not come back after the server has ended the session', async () => {
    link.open();
    const socket = await welcome();
    const asked = link.ask('ticket.get', { id: 1 });
    socket.lose(4401);
    await expect(asked).rejects.toBeInstanceOf(LoggedOut);
    vi.advanceTimersByTime(600_000);
    expect(TestSocket.all.length).toBe(1);
  });

  it('finds out that a silent line is dead', async () => {
    link.open();
    await welcome();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(TestSocket.newest().count('feed.open')).toBe(2);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(TestSocket.all.length).toBe(2);
  });

  it('ignores what an abandoned connection still says', async () => {
    link.open();
    const socket = await welcome();
    await comeBack(socket);
    listener.feed.mockClear();
    socket.give({ method: 'feed', params: { epoch: 'e1', pos: '1-0', events: [] } });
    expect(listener.feed).not.toHaveBeenCalled();
  });
});
