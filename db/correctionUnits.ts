// Owns the write units of corrections. Guards first: the answers must stand as they were read, and the village must not
// be handed in.
import type { HouseholdStore } from '../src/householdStore.ts';
import type { Sitting } from '../src/ports.ts';
import type { Act } from '../src/store.ts';
import type { Statement } from './engine.ts';
import { enqueue, guardSitting, happened, moveTally, seeAct, statement, viewed } from './units.ts';

type Of<V extends keyof HouseholdStore> = Parameters<HouseholdStore[V]>[0];

const shut = (id: string, act: Act) =>
  statement("update sitting set state = 'closed', rev = rev + 1, updated_at = ? where id = ?", act.at, id);

/** One form for corrections at a time; the one before is closed. The household is on record as seen. */
export function openCorrectionUnit({
  act,
  id,
  place,
  screening: c,
  draft,
  outgoing,
}: Of<'openCorrection'>): Statement[] {
  return [
    seeAct(act),
    statement(
      "update sitting set state = 'closed', rev = rev + 1, updated_at = ? where person_id = ? and chat_id = ? and state = 'open'",
      act.at,
      act.actor,
      place,
    ),
    statement(
      `insert into sitting (id, campaign_id, person_id, village_code, chat_id, anchor_id, screening_id, stage, draft, trail, opened_at, updated_at, audience)
       values (?1, ?2, ?3, ?4, ?5, '', ?6, 'form', ?7, '[]', ?8, ?8, 'private')`,
      id,
      c.campaignId,
      act.actor,
      c.villageCode,
      place,
      c.id,
      JSON.stringify(draft),
      act.at,
    ),
    ...viewed({ id, audience: 'private' }, act),
    ...outgoing.map((m) => enqueue(m, act.at)),
  ];
}

export function correctUnit(p: Of<'correct'>): Statement[] {
  const { act, sitting, screening: c, before, state, answers, provenance, findings } = p;
  const marks = { late: p.late, proxy: p.proxy, reason: p.reason };
  return [
    seeAct(act),
    guardSitting(sitting),
    statement(
      'insert into guard select 0 where not exists (select 1 from screening where id = ? and rev = ?)',
      c.id,
      c.rev,
    ),
    statement(
      "insert into guard select 0 from area_task where campaign_id = ? and area_code = ? and state in ('submitted', 'accepted')",
      c.campaignId,
      c.villageCode,
    ),
    happened({
      campaignId: c.campaignId,
      subject: `screening:${c.id}`,
      actor: act.actor,
      verb: 'correct',
      before: { state: c.state, rev: c.rev, answers: before?.answers ?? null, by: before?.submittedBy ?? null },
      after: { state, rev: c.rev + 1, answers, provenance, findings, ...marks },
      at: act.at,
      previous: c.answersEvent,
    }),
    statement(
      `update screening set state = ?2, rev = rev + 1, answers_event = last_insert_rowid(), late = ?3, proxy = ?4, defer_reason = null,
       next_day = null, return_reason = null, submitted_by = ?5, submitted_at = ?6, rest_until = 0 where id = ?1`,
      c.id,
      state,
      p.late ? 1 : 0,
      p.proxy ? 1 : 0,
      act.actor,
      act.at,
    ),
    ...moveTally(c, state),
    ...viewed(sitting, act),
    shut(sitting.id, act),
  ];
}

/** The form is put away unsaved; the household is shown once more. */
export const closeUnit = (sitting: Sitting, act: Act): Statement[] => [
  seeAct(act),
  guardSitting(sitting),
  ...viewed(sitting, act),
  shut(sitting.id, act),
];
