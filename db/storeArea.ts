// Owns what is read and written of areas' own work: forms, hand-in, decisions, snapshots. Every change is one unit behind
// a guard on what was read, with its event row.
import type { AreaForm, AreaStore, AreaTask, Changed } from '../src/areaStore.ts';
import type { Answers, Screening } from '../src/ports.ts';
import type { Written } from '../src/store.ts';
import type { Engine, Statement, Value } from './engine.ts';
import { kept } from './kept.ts';
import { json, screeningColumns, screeningOf } from './rows.ts';
import { acceptUnit, formUnit, handInUnit, returnUnit, snapshotUnit, subjectOf } from './storeAreaUnits.ts';
import { surely } from './surely.ts';
import { listed, toldOf } from './told.ts';
import { notWritten } from './units.ts';

export const areaVerbs = (engine: Engine): AreaStore => ({
  ...formReads(engine),
  ...taskReads(engine),
  ...householdReads(engine),
  ...changeVerbs(engine),
});

const textOrNull = (v: Value | undefined) => (v === null || v === undefined ? null : String(v));
const numberOrNull = (v: Value | undefined) => (v === null || v === undefined ? null : Number(v));

function formOf(r: readonly Value[]): AreaForm {
  return {
    lookback: String(r[0]),
    answers: json(r[1], {}),
    findings: json(r[2], []),
    rev: Number(r[3]),
    late: r[4] === 1,
    by: String(r[5]),
    doneAt: Number(r[6]) === 0 ? null : Number(r[6]),
  };
}

function formReads(engine: Engine): Pick<AreaStore, 'areaForms' | 'formCounts' | 'villageRoster'> {
  return {
    async areaForms(campaignId, areaCode) {
      const sql =
        'select lookback, answers, findings, rev, late, submitted_by, submitted_at from area_form where campaign_id = ? and area_code = ? order by lookback';
      return (await engine.read(sql, [campaignId, areaCode])).map(formOf);
    },
    async formCounts(campaignId, area) {
      const columns = { county: 'substr(code, 1, 6)', township: 'township', village: 'code' } as const;
      const inside = `select code from area where level = 'village' and ${columns[area.level]} = ?2`;
      const sql =
        `select '', count(*) from (${inside}) where ?1 <> '' union all ` +
        `select lookback, count(*) from area_form where campaign_id = ?1 and area_code in (${inside}) and submitted_at > 0 group by lookback`;
      const rows = (await engine.read(sql, [campaignId, area.code])).map((r) => [String(r[0]), Number(r[1])] as const);
      return { villages: rows[0]?.[1] ?? 0, filled: new Map(rows.slice(1)) };
    },
    async villageRoster(areaCode) {
      const sql =
        'select (select facts from area where code = ?1), ' +
        "coalesce(sum(case when json_extract(facts, '$.register') = 'active' then member_count else 0 end), 0), " +
        "coalesce(sum(json_extract(facts, '$.kind') = '脱贫户'), 0) from household where village_code = ?1";
      const [facts, persons, lifted] = (await engine.read(sql, [areaCode]))[0] ?? [];
      return { facts: json(facts, {}), activePersons: Number(persons), liftedHouseholds: Number(lifted) };
    },
  };
}

const taskColumns =
  'campaign_id, area_code, township_code, state, rev, meeting_day, returns, late, submitted_by, submitted_at, decided_by, decided_at';

const taskOfArea = `select ${taskColumns} from area_task where campaign_id = ? and area_code = ?`;

function taskOf(r: readonly Value[]): AreaTask {
  return {
    campaignId: String(r[0]),
    areaCode: String(r[1]),
    townshipCode: String(r[2]),
    state: String(r[3]) as AreaTask['state'],
    rev: Number(r[4]),
    meetingDay: textOrNull(r[5]),
    returns: json(r[6], []),
    late: r[7] === 1,
    submittedBy: textOrNull(r[8]),
    submittedAt: numberOrNull(r[9]),
    decidedBy: textOrNull(r[10]),
    decidedAt: numberOrNull(r[11]),
  };
}

type TaskReads = 'areaTask' | 'areaTasks' | 'snapshots' | 'changesSinceReturn';
function taskReads(engine: Engine): Pick<AreaStore, TaskReads> {
  const task = kept(engine, ['area_task'], async (key) => {
    const row = (await engine.read(taskOfArea, key.split(' ')))[0];
    return row ? taskOf(row) : null;
  });
  return {
    areaTask: (campaignId, areaCode) => task(`${campaignId} ${areaCode}`),
    async areaTasks(campaignId, townshipCode) {
      const sql = `select ${taskColumns} from area_task where campaign_id = ? and township_code = ? order by area_code`;
      return (await engine.read(sql, [campaignId, townshipCode])).map(taskOf);
    },
    async snapshots(campaignId) {
      const rows = await engine.read('select phase_id from phase_snapshot where campaign_id = ?', [campaignId]);
      return rows.map((r) => String(r[0]));
    },
    async changesSinceReturn(campaignId, areaCode) {
      const subject = subjectOf(campaignId, areaCode);
      const handed = `select id from event where subject = ? and ${listed('event')} and verb = 'handIn' order by id desc limit 2`;
      const [last, before] = (await engine.read(handed, [subject])).map((r) => Number(r[0]));
      if (last === undefined || before === undefined) return [];
      const [households, forms] = await Promise.all([
        engine.read(householdsTold, [campaignId, areaCode, last]),
        engine.read(formsTold, [subject, last]),
      ]);
      return [...changed(households, 'household', before), ...changed(forms, 'form', before)];
    },
  };
}

/** What changes what is said of a household; to look at it does not. */
const householdsTold =
  `${toldOf('c.campaign_id = ?1 and c.village_code = ?2')}select h.code, e.id, e.after from told t join event e on e.id = t.id ` +
  'join screening c on c.id = t.screening join household h on h.no = c.household_no ' +
  "where e.verb in ('submit', 'defer', 'correct') and e.id < ?3 order by h.no, e.id";
const formsTold =
  `select json_extract(e.after, '$.lookback'), e.id, e.after from event e where e.subject = ?1 and ${listed('e')} ` +
  "and e.verb = 'areaForm' and e.id < ?2 order by 1, e.id";

/** What an event's `after` says. */
const answersIn = (v: Value | undefined) => json<{ answers?: Answers | null }>(v, {}).answers ?? null;
/** Rows: name, event, after; in order. What was told of each after event `since`, beside what had been told until then. */
function changed(rows: readonly Value[][], of: Changed['of'], since: number): Changed[] {
  const last = new Map<string, Changed>();
  for (const [name, id, after] of rows) {
    const known = last.get(String(name)) ?? { name: String(name), of, before: null, after: null };
    const now = answersIn(after);
    last.set(known.name, Number(id) <= since ? { ...known, before: now } : { ...known, after: now });
  }
  const later = new Set(rows.filter((r) => Number(r[1]) > since).map((r) => String(r[0])));
  return [...last.values()].filter((c) => later.has(c.name));
}

const ofVillage = `select ${screeningColumns}, e.after from screening c join household h on h.no = c.household_no left join event e on e.id = c.answers_event where c.campaign_id = ?1 and c.village_code = ?2`;
const present = (c: Screening | null): c is Screening => c !== null;

type HouseholdReads = 'putOff' | 'foundHouseholds' | 'findingCounts' | 'householdsByCode';
function householdReads(engine: Engine): Pick<AreaStore, HouseholdReads> {
  return {
    async putOff(campaignId, villageCode) {
      const sql =
        "select h.code, c.defer_reason, c.next_day from screening c join household h on h.no = c.household_no where c.campaign_id = ? and c.village_code = ? and c.state = 'deferred' order by h.no";
      const rows = await engine.read(sql, [campaignId, villageCode]);
      return rows.map((r) => ({ code: String(r[0]), reason: String(r[1] ?? ''), nextDay: String(r[2] ?? '') }));
    },
    async foundHouseholds(campaignId, villageCode) {
      const rows = await engine.read(`${ofVillage} and c.state = 'found' order by h.no`, [campaignId, villageCode]);
      return rows.flatMap((r) => {
        const screening = screeningOf(r);
        return screening ? [{ screening, answers: answersIn(r.at(-1)) ?? {} }] : [];
      });
    },
    async findingCounts(campaignId, villageCode) {
      const sql =
        "select json_extract(j.value, '$.item'), count(distinct c.id) from screening c join event e on e.id = c.answers_event, json_each(e.after, '$.findings') j where c.campaign_id = ? and c.village_code = ? and c.state = 'found' group by 1 order by 1";
      const rows = await engine.read(sql, [campaignId, villageCode]);
      return rows.map((r) => ({ item: String(r[0]), n: Number(r[1]) }));
    },
    async householdsByCode(campaignId, villageCode, codes) {
      const sql = `${ofVillage} and h.code in (select value from json_each(?3)) order by h.no`;
      const rows = await engine.read(sql, [campaignId, villageCode, JSON.stringify(codes)]);
      return rows.map((r) => screeningOf(r)).filter(present);
    },
  };
}

type Changes = 'saveAreaForm' | 'handIn' | 'acceptHandIn' | 'returnHandIn' | 'takeSnapshot';
function changeVerbs(engine: Engine): Pick<AreaStore, Changes> {
  /** Runs a unit whose statement 0 is `seen`. */
  const write = async (unit: readonly Statement[]): Promise<Written<null>> => {
    const outcome = await surely(engine, unit);
    return outcome.ok ? { ok: true, value: null } : notWritten(outcome.at);
  };
  return {
    saveAreaForm: (p) => write(formUnit(p)),
    handIn: (p) => write(handInUnit(p)),
    acceptHandIn: (p) => write(acceptUnit(p)),
    returnHandIn: (p) => write(returnUnit(p)),
    takeSnapshot: async (p) => (await surely(engine, snapshotUnit(p))).ok,
  };
}
