import { describe, expect, it } from 'vitest';
import { missingOf, submissionOf, titleFrom } from '@/pages/agent/submission';
import { draftNew } from '@/stores/drafts';

describe('a submission', () => {
  it('leaves out what was not filled in', () => {
    const draft = { ...draftNew(''), kind: 3, region: '232761', title: ' 题 ', body: ' 文 ' };
    expect(JSON.parse(JSON.stringify(submissionOf(draft)))).toEqual({
      kind: 3, urgency: 0, secrecy: 0, region: '232761', title: '题', body: '文',
    });
  });
  it('names what is plainly missing', () => {
    expect(Object.keys(missingOf(draftNew('')))).toEqual(['region', 'kind', 'body']);
  });
  it('has the first sentence for a title where none was typed', () => {
    const draft = { ...draftNew(''), kind: 3, region: '232761', body: '路灯不亮。晚上很黑' };
    expect(submissionOf(draft).title).toBe('路灯不亮');
    expect(titleFrom('家里不热。已经三天了')).toBe('家里不热');
    expect(titleFrom('长'.repeat(50))).toBe(`${'长'.repeat(30)}…`);
  });
});
