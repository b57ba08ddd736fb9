// The agent's own seat and the call at it: state, caller, and the buttons' commands.
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { Seat } from '@/generated/flow';
import { ask } from '@/rpc/desk';
import { sentenceOf } from '@/rpc/errors';
import type { CallCard, CallerHistory, CallState, Card, Hello, SeatCard } from '@/rpc/wire';

const ORDER: Record<CallState, number> = {
  waiting: 0,
  ringing: 1,
  answering: 2,
  talking: 3,
  ended: 4,
};

/** Whether a is a later word about the same call than b. Cards of calls carry no version. */
export function callIsLater(a: CallCard, b: CallCard): boolean {
  if (a.call !== b.call) return true;
  if (a.state === 'ended' || b.state === 'ended') return a.state === 'ended';
  return a.offers > b.offers || (a.offers === b.offers && ORDER[a.state] >= ORDER[b.state]);
}

export const useSeat = defineStore('seat', () => {
  const seat = shallowRef<SeatCard | null>(null);
  const call = shallowRef<CallCard | null>(null);
  const caller = shallowRef<CallerHistory | null>(null);
  const callerError = shallowRef('');
  let account = 0;
  let callerOf = '';

  function takeHello(hello: Hello): void {
    account = hello.account;
    seat.value = hello.seat;
    if (hello.call) takeCall(hello.call);
    else if (call.value && call.value.state !== 'ended') call.value = null;
  }

  function takeSeat(card: SeatCard): void {
    if (card.account !== account) return;
    if (seat.value && card.since < seat.value.since) return;
    seat.value = card;
    // A call that was not answered in time goes to somebody else: only the seat tells.
    if (card.call === null && call.value && call.value.state !== 'ended') clearCall();
  }

  function takeCall(card: CallCard): void {
    const known = call.value;
    const mine = card.agent === account;
    if (!mine && known?.call === card.call) {
      if (known.state === 'ringing' || known.state === 'answering') clearCall();
      return;
    }
    if (!mine || (known && !callIsLater(card, known))) return;
    if (known?.call !== card.call && card.state === 'ended') return;
    call.value = card;
    if (card.state !== 'ended') void loadCaller(card.call);
  }

  function clearCall(): void {
    call.value = null;
    caller.value = null;
    callerOf = '';
  }

  async function loadCaller(name: string): Promise<void> {
    if (callerOf === name) return;
    callerOf = name;
    caller.value = null;
    callerError.value = '';
    try {
      const found = await ask('call.caller', { call: name });
      if (callerOf === name) caller.value = found;
    } catch (error) {
      if (callerOf !== name) return;
      callerOf = '';
      callerError.value = sentenceOf(error);
    }
  }

  /** What was just taken down belongs to the caller's open tickets. */
  function addTicket(card: Card): void {
    if (caller.value) caller.value = { ...caller.value, open: [card, ...caller.value.open] };
  }

  async function set(state: 'ready' | 'busy', reason?: string): Promise<void> {
    takeSeat(await ask('seat.set', reason ? { state, reason } : { state }));
  }

  async function answer(): Promise<void> {
    if (call.value?.state !== 'ringing') return;
    takeCall(await ask('call.answer', { call: call.value.call }));
  }

  async function hangup(): Promise<void> {
    const now = call.value;
    if (!now || (now.state !== 'talking' && now.state !== 'answering')) return;
    takeCall(await ask('call.hangup', { call: now.call }));
  }

  function empty(): void {
    seat.value = null;
    clearCall();
  }

  const isRinging = () => call.value?.state === 'ringing' && seat.value?.state === Seat.ringing;

  return {
    seat,
    call,
    caller,
    callerError,
    takeHello,
    takeSeat,
    takeCall,
    loadCaller,
    addTicket,
    set,
    answer,
    hangup,
    empty,
    isRinging,
  };
});
