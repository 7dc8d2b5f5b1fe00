// Owns remembering the working cards this process wrote last: the next click on one carries its rev, and the write that
// follows is guarded by it, so that a card remembered wrongly costs a second try and never a wrong answer.
import type { Sitting } from '../src/ports.ts';
import type { Engine } from './engine.ts';

export interface Sittings {
  /** The sitting at this rev, or null when it is not remembered. */
  at(id: string, rev: number): Sitting | null;
  /** But for its counts, which are the village's and true for that moment only. */
  keep(sitting: Sitting): void;
  forget(id: string): void;
}

/** All cadres of a county at work; about 2 KB each. */
const atMost = 4_000;
/** What a card shows beyond its own rows: names and facts of the roster. Writes of other processes count as well. */
const roster = ['household', 'member'];

const uncounted = ({ counts: _, ...sitting }: Sitting): Sitting => sitting;

export function rememberSittings(engine: Pick<Engine, 'version'>): Sittings {
  const known = new Map<string, { readonly version: number; readonly sitting: Sitting }>();
  return {
    at(id, rev) {
      const kept = known.get(id);
      if (kept === undefined || kept.sitting.rev !== rev) return null;
      return kept.version === engine.version(roster) ? kept.sitting : null;
    },
    keep(sitting) {
      const version = engine.version(roster);
      // Until its message is known, whose click it is could not be told from a copy's.
      if (Number.isNaN(version) || sitting.messageId === null) return;
      if (known.size >= atMost) known.clear();
      known.set(sitting.id, { version, sitting: uncounted(sitting) });
    },
    forget: (id) => void known.delete(id),
  };
}
