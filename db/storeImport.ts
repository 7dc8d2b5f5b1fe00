// Owns the SQL of imports: what is known, the journal, and the steps. Every step is one write unit that begins with a
// guard on how far the job is, so that a step runs once however many processes push the same job.
import type { AreaRecord } from '../src/domain/importAreas.ts';
import type { ImportJob, ImportStore, KnownPerson, StepResult } from '../src/importStore.ts';
import type { LoadedCampaign } from '../src/ports.ts';
import type { Engine, Statement, Value } from './engine.ts';
import { areaSteps, enrolSteps, householdSteps, personSteps } from './storeImportSql.ts';

const say = (sql: string, ...args: Value[]): Statement => ({ sql, args });
const text = (v: Value | undefined): string => String(v ?? '');
const orNull = (v: Value | undefined): string | null => (v === null || v === undefined ? null : String(v));
const json = <T>(v: Value | undefined): T => JSON.parse(text(v)) as T;

const guardJob = (job: ImportJob): Statement =>
  say(
    "insert into guard select count(*) from import_job where id = ?1 and state = 'applying' and applied = ?2",
    job.id,
    job.applied,
  );
const clearGuard = say('delete from guard');

export function importStore(engine: Engine): ImportStore {
  return { ...known(engine), ...journal(engine), ...staging(engine), ...steps(engine) };
}

type Known = Pick<
  ImportStore,
  'areas' | 'campaigns' | 'people' | 'households' | 'factsAfter' | 'lastHousehold' | 'planned'
>;

function known(engine: Engine): Known {
  return {
    async areas() {
      const rows = await engine.read(
        'select code, level, name, full_name, kind, parent, township, facts from area order by code',
        [],
      );
      return rows.map(
        (r): AreaRecord => ({
          code: text(r[0]),
          level: text(r[1]) as AreaRecord['level'],
          name: text(r[2]),
          fullName: text(r[3]),
          kind: text(r[4]),
          parent: orNull(r[5]),
          township: orNull(r[6]),
          facts: json(r[7]),
        }),
      );
    },
    async campaigns() {
      const rows = await engine.read('select definition, hash from campaign order by id', []);
      return rows.map((r): LoadedCampaign => ({ ...json<LoadedCampaign>(r[0]), hash: text(r[1]) }));
    },
    people: () => people(engine),
    async households(after, limit) {
      const rows = await engine.read(
        'select no, code, hash, township_code from household where no > ?1 order by no limit ?2',
        [after, limit],
      );
      return rows.map((r) => ({ no: Number(r[0]), code: text(r[1]), hash: text(r[2]), township: text(r[3]) }));
    },
    async factsAfter(no, limit) {
      const rows = await engine.read('select no, code, facts from household where no > ?1 order by no limit ?2', [
        no,
        limit,
      ]);
      return rows.map((r) => ({ no: Number(r[0]), code: text(r[1]), facts: text(r[2]) }));
    },
    async planned(kind) {
      const sql = "select count(*) from import_job where kind = ?1 and state <> 'staging'";
      return Number((await engine.read(sql, [kind]))[0]?.[0] ?? 0);
    },
    async lastHousehold() {
      return Number((await engine.read('select coalesce(max(no), 0) from household', []))[0]?.[0] ?? 0);
    },
  };
}

async function people(engine: Engine): Promise<KnownPerson[]> {
  const roles = new Map<string, { role: string; area: string; active: boolean }[]>();
  for (const r of await engine.read('select person_id, role, area_code, active from person_role', [])) {
    const list = roles.get(text(r[0])) ?? [];
    list.push({ role: text(r[1]), area: text(r[2]), active: r[3] === 1 });
    roles.set(text(r[0]), list);
  }
  const rows = await engine.read('select id, name, open_id, user_id, phone_hash, leave_until_day from person', []);
  return rows.map((r) => ({
    id: text(r[0]),
    name: text(r[1]),
    openId: orNull(r[2]),
    userId: orNull(r[3]),
    phoneHash: orNull(r[4]),
    leaveUntilDay: orNull(r[5]),
    roles: roles.get(text(r[0])) ?? [],
  }));
}

type Journal = Pick<ImportStore, 'begin' | 'ready' | 'jobs' | 'abandon' | 'finish'>;
type Staging = Pick<ImportStore, 'stage' | 'stagedFacts' | 'stagedCampaign' | 'nameCounty'>;

function journal(engine: Engine): Journal {
  return {
    async begin(id, kind, at) {
      await must(engine, [
        say(
          "insert into import_job (id, kind, state, started_at) values (?1, ?2, 'staging', ?3) on conflict (id) do nothing",
          id,
          kind,
          at,
        ),
      ]);
    },
    async ready(id, total, after) {
      // Counted in the same unit: rows another process cleared away must not turn into a job that applies half a file.
      const sql =
        "insert into guard select count(*) from import_job j where j.id = ?1 and j.state in ('staging', 'applying') and " +
        "(j.kind = 'enrol' or ((select count(*) from import_stage where job_id = ?1) = ?2 and " +
        "(select count(*) from import_job o where o.kind = j.kind and o.id <> j.id and o.state <> 'staging') = ?3))";
      const unit = [
        say(sql, id, total, after),
        clearGuard,
        say("update import_job set state = 'applying', total = ?2 where id = ?1 and state = 'staging'", id, total),
      ];
      return (await engine.commit(unit)).ok;
    },
    async jobs() {
      const rows = await engine.read(
        "select id, kind, state, total, applied, started_at from import_job where state <> 'done' order by started_at, id",
        [],
      );
      return rows.map(
        (r): ImportJob => ({
          id: text(r[0]),
          kind: text(r[1]) as ImportJob['kind'],
          state: text(r[2]) as ImportJob['state'],
          total: Number(r[3]),
          applied: Number(r[4]),
          startedAt: Number(r[5]),
        }),
      );
    },
    async abandon(id) {
      const staging = "exists (select 1 from import_job where id = ?1 and state = 'staging')";
      await must(engine, [
        say(`delete from import_stage where job_id = ?1 and ${staging}`, id),
        say("delete from import_job where id = ?1 and state = 'staging'", id),
      ]);
    },
    async finish(job, summary, at) {
      const event =
        "insert into event (subject, actor, verb, after, at) select 'import:' || id, 'import', 'imported', ?2, ?3 from import_job where id = ?1 and state = 'applying'";
      await must(engine, [
        say(event, job.id, JSON.stringify({ kind: job.kind, ...summary }), at),
        say('delete from import_stage where job_id = ?1', job.id),
        say("update import_job set state = 'done', finished_at = ?2 where id = ?1 and state = 'applying'", job.id, at),
      ]);
    },
  };
}

function staging(engine: Engine): Staging {
  return {
    async stage(id, position, rows) {
      const sql =
        'insert or ignore into import_stage (job_id, position, row) select ?1, ?2 + key, value from json_each(?3)';
      await must(engine, [say(sql, id, position, JSON.stringify(rows))]);
    },
    async stagedFacts(id, from, count) {
      const sql =
        "select json_extract(row, '$.code'), json_extract(row, '$.facts') from import_stage where job_id = ?1 and position >= ?2 and position < ?3 order by position";
      return (await engine.read(sql, [id, from, from + count])).map((r) => ({ code: text(r[0]), facts: text(r[1]) }));
    },
    async stagedCampaign(id) {
      return text(
        (
          await engine.read(
            "select json_extract(row, '$.campaign') from import_stage where job_id = ?1 and position = 0",
            [id],
          )
        )[0]?.[0],
      );
    },
    async nameCounty(code, from, to) {
      const sql = "update area set name = ?3, full_name = ?3 where code = ?1 and level = 'county' and name = ?2";
      await must(engine, [say(sql, code, from, to)]);
    },
  };
}

type Steps = Pick<ImportStore, 'applyAreas' | 'applyPeople' | 'applyHouseholds' | 'applyEnrol'>;

function steps(engine: Engine): Steps {
  const advance = (job: ImportJob, to: number) => say('update import_job set applied = ?2 where id = ?1', job.id, to);
  const staged = async (job: ImportJob, count: number, work: readonly Statement[]): Promise<StepResult> => {
    const spent = say(
      'delete from import_stage where job_id = ?1 and position >= ?2 and position < ?3',
      job.id,
      job.applied,
      job.applied + count,
    );
    return step(
      engine,
      [guardJob(job), clearGuard],
      [...work, spent, advance(job, Math.min(job.total, job.applied + count))],
    );
  };
  return {
    applyAreas: (job, count, at) =>
      staged(job, count, areaSteps({ job: job.id, from: job.applied, to: job.applied + count, at })),
    applyPeople: (job, count, at) =>
      staged(job, count, personSteps({ job: job.id, from: job.applied, to: job.applied + count, at })),
    async applyHouseholds(job, { count, enrol, campaigns, at }) {
      const range = { job: job.id, from: job.applied, to: job.applied + count, at };
      const sameCampaigns = say('insert into guard select (select count(*) from campaign) = ?1', campaigns);
      const work = [...householdSteps(range), ...(enrol.length > 0 ? enrolSteps(JSON.stringify(enrol), at) : [])];
      const spent = say(
        'delete from import_stage where job_id = ?1 and position >= ?2 and position < ?3',
        job.id,
        range.from,
        range.to,
      );
      return step(
        engine,
        [guardJob(job), sameCampaigns, clearGuard],
        [...work, spent, advance(job, Math.min(job.total, range.to))],
      );
    },
    applyEnrol: (job, { enrol, last, at }) =>
      step(engine, [guardJob(job), clearGuard], [...enrolSteps(JSON.stringify(enrol), at), advance(job, last)]),
  };
}

async function step(engine: Engine, guards: readonly Statement[], work: readonly Statement[]): Promise<StepResult> {
  const outcome = await engine.commit([...guards, ...work]);
  if (outcome.ok) return 'done';
  if (outcome.at < guards.length) return 'moved';
  throw new Error(`an import step broke a constraint at statement ${outcome.at - guards.length}`);
}

async function must(engine: Engine, unit: readonly Statement[]): Promise<void> {
  const outcome = await engine.commit(unit);
  if (!outcome.ok) throw new Error(`an import could not be journalled, statement ${outcome.at}`);
}
