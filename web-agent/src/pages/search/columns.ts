// The columns of what a search found, and by which of them it can be put in order.
import type { Params } from '@/rpc/commands';
import type { Sort } from './filter';

export type ColumnKey = NonNullable<Params<'view.save'>['columns']>[number];

export interface Column {
  key: ColumnKey;
  label: string;
  width: string;
  figures?: boolean;
  /** Orders that the head of the column goes through. */
  sorts?: readonly Sort[];
}

export const COLUMNS: readonly Column[] = [
  { key: 'number', label: '编号', width: '158px', figures: true },
  { key: 'state', label: '状态', width: '72px' },
  { key: 'kind', label: '类型', width: '40px' },
  { key: 'matter', label: '事项', width: '112px' },
  { key: 'place', label: '地点', width: '130px' },
  { key: 'dept', label: '承办单位', width: '112px' },
  { key: 'accepted', label: '受理', width: '122px', figures: true, sorts: ['newest', 'oldest'] },
  { key: 'due', label: '期限', width: '108px', sorts: ['due'] },
  { key: 'closed', label: '办结', width: '122px', figures: true, sorts: ['closed'] },
  { key: 'grade', label: '评价', width: '76px', sorts: ['grade'] },
  { key: 'channel', label: '渠道', width: '80px' },
  { key: 'changed', label: '最近变动', width: '122px', figures: true, sorts: ['changed'] },
];

/** Of a narrow window the first ones that fit; a wide one shows all of these. */
export const USUAL: ColumnKey[] = ['state', 'matter', 'place', 'dept', 'accepted', 'due', 'grade'];
export const FEW: ColumnKey[] = ['state', 'dept', 'accepted', 'due'];

export function columnsOf(keys: readonly ColumnKey[]): Column[] {
  return COLUMNS.filter((column) => keys.includes(column.key));
}
