// Owns the door to areas' own work: the village's forms, hand-in, what the township decides, snapshots. Domain verbs, no
// SQL; db/storeArea.ts implements it, Store extends it.
import type { Answers, Area, Finding, Outgoing, Screening } from './ports.ts';
import type { Act, Written } from './store.ts';

/** A village's answers to one look-back of its own. Keys: item id, or 'row|item id' where the look-back asks per row. */
export interface AreaForm {
  readonly lookback: string;
  readonly answers: Answers; // '' = asked and left empty
  readonly findings: readonly Finding[];
  readonly rev: number;
  readonly late: boolean;
  readonly by: string; // person id
  readonly doneAt: number | null; // null: begun, not finished
}

/** One thing the township wants mended: a household (by code) or an item of the village. */
export interface Returned {
  readonly code?: string;
  readonly item?: string;
  readonly reason: string;
}

export interface AreaTask {
  readonly campaignId: string;
  readonly areaCode: string;
  readonly townshipCode: string;
  readonly state: 'open' | 'submitted' | 'returned' | 'accepted';
  readonly rev: number;
  readonly meetingDay: string | null;
  readonly returns: readonly Returned[];
  readonly late: boolean;
  readonly submittedBy: string | null;
  readonly submittedAt: number | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
}

/** What the roster knows of a village. */
export interface VillageRoster {
  readonly facts: Readonly<Record<string, number | boolean>>; // by column of the areas file
  readonly activePersons: number; // in monitored households whose risk stands
  readonly liftedHouseholds: number;
}

/** A household of a village with something to look at, with what was said. */
export interface Told {
  readonly screening: Screening;
  readonly answers: Answers;
}

/** Something that was said again between two hand-ins: null = it was not said before, or put off. */
export interface Changed {
  readonly name: string; // household code, or look-back id
  readonly of: 'household' | 'form';
  readonly before: Answers | null;
  readonly after: Answers | null;
}

/** What a hand-in needs to be true in the same unit. */
export interface HandInNeeds {
  readonly reasons: readonly string[]; // of a household put off, that explain it
  readonly lookbacks: readonly string[]; // forms that must be done
}

export interface AreaStore {
  areaForms(campaignId: string, areaCode: string): Promise<AreaForm[]>;
  /** Villages of the area with a finished form, by look-back. */
  formCounts(campaignId: string, area: Area): Promise<{ filled: ReadonlyMap<string, number>; villages: number }>;
  villageRoster(areaCode: string): Promise<VillageRoster>;
  /** `rev`: as read, 0 for none. stale: somebody was first, or the village is handed in. */
  saveAreaForm(p: {
    readonly act: Act;
    readonly campaignId: string;
    readonly area: Area;
    readonly form: Omit<AreaForm, 'by'>;
  }): Promise<Written<null>>;

  areaTask(campaignId: string, areaCode: string): Promise<AreaTask | null>;
  /** Of the villages of one township. */
  areaTasks(campaignId: string, townshipCode: string): Promise<AreaTask[]>;
  /** Households put off, with reason, in roster order. */
  putOff(campaignId: string, villageCode: string): Promise<{ code: string; reason: string; nextDay: string }[]>;
  /** Households with a finding and their answers. */
  foundHouseholds(campaignId: string, villageCode: string): Promise<Told[]>;
  /** Households with a finding by item. */
  findingCounts(campaignId: string, villageCode: string): Promise<{ item: string; n: number }[]>;
  householdsByCode(campaignId: string, villageCode: string, codes: readonly string[]): Promise<Screening[]>;
  /** What was said between the last two hand-ins; empty for a first one. */
  changesSinceReturn(campaignId: string, areaCode: string): Promise<Changed[]>;
  handIn(p: {
    readonly act: Act;
    readonly task: AreaTask; // as read, or a new one with rev 0
    readonly meetingDay: string | null; // null: the campaign asks for no meeting
    readonly late: boolean;
    readonly needs: HandInNeeds;
    readonly outgoing: readonly Outgoing[];
  }): Promise<Written<null>>;
  acceptHandIn(p: { readonly act: Act; readonly task: AreaTask }): Promise<Written<null>>;
  /** The named households go back to 未排查; answers stay for comparison until they are given again. */
  returnHandIn(p: {
    readonly act: Act;
    readonly task: AreaTask;
    readonly returns: readonly Returned[];
    readonly households: readonly Screening[];
  }): Promise<Written<null>>;

  snapshots(campaignId: string): Promise<string[]>; // phase ids
  /** Counts and hand-ins as they stand, once per phase whoever comes first. false: it was there. */
  takeSnapshot(p: { readonly campaignId: string; readonly phaseId: string; readonly at: number }): Promise<boolean>;
}
