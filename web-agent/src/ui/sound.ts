// The ring and the chime. Browsers allow sound only after the first click or key.

let context: AudioContext | null = null;
let ringing = 0;

function wake(): void {
  context ??= new AudioContext();
  void context.resume();
}

window.addEventListener('pointerdown', wake, { once: true });
window.addEventListener('keydown', wake, { once: true });

function tone(frequency: number, startS: number, lengthS: number): void {
  if (!context || context.state !== 'running') return;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  const from = context.currentTime + startS;
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.12, from);
  gain.gain.exponentialRampToValueAtTime(0.001, from + lengthS);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + lengthS);
}

function ringOnce(): void {
  for (const start of [0, 0.25, 0.5]) tone(880, start, 0.22);
}

export function ringStart(): void {
  if (ringing !== 0) return;
  ringOnce();
  ringing = window.setInterval(ringOnce, 2000);
}

export function ringStop(): void {
  window.clearInterval(ringing);
  ringing = 0;
}

export function chime(): void {
  tone(660, 0, 0.18);
  tone(990, 0.16, 0.3);
}
