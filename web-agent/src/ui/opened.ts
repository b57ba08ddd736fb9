// The ticket shown over the page, so that looking something up never loses what is being typed.
import { shallowRef } from 'vue';

export const openedTicket = shallowRef<number | null>(null);

export function openTicket(id: number): void {
  openedTicket.value = id;
}
