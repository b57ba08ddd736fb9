// A search in the address, as conditions, and what one box means.
import { describe, expect, it } from 'vitest';
import { conditionsOf, filterOf, queryOf, sortOf, withTyped, withValue, without, wordsOf } from '@/pages/search/filter';
import type { Filter } from '@/rpc/commands';
import { typedAs } from '@/ui/typed';

const names = { matter: (code: string) => `事项${code}`, region: (code: string) => `地点${code}`, dept: (dept: number) => `单位${dept}`, agent: () => '我' };

describe('a filter in the address', () => {
  const filter: Filter = { text: '供暖 冰凉', state: [35, 40], open: true, matter: ['01', '0305'], accepted_in: 'days30', grade: [0, 1] };
  it('comes back as it went', () => {
    const query = Object.fromEntries(Object.entries(queryOf(filter)).map(([name, value]) => [name, String(value)]));
    expect(filterOf(query)).toEqual(filter);
  });
  it('leaves out what is no filter, and what nobody could have chosen', () => {
    expect(filterOf({ id: '5', view: '3', sort: 'due', state: 'x,-1,35', kind: '', open: 'false', phone: '13800000000' })).toEqual({ state: [35], open: false });
    expect(sortOf({ sort: 'colour' })).toBe('newest');
  });
});

describe('conditions', () => {
  it('are one for each value, and each says what is left without it', () => {
    const found = conditionsOf({ text: '供暖', state: [35, 40], phone_index: 'f'.repeat(64), phone_mask: '138****0001', closed_from: '2026-01-01', grade: [0] }, names);
    expect(found.map((one) => `${one.label} ${one.value}`)).toEqual(['内容 供暖', '来电号码 138****0001', '状态 待签收', '状态 办理中', '评价 未评价', '办结 2026-01-01 起']);
    expect(found[1]?.without).toEqual({ text: '供暖', state: [35, 40], closed_from: '2026-01-01', grade: [0] });
    expect(found[2]?.without.state).toEqual([40]);
    expect(found[4]?.without).not.toHaveProperty('grade');
  });
  it('are added once', () => {
    expect(withValue({ kind: [3] }, 'kind', 3)).toEqual({ kind: [3] });
    expect(withValue({ kind: [3] }, 'kind', 2)).toEqual({ kind: [3, 2] });
    expect(without({ kind: [3], open: true }, 'kind')).toEqual({ open: true });
  });
  it('take what stands in the box along', () => {
    expect(withTyped({ text: '供暖', state: [35] }, ' 路灯 ')).toEqual({ text: '路灯', state: [35] });
    expect(withTyped({ number: '000123', state: [35] }, '路灯')).toEqual({ text: '路灯', state: [35] });
    expect(withTyped({ text: '供暖', state: [35] }, '')).toEqual({ state: [35] });
  });
});

describe('one box', () => {
  it.each([
    ['138 4567 0001', { phone: '13845670001' }], ['0457-2123456', { phone: '04572123456' }], ['000123', { number: '000123' }],
    ['20261122', { number: '20261122' }], ['232720261122000123', { number: '232720261122000123' }], [' 供暖　不热 ', { text: '供暖　不热' }],
    ['12号楼', { text: '12号楼' }], ['  ', {}],
  ])('%s', (typed, meant) => expect(typedAs(typed)).toEqual(meant));
  it('marks each word', () => expect(wordsOf({ text: 'WiFi　信号 差' })).toBe('wifi|信号|差'));
});
