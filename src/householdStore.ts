// Owns the door to single households for those who may see them whole: detail and names. Domain verbs, no SQL;
// db/storeHousehold.ts implements it, Store extends it.

/** What a private card shows beside the facts. */
export interface HouseholdDetail {
  readonly groupName: string; // '' when the roster does not say
  readonly memberCount: number;
}

export interface HouseholdStore {
  /** Names a group of this area must not read: heads and members of its villages; `workers`: people who work there. */
  rosterNames(areaCode: string): Promise<{ readonly names: readonly string[]; readonly workers: readonly string[] }>;
  /** Changes with every import of people, areas or households and with every campaign loaded. */
  rosterVersion(): Promise<string>;
  householdDetail(no: number): Promise<HouseholdDetail | null>;
}
