// Owns staying below the platform's limits: 5 a second per chat or user (shared with other bots), 50 a second and 1000 a
// minute per app. Counts this process's own sends on its clock; the platform's own word (230020, 429) still wins.
import type { Clock } from '../ports.ts';

export interface Pace {
  /** Milliseconds until this lane may send again; 0: now. */
  waitFor(lane: string): number;
  count(lane: string): void;
}

/** Nine tenths of each limit, at most. */
const perLane = { sends: 4, within: 1000 };
const perApp = [
  { sends: 45, within: 1000 },
  { sends: 900, within: 60_000 },
];

export function createPace(clock: Clock): Pace {
  const lanes = new Map<string, number[]>();
  let app: number[] = [];
  const wait = (times: readonly number[], limit: { sends: number; within: number }) => {
    const oldest = times.at(-limit.sends);
    return oldest === undefined ? 0 : Math.max(0, oldest + limit.within - clock.now());
  };
  return {
    waitFor: (lane) => Math.max(wait(lanes.get(lane) ?? [], perLane), ...perApp.map((limit) => wait(app, limit))),
    count(lane) {
      const now = clock.now();
      if (lanes.size > 5000) lanes.clear(); // only the last second matters
      lanes.set(lane, [...(lanes.get(lane) ?? []), now].slice(-perLane.sends));
      app = [...app, now].slice(-1000);
    },
  };
}
