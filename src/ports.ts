// Owns the doors a use-case reaches the world through. No implementation lives here and nothing below imports I/O.
import type { Campaign } from './domain/campaign.ts';

export interface Clock {
  /** Epoch milliseconds: real, rehearsed, or the simulator's. */
  now(): number;
}

/** Random, unguessable, short enough for a button value (12 chars base 36). */
export type NewId = () => string;

/** AES-256-GCM with DATA_KEY; ciphertext carries a key id. `digest` is a keyed hash for look-up. */
export interface Vault {
  readonly keyId: string;
  seal(plain: string): Promise<string>;
  open(sealed: string): Promise<string>;
  digest(plain: string): Promise<string>;
}

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Runs work after the answer went out: a tracked set on Node, `waitUntil` on Workers. */
export type Defer = (work: Promise<unknown>) => void;

// ── the chat platform ────────────────────────────────────────────────────────────────────────────────────────────

export type Address = { readonly kind: 'chat' | 'user'; readonly id: string };
export type CardJson = { readonly schema: '2.0'; readonly [key: string]: unknown };
export type Message =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'card'; readonly card: CardJson };
export interface Sent {
  readonly messageId: string;
  readonly chatId: string;
}

/**
 * What the caller should do about a failed call. token: drop the token, once more · later: back off and repeat with the
 * same uuid · gone: the message or chat no longer exists · unreachable: this person or group cannot be written to ·
 * invalid: the content was refused, repeat is useless · config: the operator must act (scope, secret, quota).
 */
export type RetryClass = 'token' | 'later' | 'gone' | 'unreachable' | 'invalid' | 'config';

export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: number;
  readonly retry: RetryClass;
  readonly logId: string;
  /** Milliseconds the platform asked us to wait; 0 when it did not say. */
  readonly waitMs: number;
  /** The request may have worked (time-out, connection lost): only repeat with the same uuid. */
  readonly ambiguous: boolean;
  constructor(p: {
    code: number;
    retry: RetryClass;
    message: string;
    logId?: string;
    waitMs?: number;
    ambiguous?: boolean;
  }) {
    super(p.message);
    this.code = p.code;
    this.retry = p.retry;
    this.logId = p.logId ?? '';
    this.waitMs = p.waitMs ?? 0;
    this.ambiguous = p.ambiguous ?? false;
  }
}

/** All calls reject with PlatformError and with nothing else. */
export interface Platform {
  send(to: Address, message: Message, uuid: string): Promise<Sent>;
  reply(messageId: string, message: Message, options: { uuid: string; inThread: boolean }): Promise<Sent>;
  patch(messageId: string, card: CardJson): Promise<void>;
  bot(): Promise<{ openId: string; name: string }>;
  chat(chatId: string): Promise<{ name: string; mode: 'group' | 'p2p' | 'topic' }>;
  /** open_ids by mobile number, of at most 50; a number the app may not see or nobody has is left out. */
  peopleByPhone(phones: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** A page of what was said in a chat, oldest first; `since` epoch ms of the platform. `next` '': the last page. */
  history(of: { chatId: string; since: number | null; page: string }): Promise<{ said: readonly Said[]; next: string }>;
  /** The chat a message lies in. */
  chatOf(messageId: string): Promise<string>;
}

/** A message as the platform lists it. Cards come back rewritten: only a text can be compared. */
export interface Said {
  readonly messageId: string;
  readonly parentId: string; // '' for none
  readonly byApp: boolean; // this app
  readonly deleted: boolean;
  readonly text: string | null; // null: not a text
}

// ── what the store keeps ─────────────────────────────────────────────────────────────────────────────────────────

export type AnswerValue = string | readonly string[] | number;
/** By item id ('L1-04') or follow-up id ('L1-04.cause'). Dates are 'yyyy-mm-dd', money is 元 as a number. */
export type Answers = Readonly<Record<string, AnswerValue>>;
export type ScreeningState = 'todo' | 'deferred' | 'clear' | 'found';

export interface Finding {
  readonly item: string;
  readonly type?: string; // problem type, PT01…
  readonly procedure?: string; // IDENT…
}

/** Facts of a household a condition may ask for. Absent = the roster does not say. */
export interface HouseholdFacts {
  readonly kind: '一般农户' | '脱贫户';
  /** In the register of monitored households? */
  readonly register: 'none' | 'active' | 'eliminated';
  readonly monitorType?: string; // 脱贫不稳定户 | 边缘易致贫户 | 突发严重困难户
  readonly identifiedDay?: string;
  readonly risks?: readonly string[];
  readonly eliminatedDay?: string;
  readonly eliminationMode?: string;
  readonly safetyNet?: string; // 甲 | 乙 | 否
  readonly labour: 'able' | 'weak' | 'none' | 'unknown';
  readonly keyGroups: readonly string[]; // KG1…
  readonly alert?: string; // 部门预警
  readonly contactOpenId?: string; // 包户干部
  readonly netPerCapita?: number;
}

export interface Area {
  readonly code: string;
  readonly level: 'county' | 'township' | 'village';
  readonly name: string;
  readonly fullName: string;
  readonly parent: string | null;
  readonly township: string | null;
}

export interface RoleHeld {
  readonly role: string; // Chinese name, as in the campaign's roles
  readonly areaCode: string;
  readonly level: 'county' | 'township' | 'village';
  readonly township: string | null;
}
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly openId: string | null;
  readonly roles: readonly RoleHeld[]; // active only
}

export interface ChatRow {
  readonly id: string;
  readonly name: string;
  readonly areaCode: string | null;
  readonly campaignId: string | null;
}

export interface HouseholdBrief {
  readonly no: number;
  readonly code: string;
  readonly headName: string;
  readonly villageCode: string;
  readonly townshipCode: string;
  readonly facts: HouseholdFacts;
}

export interface Screening {
  readonly id: string;
  readonly campaignId: string;
  readonly villageCode: string;
  readonly townshipCode: string;
  readonly lookbacks: readonly string[];
  readonly form: 'short' | 'full';
  readonly state: ScreeningState;
  readonly rev: number;
  readonly submittedBy: string | null;
  /** Number of the event that holds its answers; null: there are none. */
  readonly answersEvent: number | null;
  readonly submittedAt: number | null;
  readonly household: HouseholdBrief;
}

export type Stage = 'form' | 'more' | 'defer' | 'finished';
export interface Sitting {
  readonly id: string;
  readonly campaignId: string;
  readonly chatId: string;
  readonly villageCode: string;
  readonly personId: string;
  /** private: sent to the person alone; chatId is then the person's open_id. */
  readonly audience: 'group' | 'private';
  readonly messageId: string | null;
  readonly anchorId: string | null;
  readonly state: 'open' | 'closed';
  readonly stage: Stage;
  readonly rev: number;
  readonly draft: Answers;
  readonly trail: readonly string[];
  readonly done: number;
  /** Until then (epoch ms) nobody else gets the household on it. */
  readonly claimUntil: number;
  readonly updatedAt: number;
  /** Households of the village still to do, as of the write that handed this out; absent: count them. */
  readonly counts?: { readonly todo: number; readonly deferred: number };
  /** The household on the card; null when the village has nothing left for this person. */
  readonly screening: Screening | null;
}

export type OutboxPayload = (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'card'; readonly card: CardJson }
  /** Rendered when they are sent, so that they are never stale. */
  | { readonly type: 'sitting'; readonly id: string }
  | { readonly type: 'village'; readonly campaignId: string; readonly areaCode: string }
  /** What an old card becomes once it was sent anew. */
  | { readonly type: 'pointer'; readonly campaignId: string }
  /** A sitting asked by text; `before`: what came of the answer before. */
  | { readonly type: 'textForm'; readonly sitting: string; readonly before: string }
  | {
      readonly type: 'area';
      readonly card: 'form' | 'handIn' | 'review' | 'returned';
      readonly campaignId: string;
      readonly areaCode: string;
    }
  /** Everything a person still has to do, drawn when it is sent; nothing when nothing is left or they are away by then. */
  | { readonly type: 'digest'; readonly personId: string; readonly day: string }
  /** One of the campaign's few messages to groups. */
  | { readonly type: 'milestone'; readonly campaignId: string; readonly milestone: string; readonly areaCode: string }
  | { readonly type: 'groupDigest'; readonly campaignId: string; readonly areaCode: string; readonly day: string }
  /** Drawn when sent, for the eyes and rights of this person. */
  | {
      readonly type: 'household';
      readonly screening: string;
      readonly openId: string;
      readonly page: number;
      readonly late?: string;
    }
) & {
  readonly after?: After;
  /** The message whose place this one takes, sent anew before its end. */
  readonly replaces?: string;
  /** Absent: as if for a group. */
  readonly audience?: 'private';
};

/** One line in the group once a private answer went out, or could not; '' says nothing. */
export interface After {
  readonly replyTo: string; // message id
  readonly lane: string;
  readonly sent: string;
  readonly failed: string;
}

/** Something the bot will tell the platform. Part of the write unit that caused it. */
export interface Outgoing {
  readonly key: string; // stable name of the effect
  /** thread = a reply inside the thread of its target message. */
  readonly kind: 'send' | 'reply' | 'thread' | 'patch';
  readonly target: { readonly kind: 'chat' | 'user' | 'message'; readonly id: string };
  readonly lane: string; // chat or user id whose limit it uses
  readonly payload: OutboxPayload;
  readonly dueAt: number;
  /** Who goes first when a limit is near. Default: an answer somebody waits for. */
  readonly priority?: Priority;
  /** Nobody asked for it: it goes out in working hours only. `personId`: it is this person's one message of the day. */
  readonly proactive?: { readonly personId?: string };
}
export type Priority = 'deadline' | 'answer' | 'nicety';

/** Counts of one area: section ('ALL' or look-back id) → state → households. */
export interface TallyRow {
  readonly areaCode: string;
  readonly section: string;
  readonly state: ScreeningState;
  readonly n: number;
}

export type LoadedCampaign = Campaign & { readonly hash: string };
