// Who sits at the desk, and whether the desk is connected.
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { Role } from '@/generated/flow';
import type { Topic } from '@/rpc/commands';
import { linkClose, linkOpen } from '@/rpc/desk';
import type { LinkState } from '@/rpc/link';
import type { FeedBatch, FeedEvent, Hello } from '@/rpc/wire';
import { useBoard } from './board';
import { useCases } from './cases';
import { dropForms } from './kept';
import { useReference } from './reference';
import { useSeat } from './seat';
import { useTickets } from './tickets';
import { useHandoffs } from './handoffs';
import { useWorks } from './works';

const TOPICS: Record<number, Topic[]> = {
  [Role.agent]: ['mine', 'callback'],
  [Role.handler]: ['dept'],
  [Role.supervisor]: ['all', 'agents', 'board'],
  [Role.admin]: [],
};

// The cookie itself is not readable here; this only saves a useless connection before login.
const SIGNED_IN = 'hotline.signed-in';
const TOLD_MS = 6000;

export const useSession = defineStore('session', () => {
  const me = shallowRef<Hello | null>(null);
  const away = shallowRef(false);
  const caughtUp = shallowRef('');
  const ended = shallowRef('');
  let entered: (() => void) | null = null;
  let entering: Promise<void> | null = null;

  const role = computed(() => me.value?.role ?? 0);

  function takeHello(hello: Hello): Topic[] {
    me.value = hello;
    dropForms(hello.account);
    if (hello.role === Role.agent) useSeat().takeHello(hello);
    return TOPICS[hello.role] ?? [];
  }

  function takeEvent(event: FeedEvent): void {
    if (event.k === 'ticket') useTickets().merge(event.b, true);
    else if (event.k === 'part') useWorks().takePart(event.b);
    else if (event.k === 'order') useWorks().takeOrder(event.b);
    else if (event.k === 'alert') useWorks().takeAlert(event.b);
    else if (event.k === 'handoff') useHandoffs().take(event.b);
    else if (event.k === 'case') useCases().takeCase(event.b);
    else if (event.k === 'task') useCases().takeTask(event.b);
    else if (event.k === 'board') useBoard().take(event.b);
    else if (role.value === Role.supervisor) {
      if (event.k === 'agent') useBoard().takeSeat(event.b);
    } else if (event.k === 'agent') useSeat().takeSeat(event.b);
    else useSeat().takeCall(event.b);
  }

  function followed(count: number, resync: boolean): void {
    if (resync) useTickets().empty();
    if (away.value) tell(resync ? '列表已重新载入' : `补回 ${count} 条变化`);
    away.value = false;
    // Figures are not replayed: the newest are all that counts.
    if (role.value === Role.supervisor) void useBoard().refresh().catch(() => undefined);
    if (!useReference().ready) void useReference().load().catch(() => undefined);
    entered?.();
  }

  function tell(words: string): void {
    caughtUp.value = words;
    window.setTimeout(() => (caughtUp.value = ''), TOLD_MS);
  }

  function takeState(state: LinkState): void {
    if (state === 'away') away.value = true;
    if (state !== 'loggedout') return;
    if (me.value) ended.value = '登录已失效或已在别处结束，请重新登录';
    forget();
    entered?.();
  }

  /** Sit down with the cookie that is there. Settles once the server has answered either way. */
  function enter(): Promise<void> {
    if (localStorage.getItem(SIGNED_IN) === null) return Promise.resolve();
    entering ??= new Promise<void>((resolve) => {
      entered = resolve;
      linkOpen({
        state: takeState,
        hello: takeHello,
        feed: (batch: FeedBatch) => batch.events.forEach(takeEvent),
        followed,
      });
    });
    return entering;
  }

  async function login(name: string, password: string): Promise<void> {
    const reply = await fetch('/api/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: name, password }),
    }).catch(() => {
      throw new Error('连不上服务器，请检查网络后重试');
    });
    if (!reply.ok) throw new Error(await refusalSentence(reply));
    localStorage.setItem(SIGNED_IN, '1');
    ended.value = '';
    entering = null;
    await enter();
    if (!me.value) throw new Error('登录没有完成，请重试');
  }

  async function logout(): Promise<void> {
    linkClose();
    forget();
    // Not in forget(): a session that ran out must not cost its person an answer.
    dropForms();
    await fetch('/api/logout', { method: 'POST' }).catch(() => undefined);
  }

  function forget(): void {
    localStorage.removeItem(SIGNED_IN);
    entering = null;
    me.value = null;
    away.value = false;
    useTickets().empty();
    useWorks().empty();
    useHandoffs().empty();
    useCases().empty();
    useSeat().empty();
    useBoard().empty();
  }

  return { me, ended, role, away, caughtUp, enter, login, logout };
});

async function refusalSentence(reply: Response): Promise<string> {
  try {
    const body = (await reply.json()) as { error?: { message?: string } };
    if (body.error?.message) return body.error.message;
  } catch {
    // Not the server's own answer but that of something in between: say what is known.
  }
  return `登录失败（${reply.status}），请稍后重试`;
}
