// The catalogues of the reference data as choices for a typing box.
import type { Department, Matter, Region, Theme } from '@/rpc/wire';
import { PREFECTURE } from '@/stores/reference';
import type { Choice } from './search';

export interface Place {
  region: string;
  town: string;
}

const TOWN_KINDS = ['镇', '乡', '街道'];

export function placeChoices(regions: readonly Region[]): Choice<Place>[] {
  const byCode = new Map(regions.map((one) => [one.region, one]));
  return regions.map((one) => {
    const above = TOWN_KINDS.some((kind) => one.kind.includes(kind))
      ? byCode.get(one.parent ?? '')
      : undefined;
    return {
      value: above ? { region: above.region, town: one.region } : { region: one.region, town: '' },
      label: above ? `${above.name} ${one.name}` : one.name,
      hint: one.kind,
      py: above ? above.py + one.py : one.py,
      words: '',
    };
  });
}

export function matterChoices(matters: readonly Matter[]): Choice<string>[] {
  return matters.map((one) => ({
    value: one.matter,
    label: one.name,
    hint: one.grp,
    py: one.py,
    words: `${one.matter} ${one.words}`,
  }));
}

export function themeChoices(themes: readonly Theme[]): Choice<number>[] {
  return themes.map((one) => ({
    value: one.theme,
    label: one.name,
    hint: `${one.audience} · ${one.stage}`,
    py: one.py,
    words: one.matters.map((matter) => matter.name).join('|'),
  }));
}

/** Whether `above` may hand down to `one`: its own county's units, or counties' units of the same duty. */
export function isBelow(above: Department, one: Department): boolean {
  if (one.dept === above.dept) return false;
  if (['县区政府', '政务服务中心'].includes(above.kind) && above.region === one.region) return true;
  return above.region === PREFECTURE && one.region !== PREFECTURE && one.duties.some((duty) => above.duties.includes(duty));
}

export function departmentChoices(departments: readonly Department[]): Choice<number>[] {
  return departments.map((one) => ({
    value: one.dept,
    label: one.name,
    hint: one.kind,
    py: one.py,
    words: one.short,
  }));
}
