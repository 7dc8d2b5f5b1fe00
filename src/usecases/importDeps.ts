// Owns what the plans of an import share: the world handed in, and the shape of what a plan would write.
import type { ImportReport } from '../domain/importPlan.ts';
import type { ImportStore } from '../importStore.ts';
import type { Clock, NewId, Vault } from '../ports.ts';

export interface ImportDeps {
  readonly store: ImportStore;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly newId: NewId;
}
/** What an import would write: rows to stage, sealed piece by piece as they are asked for. */
export interface Prepared {
  readonly report: ImportReport;
  readonly total: number;
  rows(from: number, count: number): Promise<readonly unknown[]>;
}

/** Lets everything else of the process run. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
