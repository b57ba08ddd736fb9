// Lets many changes through as few redraws: the first at once, then at most one per interval.

export class Pulse {
  private timer = 0;
  private last = 0;

  constructor(
    private readonly everyMs: number,
    private readonly fire: () => void,
  ) {}

  touch(): void {
    if (this.timer !== 0) return;
    const wait = this.last + this.everyMs - Date.now();
    if (wait <= 0) this.beat();
    else this.timer = window.setTimeout(() => this.beat(), wait);
  }

  private beat(): void {
    this.timer = 0;
    this.last = Date.now();
    this.fire();
  }
}
