// Owns the import of areas, people and households: parse, plan, stage, apply in short steps, go on after a crash. A job
// that became ready always finishes. Knows no file format and no SQL.
import { type ImportReport, refusal } from '../domain/importPlan.ts';
import type { Table } from '../domain/importTable.ts';
import type { ImportJob, JobKind } from '../importStore.ts';
import type { LoadedCampaign } from '../ports.ts';
import { planAreas, unnamedCounty } from './importAreas.ts';
import { type ImportDeps, type Prepared, pause } from './importDeps.ts';
import { enrolling } from './importEnrol.ts';
import { planHouseholds } from './importHouseholds.ts';
import { planPeople } from './importPeople.ts';

export interface ImportOptions {
  /** Parse, check and plan; change nothing. */
  readonly dryRun?: boolean;
  /** People only: end the roles that the file does not mention. */
  readonly deactivateMissing?: boolean;
  /** Units done of units in all; called often, cheap to ignore. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Imports {
  areas(table: Table, options?: ImportOptions): Promise<ImportReport>;
  people(table: Table, options?: ImportOptions): Promise<ImportReport>;
  households(table: Table, options?: ImportOptions): Promise<ImportReport>;
  /** Puts every household into a campaign loaded after the roster. */
  enrolAll(campaign: LoadedCampaign, options?: Pick<ImportOptions, 'onProgress'>): Promise<void>;
  /** Finishes what an earlier process began; call it at start-up. */
  resume(): Promise<void>;
}

const stageRows = 250;
/** Rows a step applies: each stays well under 30 ms, so that a click in the same process never waits longer. */
const stepRows: Record<JobKind, number> = { areas: 100, people: 60, households: 80, enrol: 120 };
/** Staged rows nobody made ready in this time were left by a process that died. */
const staleMs = 3_600_000;

const silent = (): void => undefined;

export function createImports(deps: ImportDeps): Imports {
  const run = new ImportRun(deps);
  return {
    areas: (table, options = {}) => run.one('areas', () => planAreas(deps, table), options),
    people: (table, options = {}) =>
      run.one('people', () => planPeople(deps, table, options.deactivateMissing ?? false), options),
    households: (table, options = {}) => run.one('households', () => planHouseholds(deps, table), options),
    enrolAll: (campaign, options = {}) => run.enrolAll(campaign, options.onProgress ?? silent),
    resume: () => run.alone(() => run.resume()),
  };
}

/** What both files create would exist twice; the file can be read once, so that its plan cannot be made again here. */
const beside = {
  sheet: '',
  row: 1,
  column: '',
  code: 'beside',
  message: '这次没有导入任何内容：同时有另一次导入正在进行。等它完成后，请再导入一次',
};

interface Staging {
  readonly prepared: Prepared;
  /** What `planned` said before the plan was made. */
  readonly after: number;
  readonly tell: (n: number) => void;
}

class ImportRun {
  private readonly deps: ImportDeps;
  private last: Promise<unknown> = Promise.resolve();

  constructor(deps: ImportDeps) {
    this.deps = deps;
  }

  /** Imports of one process run one after the other. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work, work);
    this.last = next.then(silent, silent);
    return next;
  }

  one(kind: JobKind, prepare: () => Promise<Prepared>, options: ImportOptions): Promise<ImportReport> {
    return this.alone(async () => {
      if (!options.dryRun) await this.resume();
      const after = await this.deps.store.planned(kind);
      const prepared = await prepare();
      const { report, total } = prepared;
      if (options.dryRun || total === 0) return report;
      const tell = options.onProgress ?? silent;
      const id = await this.stage(kind, { prepared, after, tell: (n) => tell(n, total * 2) });
      if (id === null) return refusal(report.kind, [beside], report.notes);
      const { created, updated } = report;
      await this.finish(id, { created, updated }, (n) => tell(total + n, total * 2));
      return report;
    });
  }

  /** The id of the job that now finishes; null when it was planned on what is not true any more. */
  private async stage(kind: JobKind, of: Staging): Promise<string | null> {
    const { store, clock, newId } = this.deps;
    const { prepared, after, tell } = of;
    const id = newId();
    await store.begin(id, kind, clock.now());
    for (let from = 0; from < prepared.total; from += stageRows) {
      await store.stage(id, from, await prepared.rows(from, stageRows));
      tell(Math.min(prepared.total, from + stageRows));
    }
    if (await store.ready(id, prepared.total, after)) return id;
    await store.abandon(id);
    return null;
  }

  async enrolAll(campaign: LoadedCampaign, tell: (done: number, total: number) => void): Promise<void> {
    return this.alone(async () => {
      const { store, clock, newId } = this.deps;
      await this.resume();
      await store.nameCounty(campaign.county.code, unnamedCounty, campaign.county.name);
      const total = await store.lastHousehold();
      if (total === 0) return;
      const id = newId();
      await store.begin(id, 'enrol', clock.now());
      await store.stage(id, 0, [{ campaign: campaign.id }]);
      await store.ready(id, total, 0);
      await this.finish(id, { campaign: campaign.id }, (n) => tell(Math.min(n, total), total));
    });
  }

  async resume(): Promise<void> {
    const { store, clock } = this.deps;
    for (const job of await store.jobs()) {
      if (job.state === 'applying') await this.finish(job.id, {}, silent);
      else if (clock.now() - job.startedAt > staleMs) await store.abandon(job.id);
    }
  }

  /** Steps until the job is done, by us or by another process that pushes it as well. */
  private async finish(id: string, summary: Record<string, unknown>, tell: (n: number) => void): Promise<void> {
    const { store, clock } = this.deps;
    const enrol = enrolling(store);
    for (;;) {
      const job = (await store.jobs()).find((j) => j.id === id);
      if (!job) return;
      tell(job.applied);
      const over =
        job.kind === 'enrol' ? !(await enrol.campaignStep(job, stepRows.enrol, clock.now())) : job.applied >= job.total;
      if (over) return void (await store.finish(job, summary, clock.now()));
      if (job.kind !== 'enrol') await this.step(job, enrol);
      await pause();
    }
  }

  private async step(job: ImportJob, enrol: ReturnType<typeof enrolling>): Promise<void> {
    const { store, clock } = this.deps;
    const count = stepRows[job.kind];
    if (job.kind === 'areas') await store.applyAreas(job, count, clock.now());
    else if (job.kind === 'people') await store.applyPeople(job, count, clock.now());
    else await enrol.householdStep(job, count, clock.now());
  }
}
