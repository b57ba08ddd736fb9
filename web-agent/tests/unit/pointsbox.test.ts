import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import PointsBox from '@/pages/agent/PointsBox.vue';
import { pointsOf } from '@/pages/agent/submission';

function opened(text: string) {
  const box = mount(PointsBox, {
    attachTo: document.body,
    props: { modelValue: text, 'onUpdate:modelValue': (value: string) => box.setProps({ modelValue: value }) },
  });
  return box;
}
const focused = () => document.activeElement?.getAttribute('data-test');

describe('the points of a ticket', () => {
  it('are listed with the keyboard alone', async () => {
    const box = opened('');
    await box.get('[data-test=point-add]').trigger('click');
    expect(focused()).toBe('point-1');
    await box.get('[data-test=point-1]').setValue('路灯不亮');
    await box.get('[data-test=point-1]').trigger('keydown', { key: 'Enter' });
    expect(focused()).toBe('point-2');
    await box.get('[data-test=point-2]').setValue('井盖缺失');
    expect(pointsOf(box.props('modelValue'))).toEqual(['路灯不亮', '井盖缺失']);
  });
  it('go away when they are empty', async () => {
    const box = opened('一\n');
    await box.get('[data-test=point-2]').trigger('keydown', { key: 'Backspace' });
    expect(focused()).toBe('point-1');
    expect(box.props('modelValue')).toBe('一');
    await box.get('[data-test=point-remove-1]').trigger('click');
    expect(box.props('modelValue')).toBe('');
    expect(focused()).toBe('point-add');
  });
  it('let Enter in an empty one go on to the next field', async () => {
    const box = opened(' ');
    const press = new KeyboardEvent('keydown', { key: 'Enter', cancelable: true, bubbles: true });
    box.get('[data-test=point-1]').element.dispatchEvent(press);
    expect(press.defaultPrevented).toBe(false);
  });
});
