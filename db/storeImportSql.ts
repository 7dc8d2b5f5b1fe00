// Owns the statements that turn staged rows into areas, people, households, members, screenings and counts. Set-based:
// one statement does a whole step. Texts are constant, so an engine prepares each once.
import type { Statement, Value } from './engine.ts';

const say = (sql: string, ...args: Value[]): Statement => ({ sql, args });

/** Staged rows of `job` at [from, to); `at` in epoch ms stamps the events. */
export interface Range {
  readonly job: string;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

const staged = 'import_stage s where s.job_id = ?1 and s.position >= ?2 and s.position < ?3';
const of = (path: string): string => `json_extract(s.row, '$.${path}')`;

export function areaSteps({ job, from, to, at }: Range): Statement[] {
  const fields = (a: string) => `json_object('name', ${a}name, 'fullName', ${a}full_name, 'facts', json(${a}facts))`;
  const before = `(select ${fields('a.')} from area a where a.code = ${of('code')})`;
  const after = `json_object('name', ${of('name')}, 'fullName', ${of('fullName')}, 'facts', json(${of('facts')}))`;
  return [
    say(
      `insert into event (subject, actor, verb, before, after, at) select 'area:' || ${of('code')}, 'import', 'imported', ${before}, ${after}, ?4 from ${staged}`,
      job,
      from,
      to,
      at,
    ),
    say(
      'insert into area (code, level, name, full_name, kind, parent, township, facts) ' +
        `select ${['code', 'level', 'name', 'fullName', 'kind', 'parent', 'township', 'facts'].map(of).join(', ')} from ${staged} ` +
        'on conflict (code) do update set level = excluded.level, name = excluded.name, full_name = excluded.full_name, ' +
        'kind = excluded.kind, parent = excluded.parent, township = excluded.township, facts = excluded.facts',
      job,
      from,
      to,
    ),
  ];
}

export function personSteps({ job, from, to, at }: Range): Statement[] {
  const rolesNow =
    '(select json_group_array(json_array(r.role, r.area_code, r.active)) from person_role r where r.person_id = p.id)';
  const before = `(select json_object('name', p.name, 'openId', p.open_id, 'leaveUntilDay', p.leave_until_day, 'roles', json(${rolesNow})) from person p where p.id = ${of('id')})`;
  const after = `json_object('name', ${of('name')}, 'openId', ${of('openId')}, 'leaveUntilDay', ${of('leaveUntilDay')}, 'roles', json(${of('roles')}))`;
  return [
    say(
      `insert into event (subject, actor, verb, before, after, at) select 'person:' || ${of('id')}, 'import', 'imported', ${before}, ${after}, ?4 from ${staged}`,
      job,
      from,
      to,
      at,
    ),
    say(
      'insert into person (id, name, open_id, user_id, phone_sealed, phone_hash, leave_until_day) ' +
        `select ${['id', 'name', 'openId', 'userId', 'phoneSealed', 'phoneHash', 'leaveUntilDay'].map(of).join(', ')} from ${staged} ` +
        'on conflict (id) do update set name = excluded.name, open_id = coalesce(excluded.open_id, open_id), user_id = excluded.user_id, ' +
        'phone_sealed = coalesce(excluded.phone_sealed, phone_sealed), phone_hash = coalesce(excluded.phone_hash, phone_hash), ' +
        'leave_until_day = excluded.leave_until_day',
      job,
      from,
      to,
    ),
    say(
      'insert into person_role (person_id, role, area_code, active) ' +
        `select ${of('id')}, json_extract(r.value, '$[0]'), json_extract(r.value, '$[1]'), json_extract(r.value, '$[2]') ` +
        `from import_stage s, json_each(s.row, '$.roles') r where s.job_id = ?1 and s.position >= ?2 and s.position < ?3 ` +
        'on conflict (person_id, role, area_code) do update set active = excluded.active',
      job,
      from,
      to,
    ),
  ];
}

const householdFields = [
  'code',
  'village',
  'township',
  'group',
  'headName',
  'memberCount',
  'idSealed',
  'idHash',
  'phoneSealed',
  'phoneHash',
  'facts',
  'hash',
];
const householdTable = [
  'code',
  'village_code',
  'township_code',
  'group_name',
  'head_name',
  'member_count',
  'id_sealed',
  'id_hash',
  'phone_sealed',
  'phone_hash',
  'facts',
  'hash',
];

export function householdSteps({ job, from, to, at }: Range): Statement[] {
  const before =
    "json_object('village', h.village_code, 'headName', h.head_name, 'memberCount', h.member_count, 'facts', json(h.facts))";
  const after = `json_object('village', ${of('village')}, 'headName', ${of('headName')}, 'memberCount', ${of('memberCount')}, 'facts', json(${of('facts')}))`;
  const range = 's.job_id = ?1 and s.position >= ?2 and s.position < ?3';
  const own = `import_stage s cross join household h on h.code = ${of('code')}`;
  const set = householdTable
    .slice(1)
    .map((c) => `${c} = excluded.${c}`)
    .join(', ');
  return [
    say(
      `insert into event (subject, actor, verb, before, after, at) select 'household:' || h.code, 'import', 'imported', ${before}, ${after}, ?4 ` +
        `from ${own} where ${range} and h.hash <> ${of('hash')}`,
      job,
      from,
      to,
      at,
    ),
    say(
      `insert into household (${householdTable.join(', ')}) select ${householdFields.map(of).join(', ')} from ${staged} ` +
        `on conflict (code) do update set ${set}`,
      job,
      from,
      to,
    ),
    say(`delete from member where household_no in (select h.no from ${own} where ${range})`, job, from, to),
    say(
      'insert into member (household_no, position, name, relation, id_sealed, id_hash, facts) ' +
        `select h.no, m.key, ${['name', 'relation', 'idSealed', 'idHash', 'facts'].map((f) => `json_extract(m.value, '$.${f}')`).join(', ')} ` +
        `from ${own} cross join json_each(s.row, '$.members') m where ${range}`,
      job,
      from,
      to,
    ),
  ];
}

const digits = "'0123456789abcdefghijklmnopqrstuvwxyz'";
/** Number(n).toString(36), for n below 36^6. */
const base36 = (n: string): string =>
  `ltrim(${[60466176, 1679616, 46656, 1296, 36, 1].map((d) => `substr(${digits}, (${n} / ${d}) % 36 + 1, 1)`).join(' || ')}, '0')`;

const field = (i: number): string => `json_extract(e.value, '$[${i}]')`;
const [code, campaign, lookbacks, form] = [0, 1, 2, 3].map(field) as [string, string, string, string];
const enrolled = `json_each(?1) e cross join household h on h.code = ${code}`;
const screened = `${enrolled} cross join screening s on s.household_no = h.no and s.campaign_id = ${campaign}`;
const unanswered = "s.state in ('todo', 'deferred')";

/** Takes the households' present counts out (-1) or puts them in (1). */
const countSql = (sign: '' | '-'): string =>
  'insert into tally (campaign_id, village_code, township_code, section, state, n) ' +
  `select s.campaign_id, s.village_code, s.township_code, x.value, s.state, ${sign}count(*) from ${screened} ` +
  `cross join json_each('["ALL","' || replace(s.lookbacks, ',', '","') || '"]') x where true ` +
  'group by s.campaign_id, s.village_code, s.township_code, x.value, s.state ' +
  'on conflict (campaign_id, village_code, section, state) do update set n = n + excluded.n';

/**
 * `rows`: JSON of EnrolRow[]. New rows come as todo; unanswered ones follow the facts (rev + 1, so that an open card is
 * refreshed); answered ones stay as they were. Counts are taken out before and put in after: they stay equal to a full count.
 */
export function enrolSteps(rows: string, at: number): Statement[] {
  const differs = `(s.lookbacks <> ${lookbacks} or s.form <> ${form} or s.village_code <> h.village_code)`;
  return [
    say(countSql('-'), rows),
    say(
      'insert into event (campaign_id, subject, actor, verb, before, after, at) ' +
        "select s.campaign_id, 'screening:' || s.id, 'import', 'enrolled', " +
        "json_object('lookbacks', s.lookbacks, 'form', s.form, 'village', s.village_code), " +
        `json_object('lookbacks', ${lookbacks}, 'form', ${form}, 'village', h.village_code), ?2 ` +
        `from ${screened} where ${unanswered} and ${differs} and (${lookbacks} <> '' or s.state = 'todo')`,
      rows,
      at,
    ),
    say(
      `delete from screening where id in (select s.id from ${screened} where ${lookbacks} = '' and s.state = 'todo')`,
      rows,
    ),
    say(
      'insert into screening (id, campaign_id, household_no, village_code, township_code, lookbacks, form) ' +
        `select ${campaign} || ':' || ${base36('h.no')}, ${campaign}, h.no, h.village_code, h.township_code, ${lookbacks}, ${form} ` +
        `from ${enrolled} where ${lookbacks} <> '' ` +
        'on conflict (id) do update set lookbacks = excluded.lookbacks, form = excluded.form, village_code = excluded.village_code, ' +
        "township_code = excluded.township_code, rev = rev + 1 where state in ('todo', 'deferred') and " +
        '(lookbacks <> excluded.lookbacks or form <> excluded.form or village_code <> excluded.village_code)',
      rows,
    ),
    say(countSql(''), rows),
  ];
}
