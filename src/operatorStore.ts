// Owns the door to what an operator asks of the database: counts, health, messages given up. No SQL; db/storeOperator.ts
// implements it on every engine.
import type { Telling } from './outboxStore.ts';
import type { Priority } from './ports.ts';

/** A message the bot gave up. Without its content. */
export interface DeadMessage {
  readonly key: string;
  readonly kind: 'send' | 'reply' | 'thread' | 'patch';
  /** Where it was to go. */
  readonly to: 'chat' | 'user' | 'message';
  readonly createdAt: number;
  readonly buriedAt: number | null;
  readonly error: string;
  readonly priority: Priority | 'ordered';
  readonly telling: Telling;
}

/** Where a tally differs from the full count: the first village by code. `off` = tally minus count. */
export interface TallyDifference {
  readonly campaignId: string;
  readonly villageCode: string;
  readonly village: string;
  readonly section: string;
  readonly state: string;
  readonly off: number;
}

export interface Gauges {
  readonly outboxDue: number;
  readonly outboxDead: number;
  readonly inboxWaiting: number;
  readonly lastTickAt: number | null;
  /** Of the due ones, how many wait by priority. */
  readonly waiting: Readonly<Record<Priority | 'ordered', number>>;
  /** When the first message somebody waits for came due; null: none is due. */
  readonly askedDueAt: number | null;
  /** Calls this month as booked. */
  readonly calls: number;
  /** Of the last 24 hours: told as a simpler card or text, told though an earlier try may have arrived. */
  readonly simplified: number;
  readonly maybeTwice: number;
}

export interface OperatorStore {
  /** `now` tells the month and the day. */
  gauges(now: number): Promise<Gauges>;
  /** Newest first, at most `limit`. */
  dead(limit: number): Promise<DeadMessage[]>;
  /** Makes given-up messages due again, one by key or all; resolves to how many. */
  resend(key: string | null, at: number): Promise<number>;
  /** One statement, so that it holds beside a bot that is writing. */
  tallyDifference(): Promise<TallyDifference | null>;
  /** `phoneOnly`: people with an active role of whom only a phone number is known. */
  counts(): Promise<{ people: number; phoneOnly: number; households: number; campaigns: number }>;
  /** Problems SQLite finds in the file; empty: none. */
  integrity(): Promise<string[]>;
  /** Ids of the keys that sealed what is stored, with how many values each. */
  keyIds(): Promise<ReadonlyMap<string, number>>;
  /** The key id of some sealed value; null: nothing is sealed. */
  anyKeyId(): Promise<string | null>;
  /** Some sealed value of this key; null: none. */
  sealedWith(keyId: string): Promise<string | null>;
  /** A change of the key was begun and is not finished. */
  rotating(): Promise<boolean>;
}
