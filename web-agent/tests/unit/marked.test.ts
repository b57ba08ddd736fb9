import { describe, expect, it } from 'vitest';
import { markedPieces } from '@/ui/marked';

const said = (title: string, words: string) => markedPieces(title, words).map((one) => (one.shared ? `[${one.text}]` : one.text)).join('');

describe('the words that petitions share', () => {
  it('are marked wherever they stand, whatever their case', () => {
    expect(said('育才小区楼下烧烤店油烟，育才小区', '育才小区|烧烤店')).toBe('[育才小区]楼下[烧烤店]油烟，[育才小区]');
    expect(said('K9县的K9', 'k9')).toBe('[K9]县的[K9]');
  });

  it('leave a title whole when there are none, or one letter only', () => {
    expect(said('井盖缺失', '')).toBe('井盖缺失');
    expect(said('井盖缺失', '井')).toBe('井盖缺失');
    expect(markedPieces('', '井盖')).toEqual([]);
  });
});
