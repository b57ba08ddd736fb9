// Things that arrive, kept until somebody takes them; waiting has a deadline.
import { PATIENCE_MS } from './until.mjs';

export class Queue {
  items = [];
  takers = new Set();
  failure = null;

  push(item) {
    for (const taker of this.takers) {
      if (!taker.match(item)) continue;
      this.takers.delete(taker);
      taker.resolve(item);
      return;
    }
    this.items.push(item);
  }

  /** Whoever waits now or later is told that nothing more will come. */
  fail(error) {
    this.failure = error;
    for (const taker of this.takers) taker.reject(error);
    this.takers.clear();
  }

  /** The first item that matches, here already or still to come. What does not match stays. */
  take(what, match = () => true, ms = PATIENCE_MS) {
    const place = this.items.findIndex(match);
    if (place >= 0) return Promise.resolve(this.items.splice(place, 1)[0]);
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      const taker = { match, resolve: settle(resolve), reject: settle(reject) };
      const timer = setTimeout(() => {
        this.takers.delete(taker);
        const seen = this.items.map((item) => JSON.stringify(item).slice(0, 300)).join('\n  ');
        reject(new Error(`waited ${ms} ms in vain for ${what}; here are:\n  ${seen || '(nothing)'}`));
      }, ms);
      function settle(fn) {
        return (value) => {
          clearTimeout(timer);
          fn(value);
        };
      }
      this.takers.add(taker);
    });
  }

  /** Everything that is here now. */
  drain() {
    return this.items.splice(0);
  }
}
