import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyDown, keyName, keysAdd, keysBlock, keysListed } from '@/keys/registry';

const run = vi.fn();
let forget: () => void = () => undefined;

beforeEach(() => {
  run.mockReset();
  window.addEventListener('keydown', keyDown);
});

afterEach(() => {
  forget();
  window.removeEventListener('keydown', keyDown);
  document.body.innerHTML = '';
});

function register(keys: string, when?: () => boolean): void {
  forget = keysAdd([{ keys, label: '试', group: '组', run, when }]);
}

function press(key: string, options: KeyboardEventInit = {}, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options });
  target.dispatchEvent(event);
  return event;
}

function field(tag: string): HTMLElement {
  const made = document.createElement(tag);
  document.body.append(made);
  return made;
}

describe('a shortcut', () => {
  it('runs and keeps the browser from the key', () => {
    register('F2');
    expect(press('F2').defaultPrevented).toBe(true);
    expect(run).toHaveBeenCalledTimes(1);
  });
  it('is the same with a small letter', () => {
    register('S');
    press('s');
    expect(run).toHaveBeenCalledTimes(1);
  });
  it('runs once while its key is held', () => {
    register('F2');
    press('F2');
    press('F2', { repeat: true });
    expect(run).toHaveBeenCalledTimes(1);
  });
  it('lets its key through when it may not run', () => {
    register('F9', () => false);
    expect(press('F9').defaultPrevented).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });
  it('is gone when it is taken away', () => {
    register('F2');
    forget();
    press('F2');
    expect(run).not.toHaveBeenCalled();
  });
  it('of the newest wins', () => {
    register('J');
    const newer = vi.fn();
    const forgetNewer = keysAdd([{ keys: 'J', label: '新', group: '组', run: newer }]);
    press('j');
    forgetNewer();
    expect(newer).toHaveBeenCalledTimes(1);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('an input method', () => {
  it('keeps every key while it composes', () => {
    register('F2');
    press('F2', { isComposing: true });
    expect(run).not.toHaveBeenCalled();
  });
  it('is known by key code 229 too', () => {
    const event = new KeyboardEvent('keydown', { key: 'F2' });
    Object.defineProperty(event, 'keyCode', { value: 229 });
    expect(keyName(event)).toBe('');
  });
});

describe('in a field', () => {
  it.each(['input', 'textarea', 'select'])('letters belong to the %s', (tag) => {
    register('S');
    press('s', {}, field(tag));
    expect(run).not.toHaveBeenCalled();
  });
  it('function keys and Ctrl keys work', () => {
    register('Ctrl+Enter');
    press('Enter', { ctrlKey: true }, field('textarea'));
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('behind a dialog', () => {
  it('nothing works but function keys', () => {
    register('S');
    const release = keysBlock();
    press('s');
    const forgetF2 = keysAdd([{ keys: 'F2', label: '接听', group: '话务', run }]);
    press('F2');
    forgetF2();
    expect(run).toHaveBeenCalledTimes(1);
    release();
    release();
    press('s');
    expect(run).toHaveBeenCalledTimes(2);
  });
});

it('the cheat sheet lists what is registered, by group', () => {
  register('F2');
  expect(keysListed().get('组')?.map((one) => one.keys)).toEqual(['F2']);
});
