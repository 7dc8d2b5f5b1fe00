// Owns group commit: many write units in one transaction, each alone in its savepoint. Synchronous; knows no queue.
import { type Connection, isBusy, isConstraint } from './connection.ts';
import { CommitUnknown, type Outcome, type Statement } from './engine.ts';

export type Unit = readonly Statement[];
/** `failed`: this unit changed nothing, for a reason that is no constraint — or nobody knows (CommitUnknown). */
export type Verdict = Outcome | { readonly failed: unknown };

const SAVEPOINT: Statement = { sql: 'SAVEPOINT unit', args: [] };
const UNDO: Statement = { sql: 'ROLLBACK TO unit', args: [] };
const RELEASE: Statement = { sql: 'RELEASE unit', args: [] };

/** One verdict per unit, in order. Throws when the group could not be tried at all; then nothing of it stands. */
export function runGroup(connection: Connection, units: readonly Unit[]): Verdict[] {
  if (units.length === 0) return [];
  connection.exec('BEGIN IMMEDIATE');
  const verdicts: Verdict[] = [];
  for (const unit of units) {
    try {
      verdicts.push(inSavepoint(connection, unit));
    } catch (error) {
      connection.drop();
      if (isBusy(error)) throw error;
      // The transaction went down with this unit, so the others run again without it; nothing was committed yet.
      const at = verdicts.length;
      return runGroup(connection, units.toSpliced(at, 1)).toSpliced(at, 0, verdictOf(error));
    }
  }
  return committed(connection, verdicts);
}

/** The whole group as one, without savepoints. null: one of its units failed, nothing of it stands, and it may be run again. */
export function runPlainly(connection: Connection, units: readonly Unit[]): Verdict[] | null {
  connection.exec('BEGIN IMMEDIATE');
  const verdicts: Verdict[] = [];
  try {
    for (const unit of units) verdicts.push({ ok: true, rows: unit.map((s) => connection.rows(s)) });
  } catch (error) {
    if (isConstraint(error) && connection.inTransaction) connection.exec('ROLLBACK');
    else connection.drop();
    return null;
  }
  return committed(connection, verdicts);
}

function inSavepoint(connection: Connection, unit: Unit): Outcome {
  connection.rows(SAVEPOINT);
  const rows = [];
  for (const [at, statement] of unit.entries()) {
    try {
      rows.push(connection.rows(statement));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      if (!connection.inTransaction) throw new LostTransaction(at); // ON CONFLICT ROLLBACK takes the neighbours along
      connection.rows(UNDO);
      connection.rows(RELEASE);
      return { ok: false, at };
    }
  }
  connection.rows(RELEASE);
  return { ok: true, rows };
}

function committed(connection: Connection, verdicts: Verdict[]): Verdict[] {
  try {
    connection.exec('COMMIT');
    return verdicts;
  } catch (error) {
    connection.drop();
    // Busy: SQLite kept the transaction open, and dropping rolled it back. Constraint: only a deferred one can fail here;
    // the schema has none, and it cannot be told whose it was. Anything else (disk full, I/O) may have reached the disk.
    if (isBusy(error) || isConstraint(error)) throw error;
    const failed = new CommitUnknown('the commit failed and may yet be found on disk', { cause: error });
    return verdicts.map((verdict) => ('ok' in verdict && !verdict.ok ? verdict : { failed }));
  }
}

class LostTransaction extends Error {
  readonly at: number;
  constructor(at: number) {
    super('the statement rolled back the whole transaction');
    this.at = at;
  }
}

const verdictOf = (error: unknown): Verdict =>
  error instanceof LostTransaction ? { ok: false, at: error.at } : { failed: error };
