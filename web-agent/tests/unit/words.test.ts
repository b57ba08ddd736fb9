import { describe, expect, it } from 'vitest';
import type { TicketFull } from '@/rpc/wire';
import { detailWords, headWords, type Names } from '@/ui/happened';
import { ruleTerm } from '@/ui/rules';
import { toldOf } from '@/ui/told';
import { eventOf, fullWith } from './cards';

describe('the limit behind a deadline', () => {
  it.each([
    ['handle_complaint:5wd', '投诉办理 5 个工作日'],
    ['handle_help:3wd+3wd', '求助办理 3 个工作日，延期 3 个工作日'],
    ['handle_urgent:24h', '紧急件办理 24 小时'],
    ['sign_normal:4wh', '签收 4 个工作小时'],
    ['return_audit:1wd', '退单审核 1 个工作日'],
    ['handle_help:5400000wms', '求助办理 剩余 1.5 个工作小时'],
    ['handle_critical:7200000ms+1wd', '特急件办理 剩余 2 小时，延期 1 个工作日'],
    ['pause', '挂起'],
  ])('%s', (rule, words) => expect(ruleTerm(rule)).toBe(words));

  it('may be none', () => expect(ruleTerm(null)).toBe(''));
});

describe('the timeline', () => {
  const full = fullWith({
    parts: [{ part: 4, dept: 2402 }] as TicketFull['parts'],
    links: [{ id: 9, number: '232720260101000009', title: '同一井盖' }] as TicketFull['links'],
  });
  const names: Names = { unit: (dept) => `单位${dept}`, full };
  const said = (action: string, detail: Record<string, unknown>, due: number | null = null) =>
    detailWords(eventOf({ action, detail, due }), names);

  it('says who, why and how long', () => {
    expect(said('part_sign', { part: 4 })).toEqual(['承办单位：单位2402']);
    expect(said('assist', { dept: 5 })).toEqual(['协办单位：单位5']);
    expect(said('assign', { dept: 5, assists: [6, 7] })).toEqual(['承办单位：单位5', '协办单位：单位6、单位7']);
    expect(said('link', { other: 9 })).toEqual(['232720260101000009 同一井盖']);
    expect(said('refuse', { cause: 2 })).toEqual(['依据：应通过诉讼、仲裁途径解决']);
    expect(said('ask_pause', { cause: 1, until: '2026-12-01' })).toEqual(['至 2026-12-01', '原因：季节或天气原因不能施工']);
  });

  it('says the new deadline where one is given', () => {
    expect(said('extend', { days: 3 }, 1_700_000_000_000)).toEqual(['3 个工作日', '新期限 2023-11-15 06:13:20']);
    expect(said('progress', {}, 1_700_000_000_000)).toEqual([]);
  });

  it('calls a card by its colour', () => {
    expect(headWords(eventOf({ action: 'alarm', detail: { level: 2 } }))).toBe('红牌');
    expect(headWords(eventOf({ action: 'sign' }))).toBe('签收');
  });
});

describe('告知与回访', () => {
  it('is one list in the order of time', () => {
    const told = toldOf(fullWith({
      messages: [{ kind: 'told', round: 1, at: 30, sent: null, fault: '空号' }],
      events: [
        eventOf({ action: 'contact', at: 10, note: '已说明', detail: { result: 'reached' } }),
        eventOf({ action: 'miss', at: 40, detail: { result: 'busy' } }),
        eventOf({ action: 'sign', at: 5 }),
      ],
      evaluations: [{ round: 1, grade: 1, solved: false, blame: 2, reason: '慢', comment: null, way: 'web', counted: true, at: 50, who: '诉求人' }],
    }));
    expect(told.map((one) => [one.what, one.standing, one.tone])).toEqual([
      ['联系诉求人', '已联系上', 'green'],
      ['结果短信', '未送达：空号', 'red'],
      ['回访', '占线', 'amber'],
      ['第1轮评价', '非常不满意', 'red'],
    ]);
  });
});
