// Owns the five ways in which a call to the platform fails: each leaves the bot with another belief about what happened.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fate } from '../soak/line.ts';

const busy = JSON.stringify({ code: 99991400, msg: 'request trigger frequency limit' });
const json = { 'content-type': 'application/json' };

/** `holdMs`: real milliseconds a call stays without an answer before its connection is given up. */
export function badCalls(holdMs: number): Readonly<Record<string, Fate>> {
  return {
    '5xx': async () => ({ status: 503, headers: {}, body: Buffer.alloc(0) }),
    '429': async () => ({ status: 429, headers: { ...json, 'x-ogw-ratelimit-reset': '1' }, body: Buffer.from(busy) }),
    async 'timeout before'() {
      await pause(holdMs);
      return null;
    },
    async 'timeout after it worked'(send) {
      await send();
      await pause(holdMs);
      return null;
    },
    'connection reset': async () => null,
  };
}
