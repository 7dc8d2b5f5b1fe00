// Owns what a write does when the database did not say whether it stored it: the same unit once more. Knows no table.
import { CommitUnknown, type Engine, type Outcome, type Statement } from './engine.ts';

/** `rows` null: the unit stands by the attempt whose answer was lost; read what it left. */
export type Sure = Outcome | { readonly ok: true; readonly rows: null };

/**
 * Commits a unit that cannot stand twice: its statement 0 is its key (a seen id, a guard) and fails the second time, or
 * repeating it changes nothing. A second lost answer rejects with CommitUnknown.
 */
export async function surely(engine: Engine, unit: readonly Statement[]): Promise<Sure> {
  try {
    return await engine.commit(unit);
  } catch (error) {
    if (!(error instanceof CommitUnknown)) throw error;
  }
  const outcome = await engine.commit(unit);
  return !outcome.ok && outcome.at === 0 ? { ok: true, rows: null } : outcome;
}
