// Owns the door to libSQL: read rows, commit write units, run migrations. Two engines stand behind it: local.ts (an
// embedded file on Node) and remote.ts (libSQL over HTTP, Node and Workers). Knows no table of ours.

export type Value = string | number | null | Uint8Array;

/** One SQL statement. `sql` texts are built once at start, so an engine may cache what it prepared by the text. */
export interface Statement {
  readonly sql: string;
  readonly args: readonly Value[];
  /**
   * It must change a row, or the unit falls as by a constraint. The text says the same to a database that is far away: run
   * right after it, it fails where `changes()` is 0.
   */
  readonly must?: string;
}

/**
 * What became of a write unit. `rows[i]` are the rows of statement i (RETURNING or SELECT), as arrays in column order.
 * A constraint that failed is a value: `at` is the index of the statement that failed, and nothing of the unit stands.
 * `indeterminate` never appears here: an engine that does not know whether a commit happened throws `CommitUnknown`.
 */
export type Outcome =
  | { readonly ok: true; readonly rows: readonly (readonly Value[][])[] }
  | { readonly ok: false; readonly at: number };

/** The commit may or may not have happened (a lost answer of a remote database). Repeat the unit: its keys make that safe. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
}

export interface Migration {
  readonly tag: string;
  readonly when: number;
  readonly hash: string;
  readonly sql: readonly string[];
}

export interface Engine {
  /** Rows as arrays in column order. Sees every unit whose commit() has resolved. */
  read(sql: string, args: readonly Value[]): Promise<Value[][]>;
  /** All statements in one transaction, or none. Resolves after the data is durable (local: WAL, synchronous=FULL). */
  commit(unit: readonly Statement[]): Promise<Outcome>;
  /**
   * Another number after somebody, this process or another one, wrote to one of these tables; what was read before it
   * changed may be kept until then. A neighbour's write is noticed within 10 ms. NaN: this engine cannot tell.
   */
  version(tables: readonly string[]): number;
  /** Applies what is missing, in order; refuses a migration whose text was edited after it ran. Returns tags applied. */
  migrate(migrations: readonly Migration[]): Promise<string[]>;
  /** Tags that `migrate` would apply. */
  pending(migrations: readonly Migration[]): Promise<string[]>;
  close(): Promise<void>;
}
