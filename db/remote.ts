// Owns the remote engine: libSQL over HTTP, on Node and on Workers, with web standards only. On Workers make one engine
// per invocation: a client kept across invocations hangs. Knows no table of ours.
import { type Client, createClient, LibsqlBatchError, LibsqlError, type ResultSet } from '@libsql/client/web';
import { bound } from './bind.ts';
import { CommitUnknown, type Engine, type Outcome, type Statement, type Value } from './engine.ts';
import { migrate, pending } from './migrate.ts';
import { patiently } from './patience.ts';

/** A request is given up after this many milliseconds; a write given up on is a CommitUnknown. */
const ANSWER_WITHIN_MS = 10_000;
/** Longest pause before a busy database is asked again. */
const PAUSE_MS = 250;

/** The server answered 4xx: it looked at the request and did nothing. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  constructor(status: number, body: string) {
    super(`the database answered HTTP ${status}: ${body.slice(0, 200)}`);
    this.status = status;
  }
}

/**
 * `url`: libsql://… or http(s)://…; `authToken` '' for a server without one. Nothing is sent before the first call. A
 * database others write to (busy) or that asks us to slow down (429) is tried again for up to 5 s.
 */
export function openRemote(url: string, authToken: string, options: { answerWithinMs?: number } = {}): Engine {
  const limit = options.answerWithinMs ?? ANSWER_WITHIN_MS;
  const client = createClient({
    url: url.replace(/\/*(\?|$)/, '/$1'), // without a slash at its end the last part of a path would be dropped
    intMode: 'bigint', // the default throws on a large integer, after the commit
    ...(authToken === '' ? {} : { authToken }),
    fetch: (request: Request) => answered(request, limit),
  });
  return new RemoteEngine(client);
}

class RemoteEngine implements Engine {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async read(sql: string, args: readonly Value[]): Promise<Value[][]> {
    const query = { sql, args: bound(args) };
    let lost = 0;
    const again = (error: unknown) => isBusy(error) || (isLost(error) && lost++ === 0);
    return rowsOf(await patiently(() => this.#client.execute(query), { again, longestMs: PAUSE_MS }));
  }

  async commit(unit: readonly Statement[]): Promise<Outcome> {
    if (unit.length === 0) return { ok: true, rows: [] };
    const steps = unit.flatMap(({ sql, args, must }, of) => [
      { of, own: true, sql, args: bound(args) },
      ...(must === undefined ? [] : [{ of, own: false, sql: must, args: [] }]),
    ]);
    const outcome = await outcomeOf(steps.length, () => this.#client.batch(steps, 'write'));
    if (!outcome.ok) return { ok: false, at: steps[outcome.at]?.of ?? unit.length };
    return { ok: true, rows: outcome.rows.filter((_, i) => steps[i]?.own) };
  }

  version(): number {
    return Number.NaN;
  }

  migrate(migrations: Parameters<Engine['migrate']>[0]): Promise<string[]> {
    const rebuild = (unit: readonly Statement[]) => {
      const statements = unit.map(({ sql, args }) => ({ sql, args: bound(args) }));
      return outcomeOf(unit.length, () => this.#client.migrate(statements));
    };
    return migrate({ read: (sql, args) => this.read(sql, args), rebuild }, migrations);
  }

  pending(migrations: Parameters<Engine['pending']>[0]): Promise<string[]> {
    return pending((sql, args) => this.read(sql, args), migrations);
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

async function answered(request: Request, limitMs: number): Promise<Response> {
  const response = await fetch(request, { signal: AbortSignal.timeout(limitMs) });
  if (response.ok) return response;
  const body = await response.text();
  if (response.status >= 400 && response.status < 500) throw new Refused(response.status, body);
  throw new Error(`the database answered HTTP ${response.status}: ${body.slice(0, 200)}`);
}

/** `size` is the index given for a constraint that failed at the commit itself (a deferred one: the schema has none). */
async function outcomeOf(size: number, send: () => Promise<ResultSet[]>): Promise<Outcome> {
  try {
    const sets = await patiently(send, { again: isBusy, longestMs: PAUSE_MS });
    return { ok: true, rows: sets.map(rowsOf) };
  } catch (error) {
    const at = error instanceof LibsqlBatchError ? error.statementIndex : size;
    if (isCode(error, /^SQLITE_CONSTRAINT/)) return { ok: false, at };
    if (isLost(error)) throw new CommitUnknown('the database did not say whether it stored this', { cause: error });
    throw error;
  }
}

const isCode = (error: unknown, code: RegExp) => error instanceof LibsqlError && code.test(error.code);
/** Another writer was first, or we were too fast: nothing happened. */
const isBusy = (error: unknown) => isCode(error, /^SQLITE_BUSY/) || (error instanceof Refused && error.status === 429);
/** The client's own codes for an answer it never got or did not understand, and the server's for a disk that failed. */
const NO_ANSWER = /^(HRANA_|SERVER_ERROR|INTERNAL_ERROR|PROTOCOL_VERSION_ERROR|UNKNOWN|SQLITE_IOERR|SQLITE_FULL)/;
function isLost(error: unknown): boolean {
  if (error instanceof Refused || error instanceof LibsqlBatchError) return false;
  return error instanceof LibsqlError ? NO_ANSWER.test(error.code) : true;
}

function rowsOf(set: ResultSet): Value[][] {
  return set.rows.map((row) => {
    const values: Value[] = [];
    for (let i = 0; i < row.length; i++) {
      const value = row[i] ?? null;
      if (typeof value === 'bigint') values.push(Number(value));
      else values.push(value instanceof ArrayBuffer ? new Uint8Array(value) : value);
    }
    return values;
  });
}
