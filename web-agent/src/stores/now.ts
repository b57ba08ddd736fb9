// The server's time as something to watch: every second for timers, every five for deadlines.
import { shallowRef } from 'vue';
import { serverNow } from '@/rpc/clock';

export const second = shallowRef(serverNow());
export const lampTime = shallowRef(serverNow());

const LAMP_MS = 5000;

function tick(): void {
  second.value = serverNow();
  if (second.value - lampTime.value >= LAMP_MS || second.value < lampTime.value) {
    lampTime.value = second.value;
  }
}

window.setInterval(tick, 1000);
