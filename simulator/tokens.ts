// Owns tenant access tokens: 2 h each; the same one is handed out while it has 30 minutes or more to live.
import { newId } from './seal.ts';

const LIFE = 7_200_000;
const RENEW_BELOW = 1_800_000;

export class Tokens {
  #live: { token: string; until: number }[] = [];

  /** `expire` in seconds, as the platform says it. */
  issue(now: number): { token: string; expire: number } {
    this.#live = this.#live.filter((t) => t.until > now);
    let newest = this.#live.at(-1);
    if (newest === undefined || newest.until - now < RENEW_BELOW) {
      newest = { token: newId('t-g'), until: now + LIFE };
      this.#live.push(newest);
    }
    return { token: newest.token, expire: Math.floor((newest.until - now) / 1000) };
  }

  isValid(token: string, now: number): boolean {
    return this.#live.some((t) => t.token === token && t.until > now);
  }

  /** Every token out there stops working (99991663), as after a secret was reset. */
  revokeAll(): void {
    this.#live = [];
  }
}
