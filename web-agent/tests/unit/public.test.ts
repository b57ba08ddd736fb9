import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused } from '@/public/api';
import { accepted, bodyOf, faultsOn, missingOf, secrecyOf, stepOf, submission, useDraft } from '@/public/draft';
import { useOnce } from '@/public/once';
import { grouped, moment } from '@/public/say';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe('a citizen’s draft', () => {
  it('keeps the story in the browser, and who writes only while the window is open', () => {
    const { draft } = useDraft();
    Object.assign(draft, { title: '路灯不亮', points: ['一', '二'], phone: '13800000000' });
    expect(JSON.stringify(localStorage)).not.toContain('13800000000');
    expect(useDraft().draft).toMatchObject({ title: '路灯不亮', points: ['一', '二'], phone: '13800000000' });
    sessionStorage.clear();
    expect(useDraft().draft).toMatchObject({ title: '路灯不亮', phone: '' });
  });
  it('leaves nothing behind when it is sent or thrown away', () => {
    const { draft, clear } = useDraft();
    draft.title = '路灯不亮';
    clear();
    expect(localStorage.length + sessionStorage.length).toBe(0);
  });
  it('survives what is no draft in the store, and forgets after a week', () => {
    localStorage.setItem('hotline-draft', '{"points":"x","title":');
    expect(useDraft().draft.title).toBe('');
    localStorage.setItem('hotline-draft', JSON.stringify({ points: 'x', title: '新', saved: Date.now() }));
    expect(useDraft().draft).toMatchObject({ title: '新', points: [] });
    localStorage.setItem('hotline-draft', JSON.stringify({ title: '旧', saved: Date.now() - 8 * 24 * 3_600_000 }));
    expect(useDraft().draft.title).toBe('');
  });
  it('names what is missing by step', () => {
    const { draft } = useDraft();
    expect(stepOf(missingOf(draft))).toBe(0);
    expect(Object.keys(faultsOn(0, missingOf(draft)))).toEqual(['kind', 'title', 'body']);
    Object.assign(draft, { kind: 3, title: '题', body: '文' });
    expect(stepOf(missingOf(draft))).toBe(1);
    draft.region = '232761';
    expect(stepOf(missingOf(draft))).toBe(2);
    draft.phone = 'abc';
    expect(missingOf(draft)).toEqual({ phone: '请填写能打通的电话：手机 11 位，固定电话请加区号' });
    draft.phone = '0457-2123456';
    expect(stepOf(missingOf(draft))).toBe(3);
  });
  it('is sent without what was not filled in; who reports is kept secret unless they say otherwise', () => {
    const { draft } = useDraft();
    Object.assign(draft, { kind: 4, title: ' 题 ', body: '文', region: '232761', phone: '1', points: ['只有一件', ' '] });
    expect(bodyOf(draft)).toEqual({ kind: 4, title: '题', body: '文', region: '232761', phone: '1', secrecy: 2 });
    draft.secrecy = 0;
    draft.points = ['一', '', '二 '];
    expect(secrecyOf(draft)).toBe(0);
    expect(bodyOf(draft).points).toEqual(['一', '二']);
  });
  it('keeps number and code until they are put away', () => {
    accepted.save({ number: '1', code: '2', promised: null });
    expect(accepted.load()).toEqual({ number: '1', code: '2', promised: null });
    accepted.save(null);
    expect(accepted.load()).toBeNull();
  });
});

describe('one deed', () => {
  const lost = () => Promise.reject(new Refused('网络不通', {}, true));

  it('is asked again under the same id while its outcome is unknown, also after a reload', async () => {
    const first = vi.fn(lost);
    await useOnce(submission).once('tickets', first);
    const second = vi.fn(() => Promise.resolve('done'));
    expect(await useOnce(submission).once('tickets', second)).toBe('done');
    expect(second.mock.calls[0]).toEqual(first.mock.calls[0]);
    expect(submission.load()).toBe('');
  });
  it('is another request when it is another deed, or was refused', async () => {
    const { state, once } = useOnce();
    const ids: string[] = [];
    const note = (outcome: () => Promise<unknown>) => (id: string) => (ids.push(id), outcome());
    await once('urge', note(lost));
    await once('withdraw', note(() => Promise.reject(new Refused('不行', { reason: '请填写' }))));
    expect(state.fields).toEqual({ reason: '请填写' });
    await once('withdraw', note(() => Promise.resolve(1)));
    expect(new Set(ids).size).toBe(3);
  });
  it('is not begun while one is under way', async () => {
    const { once } = useOnce();
    let finish: (value: number) => void = () => undefined;
    const first = once('urge', () => new Promise<number>((resolve) => (finish = resolve)));
    const second = vi.fn();
    expect(await once('urge', second)).toBeUndefined();
    finish(1);
    expect(await first).toBe(1);
    expect(second).not.toHaveBeenCalled();
  });
});

describe('what is said', () => {
  it('tells Beijing time and numbers in groups', () => {
    expect(moment(Date.UTC(2026, 0, 1, 16, 30))).toBe('2026-01-02 00:30');
    expect(moment(null)).toBe('');
    expect(grouped('232720260112000017')).toBe('2327 20260112 000017');
  });
});
