// Owns the write units of areas' own work. Guards first: a unit falls whole when somebody was quicker.
import type { AreaStore, AreaTask, Returned } from '../src/areaStore.ts';
import type { Act } from '../src/store.ts';
import type { Statement } from './engine.ts';
import { enqueue, happened, moveTally, seeAct, statement } from './units.ts';

type Of<V extends keyof AreaStore> = Parameters<AreaStore[V]>[0];

export const subjectOf = (campaignId: string, areaCode: string) => `area:${campaignId}:${areaCode}`;

/** Nobody changes what the township looks at. */
const guardOpen = (campaignId: string, areaCode: string) =>
  statement(
    "insert into guard select 0 from area_task where campaign_id = ? and area_code = ? and state in ('submitted', 'accepted')",
    campaignId,
    areaCode,
  );

export function formUnit({ act, campaignId, area, form }: Of<'saveAreaForm'>): Statement[] {
  const { lookback, answers, findings, late, doneAt } = form;
  return [
    seeAct(act),
    guardOpen(campaignId, area.code),
    statement(
      'insert into guard select 0 where ?4 <> coalesce((select rev from area_form where campaign_id = ?1 and area_code = ?2 and lookback = ?3), 0)',
      campaignId,
      area.code,
      lookback,
      form.rev,
    ),
    statement(
      `insert into area_form (campaign_id, area_code, lookback, answers, findings, rev, late, submitted_by, submitted_at)
       values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) on conflict (campaign_id, area_code, lookback) do update set
       answers = ?4, findings = ?5, rev = ?6, late = ?7, submitted_by = ?8, submitted_at = ?9`,
      campaignId,
      area.code,
      lookback,
      JSON.stringify(answers),
      JSON.stringify(findings),
      form.rev + 1,
      late ? 1 : 0,
      act.actor,
      doneAt ?? 0,
    ),
    happened({
      campaignId,
      subject: subjectOf(campaignId, area.code),
      actor: act.actor,
      verb: 'areaForm',
      before: { lookback, rev: form.rev },
      after: { lookback, rev: form.rev + 1, answers, findings, late, done: doneAt !== null },
      at: act.at,
    }),
  ];
}

const guardTask = (task: AreaTask) =>
  statement(
    'insert into guard select 0 where ?3 <> coalesce((select rev from area_task where campaign_id = ?1 and area_code = ?2), 0)',
    task.campaignId,
    task.areaCode,
    task.rev,
  );

function told(p: { act: Act; task: AreaTask; verb: string; after: object }): Statement {
  const { act, task, verb, after } = p;
  const subject = subjectOf(task.campaignId, task.areaCode);
  const before = { state: task.state, rev: task.rev };
  return happened({ campaignId: task.campaignId, subject, actor: act.actor, verb, before, after, at: act.at });
}

export function handInUnit({ act, task, needs, ...p }: Of<'handIn'>): Statement[] {
  const { campaignId, areaCode } = task;
  return [
    seeAct(act),
    guardTask(task),
    guardOpen(campaignId, areaCode),
    statement(
      "insert into guard select 0 from screening where campaign_id = ?1 and village_code = ?2 and (state = 'todo' or (state = 'deferred' and defer_reason not in (select value from json_each(?3))))",
      campaignId,
      areaCode,
      JSON.stringify(needs.reasons),
    ),
    statement(
      'insert into guard select 0 from json_each(?3) l where l.value not in (select lookback from area_form where campaign_id = ?1 and area_code = ?2 and submitted_at > 0)',
      campaignId,
      areaCode,
      JSON.stringify(needs.lookbacks),
    ),
    statement(
      `insert into area_task (campaign_id, area_code, township_code, state, rev, meeting_day, late, submitted_by, submitted_at)
       values (?1, ?2, ?3, 'submitted', 1, ?4, ?5, ?6, ?7) on conflict (campaign_id, area_code) do update set
       state = 'submitted', rev = rev + 1, meeting_day = ?4, late = ?5, submitted_by = ?6, submitted_at = ?7, decided_by = null, decided_at = null`,
      campaignId,
      areaCode,
      task.townshipCode,
      p.meetingDay,
      p.late ? 1 : 0,
      act.actor,
      act.at,
    ),
    told({ act, task, verb: 'handIn', after: { state: 'submitted', meetingDay: p.meetingDay, late: p.late } }),
    ...p.outgoing.map((m) => enqueue(m, act.at)),
  ];
}

const decide = (task: AreaTask, act: Act, to: { state: 'accepted' | 'returned'; returns: readonly Returned[] }) =>
  statement(
    'update area_task set state = ?3, rev = rev + 1, decided_by = ?4, decided_at = ?5, returns = ?6 where campaign_id = ?1 and area_code = ?2',
    task.campaignId,
    task.areaCode,
    to.state,
    act.actor,
    act.at,
    JSON.stringify(to.returns),
  );

export function acceptUnit({ act, task }: Of<'acceptHandIn'>): Statement[] {
  return [
    seeAct(act),
    guardTask(task),
    decide(task, act, { state: 'accepted', returns: [] }),
    told({ act, task, verb: 'accept', after: { state: 'accepted' } }),
  ];
}

export function returnUnit({ act, task, returns, households }: Of<'returnHandIn'>): Statement[] {
  const reasonOf = (code: string) => returns.find((r) => r.code === code)?.reason ?? '';
  return [
    seeAct(act),
    guardTask(task),
    decide(task, act, { state: 'returned', returns }),
    ...households.flatMap((c) => [
      statement(
        'insert into guard select 0 where not exists (select 1 from screening where id = ? and rev = ?)',
        c.id,
        c.rev,
      ),
      statement(
        "update screening set state = 'todo', rev = rev + 1, return_reason = ?2, defer_reason = null, next_day = null, rest_until = 0 where id = ?1",
        c.id,
        reasonOf(c.household.code),
      ),
      ...moveTally(c, 'todo'),
      happened({
        campaignId: c.campaignId,
        subject: `screening:${c.id}`,
        actor: act.actor,
        verb: 'return',
        before: { state: c.state, rev: c.rev },
        after: { state: 'todo', rev: c.rev + 1, reason: reasonOf(c.household.code) },
        at: act.at,
      }),
    ]),
    told({ act, task, verb: 'return', after: { state: 'returned', returns } }),
  ];
}

/** Statement 0 is the key: it fails when the phase has its snapshot. Counts are taken inside the unit. */
export function snapshotUnit({ campaignId, phaseId, at }: Of<'takeSnapshot'>): Statement[] {
  return [
    statement(
      `insert into phase_snapshot (campaign_id, phase_id, taken_at, counts, tasks) values (?1, ?2, ?3,
       (select json_group_array(json_object('areaCode', village_code, 'section', section, 'state', state, 'n', n)) from
         (select * from tally where campaign_id = ?1 and n <> 0 order by village_code, section, state)),
       (select json_group_array(json_object('areaCode', area_code, 'state', state, 'late', late, 'submittedAt', submitted_at)) from
         (select * from area_task where campaign_id = ?1 order by area_code)))`,
      campaignId,
      phaseId,
      at,
    ),
    happened({
      campaignId,
      subject: `phase:${campaignId}:${phaseId}`,
      actor: 'cron',
      verb: 'lock',
      before: null,
      after: null,
      at,
    }),
  ];
}
