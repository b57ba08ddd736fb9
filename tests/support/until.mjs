// Waiting for something that cannot be listened to: asked again and again, up to a deadline.
import { setTimeout as pause } from 'node:timers/promises';

/** How long a test waits for what must come. Long, for nothing is proved by a busy machine being slow. */
export const PATIENCE_MS = 30_000;
const BETWEEN_MS = 20;

/** Until counting() gives 0, however long that takes while the number falls: the patience begins anew each time it does. */
export async function untilNone(what, counting) {
  let least = Infinity;
  let end = 0;
  for (;;) {
    const left = await counting();
    if (left === 0) return;
    if (left < least) {
      least = left;
      end = Date.now() + PATIENCE_MS;
    }
    if (Date.now() > end) throw new Error(`waited ${PATIENCE_MS} ms in vain until ${what}: ${left} are left`);
    await pause(BETWEEN_MS);
  }
}

/** The first truthy answer of ask(). Throws when the time is over, telling what was waited for. */
export async function until(what, ask, { ms = PATIENCE_MS } = {}) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await pause(BETWEEN_MS);
  }
}
