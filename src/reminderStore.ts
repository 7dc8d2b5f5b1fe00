// Owns the door to what is said unasked: who could be told, where everything stands, what people chose, the plan of a
// tick. Domain verbs, no SQL; db/storeReminders.ts implements it, Store extends it.
import type { Opinion } from './domain/opinions.ts';
import type { VillageStand } from './domain/owed.ts';
import type { HandInChange, ReminderFacts, ReminderSetting } from './domain/reminders.ts';
import type { Area, Outgoing } from './ports.ts';
import type { Act, Written } from './store.ts';

/** The same with what a card of 提醒 must know. */
export interface OwnSetting extends ReminderSetting {
  readonly ownLeaveUntilDay: string | null; // without the people file's
  readonly changedAt: number; // epoch ms; 0: never
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
  /** Villages handed in or sent back after this instant, and still so. */
  handInChanges(since: number): Promise<HandInChange[]>;
  /** Villages of one area, as they stand. */
  stands(campaignId: string, area: Pick<Area, 'code' | 'level'>, day: string): Promise<VillageStand[]>;
  /** Households of a village not asked yet, by form. */
  todoForms(campaignId: string, villageCode: string): Promise<{ readonly short: number; readonly full: number }>;
  reminderSetting(personId: string): Promise<OwnSetting>;
  /** What the person chose for themselves; `leaveUntilDay` stands beside the people file's. */
  setReminders(p: { readonly act: Act } & ReminderSetting): Promise<Written<null>>;
  /** What people said from this instant on, newest first; of the campaign, or of none. */
  opinions(campaignId: string, since: number): Promise<Opinion[]>;
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
