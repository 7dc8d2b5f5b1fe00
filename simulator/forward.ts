// Owns going through time quickly and honestly: minute by minute, and what is to be done in a minute is done before the
// next one begins. Slower than asked when the work needs it, never skipping. Knows no platform and no bot.
import type { VirtualClock } from './clock.ts';

const MINUTE = 60_000;
/** Real ms in which calls on their way arrive: limits count them when they do. */
const HEARD_MS = 25;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export interface Run {
  /** Epoch ms, virtual; null: until it is stopped. */
  readonly until: number | null;
  /** Virtual ms per real ms at most; null: as fast as the work allows. */
  readonly speed: number | null;
  /** Asked after each minute: nothing more is wanted. */
  readonly enough?: () => boolean;
}

export interface UnderWay extends Run {
  readonly from: number;
}

export interface ForwardParts {
  readonly clock: VirtualClock;
  /** What a minute brings; awaited. */
  work(): Promise<unknown>;
  /** Another value whenever the platform was called. */
  heard(): unknown;
}

export class Forward {
  /** A run began or ended. */
  onChange: () => void = () => undefined;
  readonly #o: ForwardParts;
  #run: UnderWay | null = null;
  #stopping = false;
  #waiting: Promise<void> | null = null;
  /** Rejects when a minute's work did. */
  ended: Promise<void> = Promise.resolve();

  constructor(o: ForwardParts) {
    this.#o = o;
  }

  get underWay(): UnderWay | null {
    return this.#run;
  }

  /** Begins, in the place of a run under way. Resolves once it is under way; `ended` tells how it ended. */
  async start(run: Run): Promise<void> {
    await this.stop();
    const { clock } = this.#o;
    const underWay = { ...run, from: clock.now() };
    this.#run = underWay;
    this.#stopping = false;
    if (!clock.paused) clock.play(1); // minutes must not pass by themselves
    this.onChange();
    this.ended = this.#go(underWay).finally(() => {
      this.#run = null;
      this.onChange();
    });
    this.ended.catch(() => undefined);
  }

  /** Resolves when the minute under way is done; the clock goes on as it did before, at ×1. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.ended.catch(() => undefined);
  }

  /** Waiting for somebody inside a minute's work: time moves on instead, once what was said has been heard. */
  async wait(ms: number): Promise<void> {
    if (this.#run === null || this.#stopping) return pause(ms);
    this.#waiting ??= this.#quiet()
      .then(() => (this.#stopping ? undefined : this.#o.clock.advanceBy(ms)))
      .finally(() => {
        this.#waiting = null;
      });
    return this.#waiting;
  }

  async #quiet(): Promise<void> {
    let before: unknown;
    do {
      before = this.#o.heard();
      await pause(HEARD_MS);
    } while (this.#o.heard() !== before);
  }

  async #go({ from, until, speed, enough }: UnderWay): Promise<void> {
    const { clock, work } = this.#o;
    const began = performance.now();
    const end = until ?? Number.POSITIVE_INFINITY;
    for (let next = nextMinute(from); ; next += MINUTE) {
      // Also lets the page be answered between two minutes.
      const ahead = speed === null ? 0 : (next - from) / speed - (performance.now() - began);
      await (ahead > 1 ? pause(ahead) : new Promise(setImmediate));
      if (this.#stopping) return;
      await clock.advanceTo(Math.min(next, end));
      await work();
      if (next >= end || enough?.()) return;
    }
  }
}

const nextMinute = (ms: number) => (Math.floor(ms / MINUTE) + 1) * MINUTE;
