// Owns how often the platform was asked to send each message: a key told once may still have been sent twice, since the
// platform itself drops the second within an hour. Asked for at least every 5,000 calls, which is all a platform remembers.
import type { Simulator } from '../../simulator/simulator.ts';

export interface SendCalls {
  /** Takes down what was called since the last look. */
  look(): void;
  /** Calls that reached the platform with this uuid. */
  of(uuid: string): number;
}

export function countSends(sim: Pick<Simulator, 'calls'>): SendCalls {
  const counts = new Map<string, number>();
  let last: Simulator['calls'][number] | undefined;
  return {
    look() {
      const { calls } = sim;
      const from = last === undefined ? 0 : calls.lastIndexOf(last) + 1;
      if (last !== undefined && from === 0) throw new Error('calls were forgotten before they were counted');
      for (const { path, body } of calls.slice(from)) {
        const { uuid } = body as { uuid?: string };
        if (path === '/im/v1/messages' && uuid !== undefined) counts.set(uuid, (counts.get(uuid) ?? 0) + 1);
      }
      last = calls.at(-1) ?? last;
    },
    of: (uuid) => counts.get(uuid) ?? 0,
  };
}
