// Owns remembering when the platform last sent an event and a card click, so that the operator can see whether both
// subscriptions work. At most one write a minute each; losing one costs nothing.
import { minute } from './domain/time.ts';
import type { Defer } from './ports.ts';
import type { Store } from './store.ts';

export type Arrival = 'event' | 'click';
export const arrivalKeys: Readonly<Record<Arrival, string>> = { event: 'lastEventAt', click: 'lastClickAt' };

export interface Arrivals {
  /** `at`: the process clock. Never throws and never waits. */
  note(kind: Arrival, at: number, world: { store: Store; defer: Defer }): void;
}

/** Plain data: on Workers made at module scope, so that it outlives the invocation. */
export function createArrivals(): Arrivals {
  const noted = new Map<Arrival, number>();
  return {
    note(kind, at, { store, defer }) {
      const before = noted.get(kind);
      if (before !== undefined && at >= before && at - before < minute) return;
      noted.set(kind, at);
      defer(store.setMeta(arrivalKeys[kind], String(at)).catch(() => noted.delete(kind)));
    },
  };
}
