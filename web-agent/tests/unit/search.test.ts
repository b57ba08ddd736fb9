import { describe, expect, it } from 'vitest';
import { matterChoices, placeChoices } from '@/ui/choices';
import { searchChoices } from '@/ui/search';

const matters = matterChoices([
  matter('0101', '室温不达标', '供热供暖', '供暖期室温低|分户不热', 'swbdb'),
  matter('0103', '供热收费', '供热供暖', '热费标准|退费', 'grsf'),
  matter('0201', '停水与水压', '供水供电供气', '突发停水', 'tsysy'),
  matter('0203', '水费与报装', '供水供电供气', '水费异常', 'sfybz'),
]);

function matter(code: string, name: string, grp: string, words: string, py: string) {
  return { matter: code, name, grp, words, duty: 'x', level: 0, urgency: 0, note: '', py };
}

function found(typed: string): string[] {
  return searchChoices(matters, typed, 10).map((choice) => choice.value);
}

describe('matters are found', () => {
  it('by Chinese within the name', () => expect(found('停水')[0]).toBe('0201'));
  it('by pinyin initials, small or large', () => {
    expect(found('swb')[0]).toBe('0101');
    expect(found('GRSF')).toEqual(['0103']);
  });
  it('by initials from the middle', () => expect(found('bdb')).toEqual(['0101']));
  it('by the group, whole and in order', () => expect(found('供热供暖')).toEqual(['0101', '0103']));
  it('by an example, after better fits', () => expect(found('水费')).toEqual(['0203']));
  it('by code', () => expect(found('0103')).toEqual(['0103']));
  it('when every word fits', () => {
    expect(found('供热 退费')).toEqual(['0103']);
    expect(found('供热 停水')).toEqual([]);
  });
  it('all, in catalogue order, when nothing is typed', () => expect(found('  ').length).toBe(4));
});

describe('places', () => {
  const places = placeChoices([
    { region: '232701', name: '漠河市', kind: '县级市', parent: '232700', py: 'mhs' },
    { region: '232701100', name: '西林吉镇', kind: '镇', parent: '232701', py: 'xljz' },
  ]);
  it('know their county', () => {
    const town = searchChoices(places, 'xlj', 5)[0];
    expect(town?.label).toBe('漠河市 西林吉镇');
    expect(town?.value).toEqual({ region: '232701', town: '232701100' });
  });
  it('of the county come before those within it', () => {
    expect(searchChoices(places, '漠河', 5).map((one) => one.value.town)).toEqual(['', '232701100']);
    expect(searchChoices(places, 'mhs', 5)[0]?.value.town).toBe('');
  });
});
