import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallCard, Hello, SeatCard } from '@/rpc/wire';
import { callIsLater, useSeat } from '@/stores/seat';

const ask = vi.hoisted(() => vi.fn());
vi.mock('@/rpc/desk', () => ({ ask }));

const ME = 7;

function call(change: Partial<CallCard> = {}): CallCard {
  return {
    call: 'c1', state: 'ringing', caller_mask: '138****0001', called: '12345', agent: ME, offers: 1,
    rang: 1, offered: 2, answered: null, ended: null, ended_by: null, ...change,
  };
}

function seat(change: Partial<SeatCard> = {}): SeatCard {
  return {
    account: ME, name: '某人', login: '1001', extension: '8001', state: 3, since: 10, reason: '',
    call: 'c1', next: null, until: null, ...change,
  };
}

beforeEach(() => {
  setActivePinia(createPinia());
  ask.mockReset().mockResolvedValue({ phone: '13800000001', open: [], past: [] });
  useSeat().takeHello({ account: ME, seat: seat({ state: 2, call: null, since: 1 }), call: null } as unknown as Hello);
});

describe('a call at the desk', () => {
  it('pops up with its caller, asked once', async () => {
    const desk = useSeat();
    desk.takeCall(call());
    desk.takeCall(call({ state: 'answering' }));
    await vi.waitFor(() => expect(desk.caller?.phone).toBe('13800000001'));
    expect(ask).toHaveBeenCalledTimes(1);
    expect(desk.call?.state).toBe('answering');
  });

  it('of somebody else is nothing', () => {
    useSeat().takeCall(call({ agent: 99 }));
    expect(useSeat().call).toBeNull();
  });

  it('goes when the seat says that it was not answered in time', () => {
    const desk = useSeat();
    desk.takeSeat(seat());
    desk.takeCall(call());
    desk.takeSeat(seat({ state: 1, since: 20, call: null }));
    expect(desk.call).toBeNull();
  });

  it('stays for the form after it has ended', () => {
    const desk = useSeat();
    desk.takeCall(call({ state: 'talking' }));
    desk.takeCall(call({ state: 'ended' }));
    desk.takeSeat(seat({ state: 2, since: 30, call: null }));
    expect(desk.call?.state).toBe('ended');
  });

  it('does not go back by a late word', () => {
    expect(callIsLater(call({ state: 'ringing' }), call({ state: 'talking' }))).toBe(false);
    expect(callIsLater(call({ state: 'ringing', offers: 2 }), call({ state: 'answering' }))).toBe(true);
    expect(callIsLater(call({ state: 'talking' }), call({ state: 'ended' }))).toBe(false);
  });
});
