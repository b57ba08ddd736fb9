// One register of keyboard shortcuts: runs them, and lists them on the cheat sheet.
//
// Chinese input: while an input method is composing, every key belongs to it.
import { onScopeDispose, shallowReactive } from 'vue';

export interface Shortcut {
  /** As shown and matched: "F2", "Ctrl+Enter", "/", "S", "ArrowDown". Letters without Shift. */
  keys: string;
  label: string;
  group: string;
  run: () => void;
  /** Whether it may run now; false lets the key through. */
  when?: () => boolean;
}

const registered = shallowReactive(new Set<Shortcut>());
let blocks = 0;

/** The name of a pressed key in the words of Shortcut.keys; "" while an input method composes. */
export function keyName(event: KeyboardEvent): string {
  if (event.isComposing || event.keyCode === 229) return '';
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const bare = key.length === 1;
  const prefix = [
    event.ctrlKey || event.metaKey ? 'Ctrl+' : '',
    event.altKey ? 'Alt+' : '',
    event.shiftKey && !bare ? 'Shift+' : '',
  ].join('');
  return prefix + key;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['radio', 'checkbox', 'button'].includes(target.type);
}

/** Keys that write or move within a field stay with the field. */
function belongsToField(name: string, target: EventTarget | null): boolean {
  return isTyping(target) && !/^(F\d+|Ctrl\+.*)$/.test(name);
}

export function keyDown(event: KeyboardEvent): void {
  const name = keyName(event);
  if (name === '' || event.defaultPrevented) return;
  if (blocks > 0 && !/^F\d+$/.test(name)) return;
  if (belongsToField(name, event.target)) return;
  for (const one of [...registered].reverse()) {
    if (one.keys !== name || one.when?.() === false) continue;
    event.preventDefault();
    if (!event.repeat || name.startsWith('Arrow')) one.run();
    return;
  }
}

/** Add shortcuts; call what is returned to take them away. The newest wins a key. */
export function keysAdd(shortcuts: Shortcut[]): () => void {
  for (const one of shortcuts) registered.add(one);
  return () => {
    for (const one of shortcuts) registered.delete(one);
  };
}

/** Shortcuts of a component, for as long as it is there. */
export function useKeys(shortcuts: Shortcut[]): void {
  onScopeDispose(keysAdd(shortcuts));
}

/** While a dialog is open the page behind it gets no keys but F keys: a call can be answered. */
export function keysBlock(): () => void {
  blocks++;
  let over = false;
  return () => {
    if (!over) blocks--;
    over = true;
  };
}

export function keysListed(): Map<string, Shortcut[]> {
  const groups = new Map<string, Shortcut[]>();
  for (const one of registered) {
    const group = groups.get(one.group) ?? [];
    group.push(one);
    groups.set(one.group, group);
  }
  return groups;
}
