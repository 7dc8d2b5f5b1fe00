// Owns the door to single households for those who may see them whole: detail and names. Domain verbs, no SQL;
// db/storeHousehold.ts implements it, Store extends it.

/** What a private card shows beside the facts. */
export interface HouseholdDetail {
  readonly groupName: string; // '' when the roster does not say
  readonly memberCount: number;
}

export interface HouseholdStore {
  householdDetail(no: number): Promise<HouseholdDetail | null>;
}
