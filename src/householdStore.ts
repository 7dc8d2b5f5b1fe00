// Owns the door to single households for those who may see them whole: detail and names. Domain verbs, no SQL;
// db/storeHousehold.ts implements it, Store extends it.

import type { Answers, Finding, Outgoing, Screening, Sitting } from './ports.ts';
import type { Act, StoredAnswers, Written } from './store.ts';

/** What a private card shows beside the facts. */
export interface HouseholdDetail {
  readonly groupName: string; // '' when the roster does not say
  readonly memberCount: number;
}

/** Something that was done to a household's answers. */
export interface HistoryRow {
  readonly at: number;
  readonly actor: string; // person id
  readonly verb: string; // submit | defer | correct | return
  readonly rev: number;
  readonly reason: string; // '' for none
  readonly late: boolean;
  readonly proxy: boolean;
}

export interface HouseholdStore {
  /** By code or head's name as `plain` writes them, in villages, townships or the county of `scope`; in roster order. */
  findHouseholds(p: {
    readonly campaignId: string;
    readonly scope: readonly string[]; // area codes of any level
    readonly wanted: string;
    readonly limit: number;
    readonly partial: boolean; // any part of code or name
  }): Promise<Screening[]>;
  /** A form for one household, in the person's private chat. `place`: where such forms live, one open per person. */
  openCorrection(p: {
    readonly act: Act;
    readonly id: string;
    readonly place: string;
    readonly screening: Screening;
    readonly draft: Answers;
    readonly outgoing: readonly Outgoing[];
  }): Promise<Written<null>>;
  /** stale: the answers are no longer those of `screening.rev`, the village is handed in, or the form moved on. */
  correct(p: {
    readonly act: Act;
    readonly sitting: Sitting;
    readonly screening: Screening;
    readonly before: StoredAnswers | null;
    readonly state: 'clear' | 'found';
    readonly answers: Answers;
    readonly provenance: Readonly<Record<string, string>>;
    readonly findings: readonly Finding[];
    readonly late: boolean;
    readonly proxy: boolean;
    readonly reason: string;
  }): Promise<Written<null>>;
  closeCorrection(p: { readonly act: Act; readonly sitting: Sitting }): Promise<Written<null>>;
  /** Newest first, at most 20. */
  historyOf(screeningId: string): Promise<HistoryRow[]>;
  /** Names a group of this area must not read: heads and members of its villages; `workers`: people who work there. */
  rosterNames(areaCode: string): Promise<{ readonly names: readonly string[]; readonly workers: readonly string[] }>;
  /** Changes with every import of people, areas or households and with every campaign loaded. */
  rosterVersion(): Promise<string>;
  householdDetail(no: number): Promise<HouseholdDetail | null>;
}
