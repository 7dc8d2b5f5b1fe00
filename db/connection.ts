// Owns one raw libSQL connection to a file (Node only): opening, settings, prepared statements, and starting afresh.
import Database from 'libsql';
import { bound } from './bind.ts';
import type { Statement, Value } from './engine.ts';
import { sqlShape } from './sqlShape.ts';

interface Prepared {
  /** The table it writes to; null for one that only reads. */
  readonly writes: string | null;
  readonly reads: boolean;
  /** Rows changed. */
  readonly run: (args: unknown[]) => number;
  /** null for a statement that returns no rows. */
  readonly all: ((args: unknown[]) => unknown[]) | null;
  readonly parameters: number;
}

/** Our SQL texts are fixed at start, some hundred; the cap only stops a caller that builds texts from growing memory. */
const CACHED_STATEMENTS = 1_000;
const NO_ROWS: Value[][] = [];

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
export const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');
export const isConstraint = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_CONSTRAINT');

/** A statement that had to change a row found none: the unit falls as by a constraint of its tables. */
class Unmet extends Error {
  readonly code = 'SQLITE_CONSTRAINT_UNMET';
}

/** Opens on first use and again after `drop`. Every call is synchronous and throws libSQL's SqliteError. */
export class Connection {
  readonly #path: string;
  readonly #settings: readonly string[];
  readonly #statements = new Map<string, Prepared>();
  #db: Database.Database | null = null;

  constructor(path: string, settings: readonly string[]) {
    this.#path = path;
    this.#settings = settings;
  }

  get inTransaction(): boolean {
    return this.#db?.inTransaction ?? false;
  }

  /** BEGIN, COMMIT and PRAGMA go here: unlike a prepared statement, exec leaves nothing behind when it meets SQLITE_BUSY. */
  exec(sql: string): void {
    this.#open().exec(sql);
  }

  /** The table this text writes to, null for none. Knows texts that ran since the connection was opened; else looks. */
  writesTo(sql: string): string | null {
    return (this.#statements.get(sql) ?? { writes: tableOf(sql) }).writes;
  }

  /** As `rows`, for a text that only reads: any other is refused before it runs. Units may do both. */
  readRows(statement: Statement): Value[][] {
    if (!this.#prepared(statement.sql).reads) throw new RangeError(`a read may not write: ${statement.sql}`);
    return this.rows(statement);
  }

  rows(statement: Statement): Value[][] {
    const prepared = this.#prepared(statement.sql);
    if (statement.args.length !== prepared.parameters) {
      throw new RangeError(`${prepared.parameters} arguments wanted, ${statement.args.length} given: ${statement.sql}`);
    }
    const args = bound(statement.args);
    if (prepared.all !== null) return plain(prepared.all(args) as Value[][]);
    if (prepared.run(args) === 0 && statement.must !== undefined) throw new Unmet(statement.sql);
    return NO_ROWS;
  }

  /**
   * Rolls back, closes and forgets; the next use opens afresh. The cure after SQLITE_BUSY (libsql 0.5.29 leaves the
   * failed statement running: later writes then return success and are not stored) and after anything unforeseen.
   */
  drop(): void {
    const db = this.#db;
    this.#db = null;
    this.#statements.clear();
    if (db !== null) closeQuietly(db);
  }

  #open(): Database.Database {
    if (this.#db !== null) return this.#db;
    const db = new Database(this.#path, { timeout: 0 }); // waiting happens outside: in here it would freeze the process
    try {
      for (const setting of this.#settings) db.exec(setting);
    } catch (error) {
      closeQuietly(db);
      throw error;
    }
    this.#db = db;
    return db;
  }

  #prepared(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const shape = sqlShape(sql);
    if (shape.statements !== 1) throw new RangeError(`one statement wanted, ${shape.statements} given: ${sql}`);
    const statement = this.#open().prepare(sql);
    const reader = statement.reader;
    if (reader) statement.raw();
    // One row is asked for with `get`: `all` makes an iterator, a native object with a finalizer and room for 100 rows.
    const all = SINGLE.test(sql)
      ? (args: unknown[]) => {
          const row = statement.get(args);
          return row === undefined ? [] : [row];
        }
      : (args: unknown[]) => statement.all(args);
    const prepared: Prepared = {
      run: (args) => statement.run(args).changes,
      all: reader ? all : null,
      parameters: shape.parameters,
      reads: READ.test(sql) && tableOf(sql) === null,
      writes: tableOf(sql),
    };
    if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

const READ = /^\s*(?:select|with|explain|values|pragma\s+\w+\s*(?:;|\(|$))/i;
const SINGLE = /\blimit 1\s*$/i;
const WRITE = /\b(?:insert(?:\s+or\s+\w+)?\s+into|replace\s+into|update(?:\s+or\s+\w+)?|delete\s+from)\s+["`]?(\w+)/i;
const tableOf = (sql: string): string | null => WRITE.exec(sql)?.[1]?.toLowerCase() ?? null;

/** libSQL hands blobs out as Buffer; the door promises a Uint8Array. */
function plain(rows: Value[][]): Value[][] {
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      const value = row[i];
      if (value instanceof Uint8Array) row[i] = new Uint8Array(value);
    }
  }
  return rows;
}

/** A closed connection may live on until its statements are collected, and would keep the write lock: roll back first. */
function closeQuietly(db: Database.Database): void {
  try {
    if (db.inTransaction) db.exec('ROLLBACK');
  } catch {
    // The transaction is gone already, or the file is: closing is all that is left.
  }
  try {
    db.close();
  } catch {
    // Nothing depends on this connection any more.
  }
}
