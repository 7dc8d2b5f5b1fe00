// Owns the door to what every township had done when a day began. Domain verbs, no SQL; db/storeDayCount.ts implements it,
// Store extends it.

/** One township as a day began: households and villages. */
export interface DayCount {
  readonly townshipCode: string;
  readonly total: number;
  readonly done: number;
  readonly found: number; // of done
  readonly waiting: number; // villages handed in and not decided
  readonly accepted: number;
}

interface DayCounts {
  readonly day: string;
  readonly takenAt: number; // midnight, or when the bot came back
  readonly towns: readonly DayCount[];
}

export interface DayCountStore {
  /** Counts as they stand, once per campaign and day whoever comes first. false: they were there. */
  countDay(p: { readonly campaignId: string; readonly day: string; readonly at: number }): Promise<boolean>;
  /** The newest counts of this day or an earlier one; null: there are none. */
  dayCounts(campaignId: string, day: string): Promise<DayCounts | null>;
}
