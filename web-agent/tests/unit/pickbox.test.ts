import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import type { Department } from '@/rpc/wire';
import { isBelow } from '@/ui/choices';
import PickBox from '@/ui/PickBox.vue';
import type { Choice } from '@/ui/search';

const choices: Choice<string>[] = [
  { value: '0101', label: '室温不达标', hint: '供热供暖', py: 'swbdb', words: '' },
  { value: '0103', label: '供热收费', hint: '供热供暖', py: 'grsf', words: '' },
];

function box(modelValue: string | null = null): VueWrapper {
  return mount(PickBox, { props: { modelValue, choices, inputId: 'b', test: 'b' } }) as VueWrapper;
}

async function type(wrapper: VueWrapper, text: string): Promise<void> {
  await wrapper.get('input').setValue(text);
}

describe('a typing box', () => {
  it('takes the best fit on Enter', async () => {
    const wrapper = box();
    await type(wrapper, 'grsf');
    await wrapper.get('input').trigger('keydown', { key: 'Enter' });
    expect(wrapper.emitted('update:modelValue')?.pop()).toEqual(['0103']);
  });

  it('leaves Enter to the input method while it composes', async () => {
    const wrapper = box();
    await type(wrapper, 'grsf');
    await wrapper.get('input').trigger('keydown', { key: 'Enter', isComposing: true });
    expect(wrapper.emitted('update:modelValue')).toBeUndefined();
  });

  it('moves by arrows, round and round', async () => {
    const wrapper = box();
    await type(wrapper, '供热');
    const marked = () => wrapper.get('[aria-selected=true]').text();
    const first = marked();
    await wrapper.get('input').trigger('keydown', { key: 'ArrowDown' });
    expect(marked()).not.toBe(first);
    await wrapper.get('input').trigger('keydown', { key: 'ArrowDown' });
    expect(marked()).toBe(first);
  });

  it('takes a click', async () => {
    const wrapper = box();
    await type(wrapper, '室温');
    await wrapper.get('[role=option]').trigger('click');
    expect(wrapper.emitted('update:modelValue')?.pop()).toEqual(['0101']);
  });

  it('shows again what is chosen when nothing was picked', async () => {
    const wrapper = box('0101');
    await type(wrapper, '什么');
    await wrapper.get('input').trigger('blur');
    expect((wrapper.get('input').element as HTMLInputElement).value).toBe('室温不达标');
  });

  it('is emptied by emptying it', async () => {
    const wrapper = box('0101');
    await type(wrapper, '');
    await nextTick();
    expect(wrapper.emitted('update:modelValue')?.pop()).toEqual([null]);
  });
});

describe('units below', () => {
  const unit = (dept: number, region: string, kind: string, duties: string[]): Department =>
    ({ dept, region, kind, duties, name: `单位${dept}`, short: `${dept}`, py: '' });
  const bureau = unit(1, '232700', '地区部门', ['housing']);
  const county = unit(2, '232701', '县区政府', []);
  const theirs = unit(3, '232701', '县区部门', ['housing']);
  const other = unit(4, '232701', '县区部门', ['water']);

  it('are those of the same duty in the counties, and a county’s own', () => {
    expect([bureau, county, theirs, other].filter((one) => isBelow(bureau, one))).toEqual([theirs]);
    expect([bureau, county, theirs, other].filter((one) => isBelow(county, one))).toEqual([theirs, other]);
    expect([bureau, county, theirs, other].filter((one) => isBelow(theirs, one))).toEqual([]);
  });
});
