// Owns the door to what is said unasked: who could be told, where everything stands, what people chose, the plan of a
// tick. Domain verbs, no SQL; db/storeReminders.ts implements it, Store extends it.
import type { VillageStand } from './domain/owed.ts';
import type { Area, Outgoing, Person } from './ports.ts';
import type { Act, Written } from './store.ts';

/** Days until which, inclusive; null: none. */
export interface ReminderSetting {
  readonly leaveUntilDay: string | null; // the later of the person's own and the people file's
  readonly mutedUntilDay: string | null;
}

/** The same with what a card of 提醒 must know. */
export interface OwnSetting extends ReminderSetting {
  readonly ownLeaveUntilDay: string | null; // without the people file's
  readonly changedAt: number; // epoch ms; 0: never
}

/** Somebody who could be told something unasked. */
export interface Reader extends Pick<Person, 'id' | 'roles'> {
  readonly openId: string;
  readonly setting: ReminderSetting;
  /** The newest digest that was sent or waits, epoch ms of its slot; 0: none. */
  readonly lastDigestAt: number;
}

/** A group that is bound. */
export interface BoundGroup {
  readonly chatId: string;
  readonly campaignId: string;
  readonly areaCode: string;
  readonly level: Area['level'];
  /** Its township switched the daily digest on. */
  readonly digest: boolean;
}

export interface ReminderFacts {
  readonly people: readonly Reader[];
  readonly groups: readonly BoundGroup[];
  readonly stands: readonly VillageStand[];
}

export interface ReminderStore {
  /**
   * Everybody, every group, every village of these campaigns, in a handful of reads. `day`: what was put off until then;
   * `since`: how far back digests are looked for, epoch ms.
   */
  reminderFacts(p: {
    readonly campaignIds: readonly string[];
    readonly day: string;
    readonly since: number;
  }): Promise<ReminderFacts>;
  /** Villages of one area, as they stand. */
  stands(campaignId: string, area: Pick<Area, 'code' | 'level'>, day: string): Promise<VillageStand[]>;
  /** Households of a village not asked yet, by form. */
  todoForms(campaignId: string, villageCode: string): Promise<{ readonly short: number; readonly full: number }>;
  reminderSetting(personId: string): Promise<OwnSetting>;
  /** What the person chose for themselves; `leaveUntilDay` stands beside the people file's. */
  setReminders(p: { readonly act: Act } & ReminderSetting): Promise<Written<null>>;
  groupDigest(campaignId: string, areaCode: string): Promise<boolean>;
  setGroupDigest(p: {
    readonly act: Act;
    readonly campaignId: string;
    readonly areaCode: string;
    readonly wanted: boolean;
  }): Promise<Written<null>>;
  /** One tick's messages: of two who plan from the same instant, one does. stale: the other did. */
  plan(p: {
    readonly from: number | null; // as read; null: nothing was ever planned
    readonly to: number;
    readonly outgoing: readonly Outgoing[];
  }): Promise<Written<null>>;
  plannedTo(): Promise<number | null>;
}
