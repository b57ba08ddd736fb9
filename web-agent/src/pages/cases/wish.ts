// What somebody wants to do to a case, a matter or a task, before the words for it are there.
import type { Level } from '@/stores/caseLaw';

export interface CaseWish {
  level: Level;
  action: string;
  /** State of what it moves. */
  state: number;
  no?: number;
  dept?: number;
  promise?: number;
  /** Name of what it is about, for the dialog's title. */
  about?: string;
}
