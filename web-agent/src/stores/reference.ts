// Places, departments, matters and 一件事: asked once after login, looked up by everyone.
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { ask } from '@/rpc/desk';
import type { Department, Matter, Reference, Region, Theme } from '@/rpc/wire';

/** 大兴安岭地区, over its counties. */
export const PREFECTURE = '232700';

const EMPTY: Reference = { version: 0, regions: [], departments: [], matters: [], duties: [], themes: [] };

export const useReference = defineStore('reference', () => {
  const data = shallowRef<Reference>(EMPTY);
  const ready = shallowRef(false);
  let regions = new Map<string, Region>();
  let departments = new Map<number, Department>();
  let matters = new Map<string, Matter>();
  let themes = new Map<number, Theme>();

  function take(reference: Reference): void {
    regions = new Map(reference.regions.map((one) => [one.region, one]));
    departments = new Map(reference.departments.map((one) => [one.dept, one]));
    matters = new Map(reference.matters.map((one) => [one.matter, one]));
    themes = new Map(reference.themes.map((one) => [one.theme, one]));
    data.value = reference;
    ready.value = true;
  }

  async function load(): Promise<void> {
    take(await ask('reference.all', {}));
  }

  // Reading data.value makes what is drawn from a name wait for the reference data.
  const region = (code: string | null) => (data.value, regions.get(code ?? ''));
  const department = (dept: number | null) => (data.value, departments.get(dept ?? -1));
  const matter = (code: string | null) => (data.value, matters.get(code ?? ''));
  const theme = (number: number | null) => (data.value, themes.get(number ?? -1));

  function departmentName(dept: number | null): string {
    if (dept === null) return '未定';
    return department(dept)?.name ?? `单位 ${dept}`;
  }

  function departmentShort(dept: number | null): string {
    if (dept === null) return '未定';
    return department(dept)?.short ?? `单位 ${dept}`;
  }

  function placeName(code: string, town: string | null): string {
    const names = [region(code)?.name ?? code];
    if (town) names.push(region(town)?.name ?? town);
    return names.join(' ');
  }

  function matterName(code: string | null): string {
    if (!code) return '未分类';
    const found = matter(code);
    return found ? `${found.grp} / ${found.name}` : code;
  }

  return {
    data,
    ready,
    load,
    take,
    region,
    department,
    matter,
    theme,
    departmentName,
    departmentShort,
    placeName,
    matterName,
  };
});
