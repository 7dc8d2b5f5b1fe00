// Owns rate limits: sliding windows over 'limit time'.
//
// Limit time moves by whichever moved further since the last look: real time or virtual time. At ×1 both agree. A demo at
// ×60 neither refuses a bot that paces itself on the virtual clock, nor hides a burst: calls made at once still fall into
// one second; a demo that is paused does not lock a chat. A test's manual clock counts alone, so that a slow machine
// changes nothing.
import type { VirtualClock } from './clock.ts';

export interface Window {
  readonly key: string;
  readonly limit: number;
  readonly ms: number;
}
export interface Refused {
  readonly limit: number;
  readonly waitMs: number;
}

const MAX_KEYS = 5000;
const LONGEST = 60_000; // ms of the longest window

export class Limits {
  readonly #clock: VirtualClock;
  readonly #hits = new Map<string, number[]>();
  #time = 0;
  #real = performance.now();
  #virtual: number;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#virtual = clock.now();
  }

  /** Counts one call in every window, or refuses and counts it in none. */
  take(...windows: readonly Window[]): Refused | null {
    const now = this.now();
    for (const w of windows) {
      const hits = this.#recent(w, now);
      if (hits.length >= w.limit) return { limit: w.limit, waitMs: Math.ceil((hits[0] ?? now) + w.ms - now) };
    }
    for (const w of windows) this.#recent(w, now).push(now);
    return null;
  }

  #recent(w: Window, now: number): number[] {
    const hits = this.#hits.get(w.key) ?? [];
    const first = hits.findIndex((t) => t > now - w.ms);
    if (first !== 0) hits.splice(0, first === -1 ? hits.length : first);
    if (this.#hits.size > MAX_KEYS) this.#forget(now);
    this.#hits.set(w.key, hits);
    return hits;
  }

  #forget(now: number): void {
    for (const [key, hits] of this.#hits) if ((hits.at(-1) ?? 0) < now - LONGEST) this.#hits.delete(key);
  }

  /** Limit time, ms. */
  now(): number {
    const real = performance.now();
    const virtual = this.#clock.now();
    const flowed = this.#clock.manual ? 0 : real - this.#real;
    this.#time += Math.max(flowed, virtual - this.#virtual, 0);
    this.#real = real;
    this.#virtual = virtual;
    return Math.floor(this.#time);
  }
}
