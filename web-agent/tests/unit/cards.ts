// Cards for tests.
import type { Card } from '@/rpc/wire';

export function cardWith(change: Partial<Card> = {}): Card {
  return {
    id: 1,
    number: '232720260101000001',
    ver: 1,
    state: 35,
    round: 1,
    kind: 3,
    urgency: 0,
    secrecy: 0,
    channel: 1,
    matter: null,
    theme: null,
    theme_no: null,
    region: '232761',
    town: null,
    place: '',
    title: '室温不达标',
    dept: 2430,
    handler: null,
    agent: 7,
    accepted: 1_700_000_000_000,
    promised: null,
    due: null,
    warn: null,
    dispatched: null,
    closed: null,
    changed: 1_700_000_000_000,
    why: null,
    grade: null,
    ...change,
  };
}
