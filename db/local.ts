// Owns the embedded engine (Node only): a libSQL file behind one connection, and the queue of write units before it.
// Knows no table of ours.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../src/ports.ts';
import { Connection, isBusy } from './connection.ts';
import type { Engine, Outcome, Statement, Value } from './engine.ts';
import { runGroup, runPlainly, type Unit, type Verdict } from './group.ts';
import { migrate, pending } from './migrate.ts';
import { patiently } from './patience.ts';

const UNITS_A_GROUP = 256;
// A group waits for more while more keep coming, until it is worth its commit; a click alone waits for two turns of the loop.
const GROUP_ENOUGH = 96;
const GROUP_WITHIN_MS = 20;
// SQLite has no queue for its write lock: whoever asks while it is free gets it. So a process that waits asks every other
// millisecond, and a process that has written without a rest for 100 ms leaves the lock free for three.
const ASK_AGAIN_MS = 2;
const WITHOUT_REST_MS = 100;
const REST_MS = 3;
// How long a write of another process may go unnoticed by what is kept of reads.
const LOOK_ABROAD_MS = 10;
const CAREFUL_GROUPS = 20;
// One connection reads and writes, since SQLite empties a connection's page cache whenever another one has committed. The
// cache is in KiB; together with the page cache of the system it holds a county, and the bot has 300 MB for everything.
// The log is moved into the file every 4,000 pages (16 MB): a click writes the same few pages as its neighbours, so that
// moving them seldom moves them once; but all who wait wait for it.
const SETTINGS = [
  'PRAGMA synchronous=FULL',
  'PRAGMA foreign_keys=ON',
  'PRAGMA cache_size=-24576',
  'PRAGMA wal_autocheckpoint=4000',
];

interface Job {
  readonly unit: Unit;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens (and creates) the file at `path` (a path, no file: URL). Another process may write to it at the same time: we
 * wait up to `busyMs` (5,000) for it without blocking the event loop, then reject with SQLITE_BUSY. Never open or copy
 * the live file with node:fs in this process: closing such a handle drops the locks SQLite holds on it.
 */
export async function openLocal(path: string, options: { log?: Log; busyMs?: number } = {}): Promise<Engine> {
  mkdirSync(dirname(path), { recursive: true });
  const engine = new LocalEngine(path, options);
  await engine.start();
  return engine;
}

class LocalEngine implements Engine {
  readonly #db: Connection;
  readonly #options: { log?: Log; busyMs?: number };
  #queue: Job[] = [];
  #draining: Promise<void> | null = null;
  #closed = false;
  #restedAt = 0;
  #committedAt = 0;
  #careful = 0; // groups still to run with savepoints
  #writes = 0; // of anybody
  readonly #writtenAt = new Map<string, number>(); // table → the write it last saw
  #abroad = { seen: Number.NaN, write: 0, lookedAt: Number.NEGATIVE_INFINITY };

  constructor(path: string, options: { log?: Log; busyMs?: number }) {
    this.#db = new Connection(path, SETTINGS);
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#write(() => this.#db.exec('PRAGMA journal_mode=WAL'));
    const [mode] = await this.read('PRAGMA journal_mode', []);
    if (mode?.[0] !== 'wal') throw new Error('the database file cannot use a write-ahead log: put it on a local disk');
  }

  async read(sql: string, args: readonly Value[]): Promise<Value[][]> {
    if (this.#closed) throw new Error('the database is closed');
    return this.#patiently(() => {
      try {
        return this.#db.readRows({ sql, args });
      } catch (error) {
        this.#db.drop(); // whatever went wrong may have left a statement running, which would hold an old snapshot
        throw error;
      }
    });
  }

  version(tables: readonly string[]): number {
    this.#lookAbroad();
    let newest = this.#abroad.write;
    for (const table of tables) newest = Math.max(newest, this.#writtenAt.get(table) ?? 0);
    return newest;
  }

  /** Another process's commits show in data_version, which our own leave alone. */
  #lookAbroad(): void {
    const now = performance.now();
    if (now - this.#abroad.lookedAt < LOOK_ABROAD_MS) return;
    const seen = Number(this.#db.rows({ sql: 'PRAGMA data_version', args: [] })[0]?.[0]);
    const write = seen === this.#abroad.seen ? this.#abroad.write : ++this.#writes;
    this.#abroad = { seen, write, lookedAt: now };
  }

  #noteWrites(units: readonly Unit[]): void {
    for (const unit of units) {
      for (const { sql } of unit) {
        const table = this.#db.writesTo(sql);
        if (table !== null) this.#writtenAt.set(table, ++this.#writes);
      }
    }
  }

  commit(unit: Unit): Promise<Outcome> {
    if (this.#closed) return Promise.reject(new Error('the database is closed'));
    if (unit.length === 0) return Promise.resolve({ ok: true, rows: [] });
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  migrate(migrations: Parameters<Engine['migrate']>[0]): Promise<string[]> {
    return migrate({ read: (sql, args) => this.read(sql, args), rebuild: (unit) => this.#rebuild(unit) }, migrations);
  }

  pending(migrations: Parameters<Engine['pending']>[0]): Promise<string[]> {
    return pending((sql, args) => this.read(sql, args), migrations);
  }

  /** Finishes what was accepted, moves it into the main file, so that a copy of that file is whole, then closes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      this.#options.log?.debug('another process goes on with the write-ahead log', { error: String(error) });
    }
    this.#db.drop();
  }

  async #drain(): Promise<void> {
    for (await this.#gather(); this.#queue.length > 0; await this.#gather()) {
      await this.#courtesy();
      const group = this.#queue.splice(0, UNITS_A_GROUP);
      try {
        const units = group.map((job) => job.unit);
        const verdicts = await this.#write(() => this.#run(units));
        this.#noteWrites(units);
        for (const [i, job] of group.entries()) settle(job, verdicts[i]);
      } catch (error) {
        for (const job of group) job.reject(error);
      }
      this.#committedAt = performance.now();
    }
    this.#draining = null;
  }

  /** By setImmediate: requests the loop reads in one turn are worked on in the next, and their units get into one group. */
  async #gather(): Promise<void> {
    const since = performance.now();
    let quiet = 0; // turns in which none came
    let n = this.#queue.length;
    do {
      await immediately();
      quiet = this.#queue.length > n ? 0 : quiet + 1;
      n = this.#queue.length;
    } while (quiet < 2 && n < GROUP_ENOUGH && performance.now() - since < GROUP_WITHIN_MS);
  }

  /** Refusals come in swarms (a platform that repeats itself): after one, groups have savepoints for a while. */
  #run(units: readonly Unit[]): Verdict[] {
    if (this.#careful === 0) {
      const verdicts = runPlainly(this.#db, units);
      if (verdicts !== null) return verdicts;
      this.#careful = CAREFUL_GROUPS;
    } else this.#careful--;
    return runGroup(this.#db, units);
  }

  /** Lets other processes have the write lock, however steadily the units come. */
  async #courtesy(): Promise<void> {
    const now = performance.now();
    if (now - this.#committedAt >= REST_MS) this.#restedAt = now;
    if (now - this.#restedAt < WITHOUT_REST_MS) return;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    this.#restedAt = performance.now();
  }

  /** One unit with foreign keys off, which SQLite allows only outside of a transaction: a rebuilt table keeps its children. */
  async #rebuild(unit: readonly Statement[]): Promise<Outcome> {
    const db = this.#db;
    try {
      const [verdict] = await this.#write(() => {
        db.exec('PRAGMA foreign_keys=OFF');
        try {
          return runGroup(db, [unit]);
        } finally {
          db.exec('PRAGMA foreign_keys=ON');
        }
      });
      if (verdict !== undefined && 'ok' in verdict) return verdict;
      throw verdict?.failed;
    } finally {
      db.drop(); // what was prepared knows the old tables
      this.#abroad = { seen: Number.NaN, write: ++this.#writes, lookedAt: Number.NEGATIVE_INFINITY };
    }
  }

  /** Whatever writes runs in here. */
  #write<T>(attempt: () => T): Promise<T> {
    return this.#patiently(() => {
      try {
        return attempt();
      } catch (error) {
        // A BEGIN that met another writer left the connection sound (test: engineLocal). Whatever else went wrong may have
        // left a statement running, which would hold a lock or an old snapshot.
        if (!isBusy(error) || this.#db.inTransaction) this.#db.drop();
        throw error;
      }
    });
  }

  #patiently<T>(attempt: () => T): Promise<T> {
    const { log, busyMs = 5_000 } = this.#options;
    return patiently(attempt, {
      again: isBusy,
      budgetMs: busyMs,
      longestMs: ASK_AGAIN_MS,
      onWait: () => log?.debug('waiting for the database'),
      onWaited: (waitedMs, attempts) =>
        log?.warn('the database was busy', { waitedMs: Math.round(waitedMs), attempts }),
    });
  }
}

const immediately = () => new Promise<void>((resolve) => setImmediate(resolve));

function settle(job: Job, verdict: Verdict | undefined): void {
  if (verdict !== undefined && 'ok' in verdict) job.resolve(verdict);
  else job.reject(verdict?.failed);
}
