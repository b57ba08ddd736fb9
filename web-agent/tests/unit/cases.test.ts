// The picture of a case: columns by what waits for what; and what the law offers to whom.
import { describe, expect, it } from 'vitest';
import { CasePart } from '@/generated/case_flow';
import { layersOf } from '@/pages/cases/layers';
import { caseNeeds, caseOffers } from '@/stores/caseLaw';

const matter = (no: number, deps: number[] = [], gathers = false) => ({ no, deps, gathers });
const columns = (...matters: ReturnType<typeof matter>[]) => layersOf(matters).map((column) => column.map((one) => one.no));

describe('the columns of a chain', () => {
  it('stand behind the last of what a matter waits for', () => {
    expect(columns(matter(1), matter(2, [1]), matter(3, [2]), matter(4, [1]))).toEqual([[1], [2, 4], [3]]);
    expect(columns(matter(1), matter(2, [1, 3]), matter(3, [1]))).toEqual([[1], [3], [2]]);
  });

  it('end with what gathers all others', () => {
    expect(columns(matter(1, [], true), matter(2), matter(3))).toEqual([[2, 3], [1]]);
  });

  it('come to an end even for a chain that bites its tail, and lose no matter', () => {
    expect(columns(matter(1, [2]), matter(2, [1])).flat().sort()).toEqual([1, 2]);
    expect(columns(matter(1, [9]))).toEqual([[1]]);
  });
});

describe('what the law offers', () => {
  it('goes by state and by who somebody is', () => {
    expect(caseOffers('case', 30, CasePart.lead)).toContain('accept');
    expect(caseOffers('case', 30, CasePart.unit)).not.toContain('accept');
    expect(caseOffers('task', 30, CasePart.unit)).toEqual(['sign', 'send_back']);
    expect(caseOffers('task', 80, CasePart.unit)).toEqual([]);
  });

  it('says what a move must carry', () => {
    expect(caseNeeds('task', 'fail', 40).sort()).toEqual(['basis', 'reason']);
    expect(caseNeeds('case', 'take', 20)).toEqual([]);
  });
});
