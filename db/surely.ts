// Owns what a write does when the database did not say whether it stored it: the same unit once more. Knows no table.
import { CommitUnknown, type Engine, type Outcome, type Statement } from './engine.ts';

/** `rows` null: the unit stands by the attempt whose answer was lost; read what it left. */
export type Sure = Outcome | { readonly ok: true; readonly rows: null };

/**
 * Commits a unit that cannot stand twice: its statement 0 is its key (a seen id, a guard) and fails the second time, or
 * repeating it changes nothing. A unit that is known in another way says so by `stood`, asked when it fails the second time.
 * A second lost answer rejects with CommitUnknown.
 */
export async function surely(
  engine: Engine,
  unit: readonly Statement[],
  stood?: () => Promise<boolean>,
): Promise<Sure> {
  try {
    return await engine.commit(unit);
  } catch (error) {
    if (!(error instanceof CommitUnknown)) throw error;
  }
  const outcome = await engine.commit(unit);
  if (outcome.ok) return outcome;
  return (stood === undefined ? outcome.at === 0 : await stood()) ? { ok: true, rows: null } : outcome;
}
