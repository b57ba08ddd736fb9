// Asks before a step that cannot be taken back; shown by ConfirmBox.
import { shallowRef } from 'vue';

export interface Question {
  title: string;
  text: string;
  yes: string;
  /** What “no” means here; 取消 if not said. */
  no?: string;
  danger?: boolean;
}

export const asked = shallowRef<(Question & { settle: (yes: boolean) => void }) | null>(null);

export function confirmStep(question: Question): Promise<boolean> {
  asked.value?.settle(false);
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      settle: (yes) => {
        asked.value = null;
        resolve(yes);
      },
    };
  });
}
