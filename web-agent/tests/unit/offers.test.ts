import { describe, expect, it } from 'vitest';
import { Role, State } from '@/generated/flow';
import type { Card, TicketFull } from '@/rpc/wire';
import { offersFor, returnBar, type Asker } from '@/ui/offers';
import { cardWith, fullWith, eventOf } from './cards';

const NOW = 1_700_000_100_000;
const handler: Asker = { role: Role.handler, dept: 2430, account: 20 };
const supervisor: Asker = { role: Role.supervisor, dept: null, account: 30 };
const agent: Asker = { role: Role.agent, dept: null, account: 10 };

function offered(card: Partial<Card>, full: Partial<TicketFull>, asker: Asker) {
  return offersFor(cardWith(card), fullWith({ ...(card as Partial<TicketFull>), ...full }), asker, NOW);
}

describe('what is offered', () => {
  it('follows the order of the work, with the step that brings it on in front of the eye', () => {
    const signing = offered({ state: State.to_sign }, {}, handler);
    expect(signing.main).toEqual(['sign', 'contact']);
    expect(signing.primary).toBe('sign');
    const handling = offered({ state: State.handling }, { contacted: NOW }, handler);
    expect(handling.main).toEqual(['contact', 'progress', 'finish']);
    expect(handling.primary).toBe('finish');
    expect(handling.rare).toEqual(expect.arrayContaining(['send_back', 'assist', 'hand_down', 'ask_extend', 'ask_pause']));
  });

  it('leads to the citizen first where nothing may be closed without a talk', () => {
    const full = { contacted: null, phone_mask: '138****0001' };
    expect(offered({ state: State.handling }, full, handler).primary).toBe('contact');
    expect(offered({ state: State.handling }, { ...full, secrecy: 1 }, handler).primary).toBe('finish');
    expect(offered({ state: State.handling }, { ...full, phone_mask: '' }, handler).primary).toBe('finish');
  });

  it('knows what was asked for', () => {
    const none = offered({ state: State.handling }, {}, supervisor);
    expect([...none.main, ...none.rare]).not.toContain('extend');
    const asked = offered({ state: State.handling, asked: 'extend' }, {}, supervisor);
    expect(asked.main).toEqual(expect.arrayContaining(['extend', 'deny_extend']));
    expect(asked.main).not.toContain('pause');
    expect(asked.primary).toBe('extend');
    expect(offered({ state: State.handling, asked: 'extend' }, {}, handler).rare).not.toContain('ask_pause');
  });

  it('lets nobody find a rating untrue alone', () => {
    const state = State.bad_verify;
    expect(offered({ state }, {}, supervisor).main).toContain('doubt');
    const doubt = eventOf({ action: 'doubt', account: 30 });
    const own = offered({ state }, { events: [doubt] }, supervisor);
    expect(own.main).not.toContain('doubt');
    expect(own.main).not.toContain('dismiss');
    expect(offered({ state }, { events: [doubt] }, { ...supervisor, account: 31 }).main).toContain('dismiss');
    expect(offered({ state, round: 2 }, { events: [doubt] }, supervisor).main).toContain('doubt');
  });

  it('puts the score of a drawn ticket in front, and the last resort behind', () => {
    const drawn = { check: { checked: null } } as Partial<TicketFull>;
    expect(offered({ state: State.closed }, drawn, supervisor).primary).toBe('check');
    expect(offered({ state: State.closed }, {}, supervisor).main).not.toContain('check');
    const verifying = offered({ state: State.bad_verify }, {}, supervisor);
    expect(verifying.main).not.toContain('conclude');
    expect(verifying.rare).toContain('conclude');
  });

  it('is one button for both ends of a rating, and none that the timers or the past take', () => {
    const { main, rare } = offered({ state: State.to_rate }, {}, agent);
    expect(main).toEqual(expect.arrayContaining(['rate', 'miss']));
    for (const never of ['complain', 'redo', 'lapse', 'alarm']) expect([...main, ...rare]).not.toContain(never);
  });

  it('is nothing to another unit, but for who has a 承办单 of it', () => {
    const other: Asker = { role: Role.handler, dept: 2402, account: 21 };
    expect(offered({ state: State.handling }, {}, other)).toEqual({ main: [], rare: [], primary: '' });
    const part = { part: 1, dept: 2402, state: 20 } as TicketFull['parts'][number];
    expect(offered({ state: State.handling }, { parts: [part] }, other).main).toEqual(['contact', 'progress']);
    expect(offered({ state: State.handling }, { parts: [{ ...part, state: 40 }] }, other).main).toEqual([]);
  });

  it('has no 退单 when it is barred, and says why', () => {
    expect(returnBar(fullWith({ return_by: NOW + 1 }), NOW)).toBe('');
    expect(returnBar(fullWith({ return_by: NOW }), NOW)).toContain('时限');
    expect(returnBar(fullWith({ no_return: true }), NOW)).toContain('不得再退');
    expect(offered({ state: State.to_sign }, { no_return: true }, handler).rare).not.toContain('send_back');
    expect(offered({ state: State.to_sign }, { return_by: NOW + 1 }, handler).rare).toContain('send_back');
  });
});
