// Owns the door to what the county has said so far: domain verbs, no SQL. db/store.ts implements it on every engine.
import type { AreaStore } from './areaStore.ts';
import type { CardStore } from './cardStore.ts';
import type { DayCountStore } from './dayCountStore.ts';
import type { Campaign } from './domain/campaign.ts';
import type { HouseholdStore } from './householdStore.ts';
import type { OutboxStore } from './outboxStore.ts';
import type { PhoneStore } from './phoneStore.ts';
import type {
  Answers,
  Area,
  ChatRow,
  Finding,
  LoadedCampaign,
  Outgoing,
  Person,
  Screening,
  Sitting,
  Stage,
  TallyRow,
} from './ports.ts';
import type { ReminderStore } from './reminderStore.ts';

/** stale: somebody changed it first · duplicate: this very event was handled before. Nothing was written. */
export type Refused = 'stale' | 'duplicate';
export type Written<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Refused };

/** Who did it, when, by which event: part of every write of a click. */
export interface Act {
  readonly eventId: string;
  readonly actor: string; // person id
  readonly at: number; // epoch ms
  /** Typed, not pressed. */
  readonly via?: 'text';
}

/** Which household comes next on a sitting's card. */
export interface NextRule {
  /** Households put off until this day or an earlier one come first. */
  readonly today: string;
  /** Whether one put off to a later day may come when nothing else is left. */
  readonly early: boolean;
  readonly claimUntil: number; // epoch ms
}

export interface Submission {
  readonly act: Act;
  readonly sitting: Sitting;
  readonly screening: Screening;
  readonly state: 'clear' | 'found' | 'deferred';
  readonly answers: Answers | null; // null: put off (联系不上)
  readonly provenance: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  readonly late: boolean;
  readonly defer: { readonly reason: string; readonly nextDay: string } | null;
  readonly next: NextRule;
}

export interface OpenSitting {
  readonly act: Act;
  readonly id: string;
  readonly campaignId: string;
  readonly chatId: string;
  readonly villageCode: string;
  readonly anchorId: string;
  readonly next: NextRule;
  readonly outgoing: readonly Outgoing[];
  /**
   * The person's open sitting in this chat as it was read, closed by the same unit (stale when there is another by now);
   * its draft goes along when the new card is on the same household.
   */
  readonly replaces: Sitting | null;
  readonly audience?: 'private';
  /** The person's open sitting in another chat whose household and draft move here (转到私聊); closed likewise. */
  readonly from?: Sitting;
}

/** Changes an event's work may make, all in the unit that takes it out of the inbox. */
export type Change =
  | {
      readonly do: 'bind';
      readonly chatId: string;
      readonly chatName: string;
      readonly campaignId: string;
      readonly areaCode: string;
      readonly by: string;
      readonly at: number;
    }
  | { readonly do: 'unbind'; readonly chatId: string; readonly by: string; readonly at: number }
  | {
      readonly do: 'chatIn';
      readonly chatId: string;
      readonly chatName: string;
      readonly by: string;
      readonly at: number;
    }
  /** Somebody is shown this household whole. */
  | {
      readonly do: 'view';
      readonly campaignId: string;
      readonly screening: string;
      readonly by: string;
      readonly at: number;
    }
  /** Somebody finds something too much, or cannot fill it in. */
  | {
      readonly do: 'feedback';
      readonly campaignId: string | null;
      readonly kind: string;
      readonly text: string;
      readonly by: string;
      readonly at: number;
    }
  | { readonly do: 'chatOut'; readonly chatId: string; readonly by: string; readonly at: number };

export interface InboxItem {
  readonly id: string;
  readonly body: unknown; // the Inbound that was accepted
  readonly receivedAt: number;
  readonly attempts: number;
}

/** The stored answer of a household, for those who may see it and for exports. */
export interface StoredAnswers {
  readonly answers: Answers;
  readonly provenance: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  readonly rev: number;
  readonly late: boolean;
  readonly proxy: boolean; // 代录
  readonly submittedBy: string | null;
  readonly submittedAt: number | null;
}

export interface Store
  extends AreaStore,
    CardStore,
    DayCountStore,
    HouseholdStore,
    OutboxStore,
    PhoneStore,
    ReminderStore {
  // campaigns, areas, people, chats
  campaign(id: string): Promise<LoadedCampaign | null>;
  campaigns(): Promise<LoadedCampaign[]>;
  loadCampaign(campaign: Campaign, hash: string, at: number): Promise<void>;
  areas(): Promise<Area[]>;
  area(code: string): Promise<Area | null>;
  personByOperator(operator: { openId: string | null; userId: string | null }): Promise<Person | null>;
  personById(id: string): Promise<Person | null>;
  personNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  chat(id: string): Promise<ChatRow | null>;
  chatOfArea(campaignId: string, areaCode: string): Promise<ChatRow | null>;

  // screening
  /**
   * With `rev`: one remembered from its last write may be handed out when it stands there at that rev. Only for work whose
   * own write is guarded by that rev.
   */
  sitting(id: string, rev?: number): Promise<Sitting | null>;
  openSittingOf(personId: string, chatId: string, campaignId: string): Promise<Sitting | null>;
  screening(id: string): Promise<Screening | null>;
  /** The other person who has this household on an open card for now, if any. */
  holderOf(c: Screening, act: Act): Promise<string | null>;
  answersOf(screeningId: string): Promise<StoredAnswers | null>;
  openSitting(p: OpenSitting): Promise<Written<Sitting>>;
  /** Another step of the same household: keeps what was typed. */
  saveStep(p: { act: Act; sitting: Sitting; stage: Stage; draft: Answers }): Promise<Written<Sitting>>;
  /** Stores the household and claims the next one for the same card. */
  submit(p: Submission): Promise<Written<Sitting>>;
  /** Leaves the household unanswered and goes on to another. */
  skip(p: { act: Act; sitting: Sitting; next: NextRule }): Promise<Written<Sitting>>;
  /** Puts an earlier household of this sitting back on the card. */
  back(p: { act: Act; sitting: Sitting; to: Screening; next: NextRule }): Promise<Written<Sitting>>;
  /** `section`: that one alone; default: all. */
  tallies(campaignId: string, area: Area, section?: string): Promise<TallyRow[]>;
  /** The same figures counted row by row: what the tallies must equal. */
  fullCount(campaignId: string): Promise<TallyRow[]>;

  // inbox
  accept(p: { id: string; messageId: string | null; body: unknown; at: number }): Promise<'new' | 'duplicate'>;
  inbox(now: number, limit: number): Promise<InboxItem[]>;
  inboxItem(id: string): Promise<InboxItem | null>;
  /** Takes the event out and lets its changes and messages stand, or nothing when another process was first. */
  finish(p: {
    id: string;
    changes: readonly Change[];
    outgoing: readonly Outgoing[];
    at: number;
  }): Promise<Written<null>>;
  retryLater(id: string, nextAt: number, error: string): Promise<void>;
  /** A click that only changes a chat (绑定 on a card). */
  clickChange(act: Act, changes: readonly Change[], outgoing: readonly Outgoing[]): Promise<Written<null>>;

  // process
  /** A roster import is being applied: counts are on the move. */
  importing(): Promise<boolean>;
  meta(key: string): Promise<string | null>;
  setMeta(key: string, value: string): Promise<void>;
  forget(before: number): Promise<void>;
  newestEventAt(): Promise<number | null>;
  close(): Promise<void>;
}
