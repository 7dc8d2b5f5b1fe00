// Owns what is read and written of what the bot says unasked: who, where everything stands, what people chose, the plan.
// The plan is one unit behind a guard on the instant it begins at, so that of two instances one plans.
import type { VillageStand } from '../src/domain/owed.ts';
import type { BoundGroup, HandInChange, Reader } from '../src/domain/reminders.ts';
import type { Area, Outgoing, RoleHeld } from '../src/ports.ts';
import type { OwnSetting, ReminderStore } from '../src/reminderStore.ts';
import type { Written } from '../src/store.ts';
import type { Engine, Statement, Value } from './engine.ts';
import { json } from './rows.ts';
import { surely } from './surely.ts';
import { listed } from './told.ts';
import { enqueueAll, happened, seeAct, statement } from './units.ts';

export const reminderVerbs = (engine: Engine): ReminderStore => ({
  ...standReads(engine),
  ...settingVerbs(engine),
  ...planVerbs(engine),
});

const textOrNull = (v: Value | undefined) => (v === null || v === undefined ? null : String(v));

// Counted per village by index seeks: of a large county only what is put off is looked at.
const standSql =
  "select a.code, a.township, coalesce((select n from tally t where t.campaign_id = ?1 and t.village_code = a.code and t.section = 'ALL' and t.state = 'todo'), 0), " +
  "(select count(*) from screening c where c.campaign_id = ?1 and c.village_code = a.code and c.state = 'deferred' and c.next_day <= ?2), " +
  '(select json_group_array(f.lookback) from area_form f where f.campaign_id = ?1 and f.area_code = a.code and f.submitted_at > 0), ' +
  "coalesce(k.state, 'open'), coalesce(json_array_length(k.returns), 0), case k.state when 'submitted' then k.submitted_at else k.decided_at end " +
  'from area a left join area_task k on k.campaign_id = ?1 and k.area_code = a.code ' +
  "where a.level = 'village' and ";
const standTexts = {
  county: `${standSql} ?3 <> '' order by a.code`,
  township: `${standSql} a.township = ?3 order by a.code`,
  village: `${standSql} a.code = ?3 order by a.code`,
};

const standOf = (campaignId: string, r: readonly Value[]): VillageStand => ({
  campaignId,
  areaCode: String(r[0]),
  townshipCode: String(r[1]),
  todo: Number(r[2]),
  due: Number(r[3]),
  forms: json<string[]>(r[4], []),
  task: String(r[5]) as VillageStand['task'],
  returned: Number(r[6]),
  changedAt: r[7] === null || r[7] === undefined ? null : Number(r[7]),
});

const peopleSql =
  'select p.id, p.open_id, p.leave_until_day, s.leave_until_day, s.muted_until_day, r.role, r.area_code, a.level, a.township ' +
  'from person p join person_role r on r.person_id = p.id and r.active = 1 join area a on a.code = r.area_code ' +
  'left join reminder_setting s on s.person_id = p.id where p.open_id is not null order by p.id';
const lastSql =
  "select person_id, max(at) from (select person_id, sent_at at from outbox where sent_at > ?1 and state = 'sent' and person_id is not null " +
  "union all select person_id, due_at from outbox where state = 'due' and person_id is not null) group by person_id";
const groupSql =
  'select c.id, c.campaign_id, c.area_code, a.level, coalesce(g.wanted, 0) from chat c join area a on a.code = c.area_code ' +
  'left join group_digest g on g.campaign_id = c.campaign_id and g.area_code = c.area_code ' +
  "where c.state = 'in' and c.campaign_id in (select value from json_each(?)) order by c.area_code, c.id";

const changeSql =
  "select campaign_id, area_code, township_code, state, case state when 'submitted' then submitted_at else decided_at end from area_task " +
  "where (state = 'submitted' and submitted_at > ?1) or (state = 'returned' and decided_at > ?1)";

const later = (a: string | null, b: string | null) => (a !== null && (b === null || a > b) ? a : b);

function peopleOf(rows: readonly Value[][], last: ReadonlyMap<string, number>): Reader[] {
  const people = new Map<string, Reader & { roles: RoleHeld[] }>();
  for (const r of rows) {
    const id = String(r[0]);
    const level = String(r[7]) as Area['level'];
    const held = { role: String(r[5]), areaCode: String(r[6]), level, township: textOrNull(r[8]) };
    const known = people.get(id);
    if (known) known.roles.push(held);
    else {
      const leave = later(textOrNull(r[2]), textOrNull(r[3]));
      const setting = { leaveUntilDay: leave, mutedUntilDay: textOrNull(r[4]) };
      people.set(id, { id, openId: String(r[1]), roles: [held], setting, lastDigestAt: last.get(id) ?? 0 });
    }
  }
  return [...people.values()];
}

const groupOf = (r: readonly Value[]): BoundGroup => ({
  chatId: String(r[0]),
  campaignId: String(r[1]),
  areaCode: String(r[2]),
  level: String(r[3]) as Area['level'],
  digest: r[4] === 1,
});

function standReads(engine: Engine): Pick<ReminderStore, 'reminderFacts' | 'handInChanges' | 'stands' | 'todoForms'> {
  const stands: ReminderStore['stands'] = async (campaignId, area, day) =>
    (await engine.read(standTexts[area.level], [campaignId, day, area.code])).map((r) => standOf(campaignId, r));
  return {
    stands,
    async reminderFacts({ campaignIds, day, since }) {
      const [people, last, groups, ...all] = await Promise.all([
        engine.read(peopleSql, []),
        engine.read(lastSql, [since]),
        engine.read(groupSql, [JSON.stringify(campaignIds)]),
        ...campaignIds.map((id) => stands(id, { code: 'all', level: 'county' }, day)),
      ]);
      const lastOf = new Map(last.map((r) => [String(r[0]), Number(r[1])]));
      return { people: peopleOf(people, lastOf), groups: groups.map(groupOf), stands: all.flat() };
    },
    async handInChanges(since) {
      return (await engine.read(changeSql, [since])).map((r) => ({
        campaignId: String(r[0]),
        areaCode: String(r[1]),
        townshipCode: String(r[2]),
        task: String(r[3]) as HandInChange['task'],
        changedAt: Number(r[4]),
      }));
    },
    async todoForms(campaignId, villageCode) {
      const sql =
        "select form, count(*) from screening where campaign_id = ? and village_code = ? and state = 'todo' group by form";
      const rows = await engine.read(sql, [campaignId, villageCode]);
      const of = (form: string) => Number(rows.find((r) => r[0] === form)?.[1] ?? 0);
      return { short: of('short'), full: of('full') };
    },
  };
}

const settingSql =
  'select p.leave_until_day, s.leave_until_day, s.muted_until_day, s.updated_at from person p left join reminder_setting s on s.person_id = p.id where p.id = ?';
const setSql =
  'insert into reminder_setting (person_id, leave_until_day, muted_until_day, updated_at) values (?1, ?2, ?3, ?4) ' +
  'on conflict (person_id) do update set leave_until_day = ?2, muted_until_day = ?3, updated_at = ?4';
const setDigestSql =
  'insert into group_digest (campaign_id, area_code, wanted, set_by, set_at) values (?1, ?2, ?3, ?4, ?5) ' +
  'on conflict (campaign_id, area_code) do update set wanted = ?3, set_by = ?4, set_at = ?5';

// Told by the subject's index: events of households are a hundred times as many.
const opinionSql =
  "select json_extract(after, '$.kind'), json_extract(after, '$.text'), at from event " +
  `where subject > 'person:' and subject < 'person;' and ${listed('event')} and verb = 'feedback' and at >= ?1 and coalesce(campaign_id, ?2) = ?2 order by id desc`;

type Settings = 'reminderSetting' | 'setReminders' | 'opinions' | 'groupDigest' | 'setGroupDigest';
function settingVerbs(engine: Engine): Pick<ReminderStore, Settings> {
  /** Runs a unit whose statement 0 is `seen`. */
  const write = async (unit: readonly Statement[]): Promise<Written<null>> =>
    (await surely(engine, unit)).ok ? { ok: true, value: null } : { ok: false, why: 'duplicate' };
  return {
    async reminderSetting(personId): Promise<OwnSetting> {
      const r = (await engine.read(settingSql, [personId]))[0] ?? [];
      const own = textOrNull(r[1]);
      const changed = { mutedUntilDay: textOrNull(r[2]), changedAt: Number(r[3] ?? 0) };
      return { leaveUntilDay: later(textOrNull(r[0]), own), ownLeaveUntilDay: own, ...changed };
    },
    setReminders: ({ act, leaveUntilDay, mutedUntilDay }) =>
      write([
        seeAct(act),
        statement(setSql, act.actor, leaveUntilDay, mutedUntilDay, act.at),
        happened({
          campaignId: null,
          subject: `person:${act.actor}`,
          actor: act.actor,
          verb: 'reminders',
          before: null,
          after: { leaveUntilDay, mutedUntilDay },
          at: act.at,
        }),
      ]),
    async opinions(campaignId, since) {
      const rows = await engine.read(opinionSql, [since, campaignId]);
      return rows.map((r) => ({ kind: String(r[0]), text: String(r[1]), at: Number(r[2]) }));
    },
    async groupDigest(campaignId, areaCode) {
      const sql = 'select wanted from group_digest where campaign_id = ? and area_code = ?';
      return (await engine.read(sql, [campaignId, areaCode]))[0]?.[0] === 1;
    },
    setGroupDigest: ({ act, campaignId, areaCode, wanted }) =>
      write([
        seeAct(act),
        statement(setDigestSql, campaignId, areaCode, wanted ? 1 : 0, act.actor, act.at),
        happened({
          campaignId,
          subject: `area:${campaignId}:${areaCode}`,
          actor: act.actor,
          verb: 'groupDigest',
          before: null,
          after: { wanted },
          at: act.at,
        }),
      ]),
  };
}

const plannedKey = 'plannedTo';
const guardPlanned = "insert into guard select 0 where ?1 <> coalesce((select value from meta where key = ?2), '')";
const setPlanned =
  'insert into meta (key, value) values (?2, ?1) on conflict (key) do update set value = excluded.value';
// What waits of an earlier day says nothing that the new one does not say: it goes, so that nobody sends it again by hand.
const superseded =
  "delete from outbox where state = 'due' and lease_until < ?1 " +
  'and person_id in (select value from json_each(?2)) and key not in (select value from json_each(?3))';

// An earlier day's that is on its way now is today's one: nobody hears twice on a day.
const onItsWay =
  "delete from outbox where state = 'due' and created_at = ?1 and key in (select value from json_each(?3)) and person_id in " +
  '(select person_id from outbox where person_id in (select value from json_each(?2)) and key not in (select value from json_each(?3)) ' +
  "and ((state = 'due' and lease_until >= ?1) or (state = 'sent' and sent_at >= ?1)))";

function planUnit({ from, to, outgoing }: Parameters<ReminderStore['plan']>[0]): Statement[] {
  const mine = outgoing.filter((m) => m.proactive?.personId !== undefined);
  const people = mine.map((m) => m.proactive?.personId);
  const keys = JSON.stringify(mine.map((m) => m.key));
  return [
    statement(guardPlanned, from === null ? '' : String(from), plannedKey),
    statement(setPlanned, String(to), plannedKey),
    ...(mine.length === 0 ? [] : [statement(superseded, to, JSON.stringify(people), keys)]),
    ...enqueueAll(outgoing as readonly Outgoing[], to),
    ...(mine.length === 0 ? [] : [statement(onItsWay, to, JSON.stringify(people), keys)]),
  ];
}

function planVerbs(engine: Engine): Pick<ReminderStore, 'plan' | 'plannedTo'> {
  return {
    async plan(p) {
      return (await surely(engine, planUnit(p))).ok ? { ok: true, value: null } : { ok: false, why: 'stale' };
    },
    async plannedTo() {
      const row = (await engine.read('select value from meta where key = ?', [plannedKey]))[0];
      return row ? Number(row[0]) : null;
    },
  };
}
