// A case's chain as columns: each matter stands one step behind the last of those it waits for.
import type { CaseMatter } from '@/rpc/wire';

type Link = Pick<CaseMatter, 'no' | 'deps' | 'gathers'>;

/** Matters by column. One that gathers all stands behind all; a chain that bites its tail ends somewhere. */
export function layersOf<M extends Link>(matters: readonly M[]): M[][] {
  const byNo = new Map(matters.map((one) => [one.no, one]));
  const depths = new Map<number, number>();
  const depth = (one: M, way: number): number => {
    const known = depths.get(one.no);
    if (known !== undefined) return known;
    if (way > matters.length) return 0;
    const before = one.deps.flatMap((no) => byNo.get(no) ?? []).map((dep) => depth(dep, way + 1) + 1);
    const found = Math.max(0, ...before);
    depths.set(one.no, found);
    return found;
  };
  const columns: M[][] = [];
  for (const one of matters.filter((matter) => !matter.gathers)) (columns[depth(one, 0)] ??= []).push(one);
  const last = matters.filter((one) => one.gathers);
  if (last.length > 0) columns.push(last);
  return columns.filter((column) => column !== undefined);
}
