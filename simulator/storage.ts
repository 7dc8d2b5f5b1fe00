// Owns what survives a restart of the simulator: one small libSQL file of rows (kind, id, JSON), written twice a second
// in one transaction. A kill loses at most the last half second. Knows nothing of what the rows mean to the platform.
import Database from 'libsql';
import type { PendingPush } from './push.ts';
import type { Chat, StoredFile, StoredMessage, Thing, User } from './state.ts';

export interface ClockRow {
  readonly now: number;
  readonly paused: boolean;
  readonly speed: number;
}

export interface Kept {
  readonly things: readonly Thing[]; // users and chats first, messages in order
  readonly pushes: readonly PendingPush[];
  readonly clock: ClockRow | null;
}

type Row = [kind: string, id: string, json: string];
const FLUSH_MS = 500; // real

export interface StorageParts {
  readonly path: string;
  /** May put what changes all the time (the clock). */
  beforeFlush(): void;
  /** A flush failed; what it should have written is kept for the next one. */
  onFailure(error: unknown): void;
}

export class Storage {
  readonly #o: StorageParts;
  #db: Database.Database;
  readonly #dirty = new Map<string, { kind: string; id: string; value: unknown }>();
  readonly #timer: NodeJS.Timeout;

  constructor(o: StorageParts) {
    this.#o = o;
    this.#db = open(o.path);
    this.#timer = setInterval(() => this.flush(), FLUSH_MS);
    this.#timer.unref();
  }

  /** `value` null removes the row. The value is read at the next flush, so later changes of it are included. */
  put(kind: string, id: string, value: unknown): void {
    this.#dirty.set(`${kind} ${id}`, { kind, id, value });
  }

  load(): Kept {
    // raw and iterated: half the time of `all` at 20,000 cards.
    const rows = this.#db.prepare('SELECT kind, id, json FROM thing').raw().iterate() as Iterable<Row>;
    const things: Thing[] = [];
    const messages: StoredMessage[] = [];
    const pushes: PendingPush[] = [];
    let clock: ClockRow | null = null;
    for (const [kind, id, json] of rows) {
      const value: unknown = JSON.parse(json);
      if (kind === 'user') things.push({ kind, id, value: value as User });
      else if (kind === 'chat') things.push({ kind, id, value: revive(value as StoredChat) });
      else if (kind === 'file') things.push({ kind, id, value: value as StoredFile });
      else if (kind === 'message') messages.push(value as StoredMessage);
      else if (kind === 'push') pushes.push(value as PendingPush);
      else if (kind === 'clock') clock = value as ClockRow;
    }
    messages.sort((a, b) => a.seq - b.seq);
    for (const value of messages) things.push({ kind: 'message', id: value.messageId, value });
    return { things, pushes, clock };
  }

  flush(): void {
    this.#o.beforeFlush();
    if (this.#dirty.size === 0) return;
    try {
      this.#write();
      this.#dirty.clear();
    } catch (error) {
      // After SQLITE_BUSY a libsql connection says 'ok' to writes it loses: never use it again.
      this.#db.close();
      this.#db = open(this.#o.path);
      this.#o.onFailure(error);
    }
  }

  #write(): void {
    const put = this.#db.prepare('INSERT INTO thing VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET json = excluded.json');
    const drop = this.#db.prepare('DELETE FROM thing WHERE kind = ? AND id = ?');
    const write = this.#db.transaction(() => {
      for (const { kind, id, value } of this.#dirty.values()) {
        if (value === null) drop.run(kind, id);
        else put.run(kind, id, JSON.stringify(value, setsAsLists));
      }
    });
    write.immediate();
  }

  wipe(): void {
    this.#dirty.clear();
    this.#db.exec('DELETE FROM thing');
  }

  close(): void {
    clearInterval(this.#timer);
    this.flush();
    this.#db.close();
  }
}

function open(path: string): Database.Database {
  const db = new Database(path);
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;');
  const columns = 'kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)';
  db.exec(`CREATE TABLE IF NOT EXISTS thing (${columns})`);
  return db;
}

type StoredChat = Omit<Chat, 'members'> & { members: string[] };

function revive(chat: StoredChat): Chat {
  return { ...chat, members: new Set(chat.members) };
}

function setsAsLists(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
