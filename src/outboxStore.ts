// Owns the door to the outbox: who may send, what is due, what became of it, what the month has cost. Domain verbs, no
// SQL; db/storeOutbox.ts implements it, Store extends it.
import type { Outgoing, Priority } from './ports.ts';

/** How a message is told: as drawn, as a simpler card, as text; only ever moves on. */
export type Telling = 'card' | 'simple' | 'text';

export interface DueMessage extends Pick<Outgoing, 'key' | 'kind' | 'target' | 'lane' | 'payload'> {
  readonly uuid: string;
  /** ordered: an operator said send it again, whatever it costs. */
  readonly priority: Priority | 'ordered';
  readonly proactive: boolean;
  readonly personId: string | null;
  readonly telling: Telling;
  /** Tries that failed. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly leaseUntil: number;
  /** The first earlier try that may have worked without our hearing of it, epoch ms; null: none. */
  readonly triedAt: number | null;
  /** Nobody could tell whether that try arrived. */
  readonly unsure?: true;
}

/** What became of a leased message. */
export type Mark =
  | {
      readonly do: 'sent';
      readonly message: DueMessage;
      readonly messageId: string;
      readonly at: number;
      /** A new card stands in the chat. */
      readonly card: boolean;
      /** What this success causes, in the same unit. */
      readonly follow: readonly Outgoing[];
    }
  | {
      readonly do: 'later';
      readonly message: DueMessage;
      readonly dueAt: number;
      readonly error: string;
      readonly telling: Telling;
      readonly triedAt: number | null;
      /** Whether this try counts as one. */
      readonly counts: boolean;
    }
  /** dead: given up, for an operator to read · void: there is nothing left to say. */
  | {
      readonly do: 'dead' | 'void';
      readonly message: DueMessage;
      readonly error: string;
      readonly at: number;
      readonly follow: readonly Outgoing[];
    };

export interface LeaseWish {
  readonly now: number;
  readonly by: string;
  /** Until when the messages are this process's, and until when the sender's place is. */
  readonly until: number;
  readonly senderUntil: number;
  readonly limit: number;
  /** At most so many of them unasked, and so many of one lane. */
  readonly unasked: number;
  readonly perLane: number;
  readonly upTo: Priority | 'ordered';
  /** '2023-07' */
  readonly month: string;
}

export interface Leased {
  /** Who had the sender's place before; null: nobody. */
  readonly before: string | null;
  readonly due: readonly DueMessage[];
  /** Calls of the month so far, as counted. */
  readonly calls: number;
}

/** A message that left within the last minute, or may be leaving. */
export interface RecentTurn {
  readonly kind: Outgoing['kind'];
  readonly lane: string;
  readonly target: Outgoing['target'];
  readonly proactive: boolean;
  readonly at: number;
}

export interface OutboxStore {
  /** Another number after somebody promised a message, or may have. */
  promises(): number;
  /** Something is due of this priority or a higher one; one read. */
  anyDue(p: { readonly now: number; readonly upTo: Priority | 'ordered'; readonly unasked: boolean }): Promise<boolean>;
  /** Takes the sender's place and what is due, most urgent first; null: another process has the place. */
  lease(wish: LeaseWish): Promise<Leased | null>;
  /** Gives the sender's place back, unless something is due and it is not forced. Resolves to whether it is given back. */
  leaveSender(p: {
    readonly by: string;
    readonly now: number;
    readonly force: boolean;
    /** Whether what nobody asked for counts as due. */
    readonly unasked: boolean;
  }): Promise<boolean>;
  /** Oldest first. */
  recentTurns(since: number, now: number, notBy: string): Promise<RecentTurn[]>;
  /** All in one unit; `calls` adds to what the month has cost. */
  mark(marks: readonly Mark[], calls: { readonly month: string; readonly n: number }): Promise<void>;
  /** Gives back what was leased and not begun, as it was. */
  putBack(messages: readonly DueMessage[]): Promise<void>;
  /** The newest message that went to this chat or person by itself; null: none. */
  lastSentTo(lane: string): Promise<string | null>;
  /** Those of these message ids that a sent message has. */
  claimed(messageIds: readonly string[]): Promise<string[]>;
  /** What held back a message to this person since then for good, as it is stored; null: nothing. */
  unreachable(personId: string, since: number): Promise<string | null>;
  /** Gives up what was due before then and is less urgent than `over`. */
  giveUpHeld(p: {
    readonly now: number;
    readonly before: number;
    readonly over: Priority | 'ordered';
    readonly error: string;
  }): Promise<void>;
  outboxState(): Promise<{ due: number; dead: number; nextDueAt: number | null }>;
  callsOf(month: string): Promise<number>;
}
