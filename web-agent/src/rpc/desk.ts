// The desk's one link, opened by the session and asked by every store and page.
import type { CommandName, Params, Reply } from './commands';
import { LoggedOut } from './errors';
import { Link, type AskOptions, type LinkListener } from './link';

let link: Link | null = null;

export function linkOpen(listener: LinkListener): void {
  link?.close();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  link = new Link(`${scheme}://${location.host}/ws`, listener);
  link.open();
}

export function linkClose(): void {
  link?.close();
  link = null;
}

export function ask<N extends CommandName>(
  method: N,
  params: Params<N>,
  options?: AskOptions,
): Promise<Reply<N>> {
  return link ? link.ask(method, params, options) : Promise.reject(new LoggedOut());
}

window.addEventListener('online', () => link?.hurry());
