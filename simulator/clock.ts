// Owns the simulator's one time: virtual, never running backwards, with timers on it. Knows nothing of the platform.

export interface ClockTimers {
  /** Runs `run` once when virtual time reaches `ms`; at once (asynchronously) when it already has. Returns a cancel. */
  at(ms: number, run: () => unknown): () => void;
  /** Resolves when virtual time reaches `ms`. */
  sleepUntil(ms: number): Promise<void>;
}

export interface ClockStart {
  readonly start: number; // epoch ms
  readonly speed?: number; // virtual ms per real ms while playing; default 1
  readonly paused?: boolean; // a test's manual clock; default false
}

interface Timer {
  readonly due: number;
  readonly run: () => unknown;
}

/**
 * Plays at a speed, or stands still and is moved by hand. `advanceTo` fires due timers in their order, with `now()`
 * equal to each one's due time, and awaits what each returns; with no timer due it moves before it returns its promise.
 */
export class VirtualClock implements ClockTimers {
  #anchor: number;
  #realAnchor = performance.now();
  #speed: number;
  #paused: boolean;
  #manual: boolean;
  #timers: Timer[] = [];
  #running: Promise<void> | null = null;
  #wake: NodeJS.Timeout | null = null;
  readonly #listeners = new Set<(now: number) => unknown>();

  constructor(o: ClockStart) {
    this.#anchor = o.start;
    this.#speed = o.speed ?? 1;
    this.#paused = o.paused ?? false;
    this.#manual = this.#paused;
  }

  now(): number {
    if (this.#paused) return this.#anchor;
    return Math.floor(this.#anchor + (performance.now() - this.#realAnchor) * this.#speed);
  }

  get paused(): boolean {
    return this.#paused;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Started paused and never played: a test moves it. */
  get manual(): boolean {
    return this.#manual;
  }

  pause(): void {
    this.#settle(this.now());
    this.#paused = true;
    this.#changed();
  }

  play(speed: number = this.#speed): void {
    this.#settle(this.now());
    this.#speed = speed;
    this.#paused = false;
    this.#manual = false;
    this.#changed();
  }

  /** Moves forward to `ms`; a time already past changes nothing. */
  advanceTo(ms: number): Promise<void> {
    return this.#enqueue(async () => {
      await this.#fireUntil(ms);
      for (const listener of this.#listeners) await listener(this.now());
    });
  }

  advanceBy(ms: number): Promise<void> {
    return this.advanceTo(this.now() + ms);
  }

  /** Only for 'everything anew': forgets all timers and starts again at `ms`, which may lie in the past. */
  reset(ms: number): void {
    this.#timers = [];
    this.#settle(ms);
    this.#changed();
  }

  /** After every jump, pause, play and reset (not while time merely flows). Awaited by `advanceTo`. Returns an undo. */
  onAdvance(listener: (now: number) => unknown): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  at(due: number, run: () => unknown): () => void {
    const timer = { due, run };
    const after = this.#timers.findIndex((t) => t.due > due);
    if (after === -1) this.#timers.push(timer);
    else this.#timers.splice(after, 0, timer);
    this.#arm();
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer);
    };
  }

  sleepUntil(ms: number): Promise<void> {
    return new Promise((done) => this.at(ms, done));
  }

  /** Drops all timers so that nothing runs after the owner is gone. */
  close(): void {
    this.#timers = [];
    if (this.#wake) clearTimeout(this.#wake);
    this.#listeners.clear();
  }

  #settle(ms: number): void {
    this.#anchor = ms;
    this.#realAnchor = performance.now();
  }

  #changed(): void {
    this.#arm();
    for (const listener of this.#listeners) listener(this.now());
  }

  // The first stretch runs before `advanceTo` returns, so an unawaited jump is visible at once.
  #enqueue(work: () => Promise<void>): Promise<void> {
    const turn = this.#running === null ? work() : this.#running.then(work, work);
    const mine = turn.finally(() => {
      if (this.#running === mine) this.#running = null;
      this.#arm();
    });
    this.#running = mine;
    return mine;
  }

  async #fireUntil(ms: number): Promise<void> {
    for (let next = this.#timers[0]; next !== undefined && next.due <= ms; next = this.#timers[0]) {
      this.#timers.shift();
      if (next.due > this.now()) this.#settle(next.due);
      await next.run();
    }
    if (ms > this.now()) this.#settle(ms);
  }

  #arm(): void {
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = null;
    const next = this.#timers[0];
    if (next === undefined || this.#running !== null) return;
    const ahead = next.due - this.now();
    if (ahead > 0 && this.#paused) return;
    const wait = Math.min(Math.max(0, Math.ceil(ahead / this.#speed)), 2 ** 31 - 1);
    this.#wake = setTimeout(() => void this.#enqueue(() => this.#fireUntil(this.now())), wait);
    this.#wake.unref();
  }
}

export function createVirtualClock(o: ClockStart): VirtualClock {
  return new VirtualClock(o);
}
