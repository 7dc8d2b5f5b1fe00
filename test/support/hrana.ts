// Owns what a libSQL server does with one stream's requests (Hrana 2), over an embedded database. Knows no HTTP.
import Database from 'libsql';
import { sqlShape } from '../../db/sqlShape.ts';

export type WireValue =
  | { type: 'null' }
  | { type: 'integer'; value: string }
  | { type: 'float'; value: number }
  | { type: 'text'; value: string }
  | { type: 'blob'; base64: string };
export interface WireStatement {
  sql?: string | null;
  sql_id?: number | null;
  args?: WireValue[];
  named_args?: { name: string; value: WireValue }[];
  want_rows?: boolean;
}
type Condition =
  | { type: 'ok' | 'error'; step: number }
  | { type: 'not'; cond: Condition }
  | { type: 'and' | 'or'; conds: Condition[] };
export type WireRequest =
  | { type: 'execute'; stmt: WireStatement }
  | { type: 'batch'; batch: { steps: { condition?: Condition | null; stmt: WireStatement }[] } }
  | { type: 'sequence' | 'describe'; sql?: string | null; sql_id?: number | null }
  | { type: 'store_sql'; sql_id: number; sql: string }
  | { type: 'close_sql'; sql_id: number }
  | { type: 'get_autocommit' | 'close' };
export interface WireError {
  message: string;
  code: string;
}
export type WireResult = { type: 'ok'; response: object } | { type: 'error'; error: WireError };

class HranaFailure extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One database file as a server holds it: idle connections, and one write lock given out first come, first served. */
export class ServedFile {
  readonly path: string;
  #idle: Database.Database[] = [];
  #tail: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
    this.back(this.connection());
  }

  connection(): Database.Database {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const db = new Database(this.path, { timeout: 0 });
    db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL');
    return db;
  }

  back(db: Database.Database): void {
    db.exec('PRAGMA foreign_keys=ON');
    this.#idle.push(db);
  }

  async writeTurn(): Promise<() => void> {
    const before = this.#tail;
    let free: (() => void) | undefined;
    this.#tail = new Promise((resolve) => {
      free = resolve;
    });
    await before;
    return () => free?.();
  }

  close(): void {
    for (const db of this.#idle) db.close();
    this.#idle = [];
  }
}

const READS = /^\s*(?:select|values|explain|pragma|commit|end|rollback|begin\s+(?:deferred|transaction\s+readonly))\b/i;
const TRANSACTION = /^\s*(?:begin|commit|end|rollback)\b/i;

export class HranaStream {
  readonly #file: ServedFile;
  readonly #texts = new Map<number, string>();
  #db: Database.Database;
  #freeTurn: (() => void) | null = null;
  #sound = true;
  closed = false;

  constructor(file: ServedFile) {
    this.#file = file;
    this.#db = file.connection();
  }

  async handle(request: WireRequest): Promise<WireResult> {
    try {
      return { type: 'ok', response: { type: request.type, ...(await this.#response(request)) } };
    } catch (error) {
      return { type: 'error', error: wireError(error) };
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#freeTurn?.();
    if (this.#sound) this.#file.back(this.#db);
    else this.#db.close();
  }

  async #response(request: WireRequest): Promise<object> {
    switch (request.type) {
      case 'execute':
        return { result: await this.#statement(request.stmt) };
      case 'batch':
        return { result: await this.#batch(request.batch.steps) };
      case 'sequence':
        await this.#inTurn('', () => this.#db.exec(this.#text(request)));
        return {};
      case 'describe':
        return { result: this.#describe(this.#text(request)) };
      case 'store_sql':
        this.#texts.set(request.sql_id, request.sql);
        return {};
      case 'close_sql':
        this.#texts.delete(request.sql_id);
        return {};
      case 'get_autocommit':
        return { is_autocommit: !this.#db.inTransaction };
      case 'close':
        this.close();
        return {};
    }
  }

  async #batch(steps: { condition?: Condition | null; stmt: WireStatement }[]): Promise<object> {
    const results: (object | null)[] = [];
    const errors: (WireError | null)[] = [];
    for (const step of steps) {
      let result: object | null = null;
      let error: WireError | null = null;
      if (!step.condition || holds(step.condition, { results, errors })) {
        try {
          result = await this.#statement(step.stmt);
        } catch (thrown) {
          error = wireError(thrown);
        }
      }
      results.push(result);
      errors.push(error);
    }
    return { step_results: results, step_errors: errors };
  }

  #statement(statement: WireStatement): Promise<object> {
    const sql = this.#text(statement);
    const shape = sqlShape(sql);
    if (shape.statements > 1)
      throw new HranaFailure('SQL_MANY_STATEMENTS', 'SQL string contains more than one statement');
    const args = [...(statement.args ?? []), ...(statement.named_args ?? []).map((named) => named.value)].map(fromWire);
    return this.#inTurn(sql, () => {
      if (TRANSACTION.test(sql)) {
        this.#db.exec(sql);
        return { cols: [], rows: [], affected_row_count: 0, last_insert_rowid: null };
      }
      const prepared = this.#db.prepare(sql); // before the count: a syntax error is the better answer
      if (args.length !== shape.parameters) throw new HranaFailure('ARGS_INVALID', 'wrong number of arguments');
      return run(this.#db, prepared, args);
    });
  }

  #describe(sql: string): object {
    const prepared = this.#db.prepare(sql);
    const params = Array.from({ length: sqlShape(sql).parameters }, () => ({ name: null }));
    const cols = prepared.reader ? prepared.columns().map((c) => ({ name: c.name, decltype: c.type })) : [];
    return { params, cols, is_explain: /^\s*explain/i.test(sql), is_readonly: READS.test(sql) };
  }

  /** The write lock is taken once a stream begins to write, and freed when its transaction is over. */
  async #inTurn<T>(sql: string, work: () => T): Promise<T> {
    if (this.#freeTurn === null && !READS.test(sql)) this.#freeTurn = await this.#file.writeTurn();
    try {
      return work();
    } catch (error) {
      if (codeOf(error) === 'SQLITE_BUSY' && !TRANSACTION.test(sql)) this.#sound = false;
      throw error;
    } finally {
      if (this.#freeTurn !== null && !this.#db.inTransaction) {
        this.#freeTurn();
        this.#freeTurn = null;
      }
    }
  }

  #text(from: { sql?: string | null; sql_id?: number | null }): string {
    const sql = from.sql ?? this.#texts.get(from.sql_id ?? -1);
    if (sql === undefined) throw new HranaFailure('SQL_NOT_FOUND', 'SQL text was not found');
    return sql;
  }
}

function run(db: Database.Database, prepared: Database.Statement, args: unknown[]): object {
  const total = () => db.prepare('SELECT total_changes(), changes(), last_insert_rowid()').raw().get([]) as number[];
  const before = total()[0];
  let rows: unknown[][] = [];
  let cols: object[] = [];
  if (prepared.reader) {
    rows = prepared.raw().safeIntegers(true).all(args) as unknown[][];
    cols = prepared.columns().map((c) => ({ name: c.name, decltype: c.type }));
  } else prepared.run(args);
  const [after, changes, rowid] = total();
  const wrote = after !== before;
  return {
    cols,
    rows: rows.map((row) => row.map(toWire)),
    affected_row_count: wrote ? changes : 0,
    last_insert_rowid: wrote ? String(rowid) : null,
  };
}

function holds(cond: Condition, done: { results: (object | null)[]; errors: (WireError | null)[] }): boolean {
  switch (cond.type) {
    case 'ok':
      return (done.results[cond.step] ?? null) !== null;
    case 'error':
      return (done.errors[cond.step] ?? null) !== null;
    case 'not':
      return !holds(cond.cond, done);
    case 'and':
      return cond.conds.every((c) => holds(c, done));
    case 'or':
      return cond.conds.some((c) => holds(c, done));
  }
}

function fromWire(value: WireValue): unknown {
  switch (value.type) {
    case 'null':
      return null;
    case 'integer':
      return BigInt(value.value);
    case 'blob':
      return new Uint8Array(Buffer.from(value.base64, 'base64'));
    default:
      return value.value;
  }
}

function toWire(value: unknown): WireValue {
  if (typeof value === 'bigint') return { type: 'integer', value: String(value) };
  if (typeof value === 'number') return { type: 'float', value };
  if (typeof value === 'string') return { type: 'text', value };
  if (value instanceof Uint8Array) {
    return { type: 'blob', base64: Buffer.from(value).toString('base64').replace(/=+$/, '') };
  }
  return { type: 'null' };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL_ERROR';

/** As the real server does it: the base code only, and a prefix before SQLite's own sentence. */
function wireError(error: unknown): WireError {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (!code.startsWith('SQLITE_')) return { code, message };
  return { code: code.split('_').slice(0, 2).join('_'), message: `SQLite error: ${message}` };
}
