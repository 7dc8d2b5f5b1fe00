// Owns the door an import uses: what is known already, the journal, and the steps that apply staged rows. No SQL;
// db/storeImport.ts implements it on every engine.
import type { AreaRecord } from './domain/importAreas.ts';
import type { HouseholdFacts, LoadedCampaign } from './ports.ts';

export type JobKind = 'areas' | 'people' | 'households' | 'enrol';
export interface ImportJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly state: 'staging' | 'applying';
  readonly total: number;
  readonly applied: number; // rows; for 'enrol' the number of the last household done
  readonly startedAt: number; // epoch ms
}

export interface KnownHousehold {
  readonly no: number;
  readonly code: string;
  readonly hash: string;
  readonly township: string;
}
export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  readonly openId: string | null;
  readonly userId: string | null;
  readonly phoneHash: string | null;
  readonly leaveUntilDay: string | null;
  readonly roles: readonly { readonly role: string; readonly area: string; readonly active: boolean }[];
}

/** Everything sealed: staged rows are what the database will hold. */
export interface StagedHousehold {
  readonly code: string;
  readonly village: string;
  readonly township: string;
  readonly group: string;
  readonly headName: string;
  readonly memberCount: number;
  readonly idSealed: string | null;
  readonly idHash: string | null;
  readonly phoneSealed: string | null;
  readonly phoneHash: string | null;
  readonly facts: HouseholdFacts;
  readonly hash: string;
  readonly members: readonly {
    readonly name: string;
    readonly relation: string;
    readonly idSealed: string | null;
    readonly idHash: string | null;
    readonly facts: Readonly<Record<string, string | number | boolean>>;
  }[];
}
export interface StagedPerson {
  readonly id: string;
  readonly name: string;
  readonly openId: string | null;
  readonly userId: string | null;
  readonly phoneSealed: string | null; // null: keep what is there
  readonly phoneHash: string | null;
  readonly leaveUntilDay: string | null;
  readonly roles: readonly (readonly [role: string, area: string, active: boolean])[];
}

/** One household's place in one campaign; `lookbacks` '' takes an untouched row out of it. */
export type EnrolRow = readonly [code: string, campaignId: string, lookbacks: string, form: 'short' | 'full'];

/** `moved`: another process advanced the job, or a campaign was loaded meanwhile; look again. */
export type StepResult = 'done' | 'moved';

export interface ImportStore {
  areas(): Promise<AreaRecord[]>;
  campaigns(): Promise<LoadedCampaign[]>;
  people(): Promise<KnownPerson[]>;
  /** At most `limit` households with a number above `after`, in order of number. */
  households(after: number, limit: number): Promise<KnownHousehold[]>;
  factsAfter(
    no: number,
    limit: number,
  ): Promise<{ readonly no: number; readonly code: string; readonly facts: string }[]>;
  lastHousehold(): Promise<number>;

  /** Gives a county its name when the file of areas had none. */
  nameCounty(code: string, from: string, to: string): Promise<void>;
  begin(id: string, kind: JobKind, at: number): Promise<void>;
  stage(id: string, position: number, rows: readonly unknown[]): Promise<void>;
  /** How many imports of this kind ever became ready: changes whenever what a plan has seen may be out of date. */
  planned(kind: JobKind): Promise<number>;
  /**
   * From here on the job always finishes. False when its staged rows are gone, or another import of its kind became ready
   * since `planned` said `after`: what both want to create would exist twice.
   */
  ready(id: string, total: number, after: number): Promise<boolean>;
  jobs(): Promise<ImportJob[]>;
  /** Forgets a job that never got ready. */
  abandon(id: string): Promise<void>;
  /** Facts (as JSON text) of the staged households at [from, from + count). */
  stagedFacts(id: string, from: number, count: number): Promise<{ readonly code: string; readonly facts: string }[]>;
  stagedCampaign(id: string): Promise<string>;

  applyAreas(job: ImportJob, count: number, at: number): Promise<StepResult>;
  applyPeople(job: ImportJob, count: number, at: number): Promise<StepResult>;
  applyHouseholds(
    job: ImportJob,
    step: { count: number; enrol: readonly EnrolRow[]; campaigns: number; at: number },
  ): Promise<StepResult>;
  applyEnrol(job: ImportJob, step: { enrol: readonly EnrolRow[]; last: number; at: number }): Promise<StepResult>;
  finish(job: ImportJob, summary: Readonly<Record<string, unknown>>, at: number): Promise<void>;
}
