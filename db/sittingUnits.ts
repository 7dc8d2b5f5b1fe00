// Owns the units of the working card: open, step, submit, skip, back. Each either stands whole or leaves nothing. All but the
// opening are told apart by their card's rev, and the card remembers the last clicks that moved it.
import type { Screening, Sitting } from '../src/ports.ts';
import type { Act, NextRule, OpenSitting, Store, Submission } from '../src/store.ts';
import type { Statement } from './engine.ts';
import { type Following, freeFor, nextArgs, nextHousehold } from './nextHousehold.ts';
import { trailText } from './rows.ts';
import { enqueue, guardNoOther, guardSitting, happened, moveTally, must, seeAct, statement, viewed } from './units.ts';

const shut = "update sitting set state = 'closed', rev = rev + 1, updated_at = ? ";

/** Statement 0 is `seen`. What moves along: the household and draft of the card that is replaced or moved here. */
export function openUnit(p: OpenSitting): Statement[] {
  const { act, audience = 'group' } = p;
  const old = p.from ?? p.replaces;
  const keep = old?.villageCode === p.villageCode ? old.screening : null;
  return [
    seeAct(act),
    ...(p.replaces ? [guardSitting(p.replaces)] : []),
    ...(p.from ? [guardSitting(p.from)] : []),
    guardNoOther({ me: act.actor, chatId: p.chatId, campaignId: p.campaignId, known: p.replaces?.id ?? '' }),
    statement(
      `${shut}where person_id = ? and chat_id = ? and campaign_id = ? and state = 'open'`,
      act.at,
      act.actor,
      p.chatId,
      p.campaignId,
    ),
    ...(p.from ? [statement(`${shut}where id = ?`, act.at, p.from.id)] : []),
    statement(
      `insert into sitting (id, campaign_id, person_id, village_code, chat_id, anchor_id, screening_id, stage, draft, trail, opened_at, updated_at, audience, claim_until)
       select ?11, ?1, ?3, ?2, ?12, ?13, held,
         case when held is null then 'finished' when held = ?9 then ?14 else 'form' end,
         case when held = ?9 then ?15 else '{}' end, ?16, ?4, ?4, ?17, ?18
       from (select ${nextHousehold} as held)`,
      ...nextArgs(p, { prefer: keep?.id ?? '', cursor: -1, exclude: '', fallback: '' }),
      p.id,
      p.chatId,
      p.anchorId,
      old && old.stage !== 'finished' ? old.stage : 'form',
      JSON.stringify(old?.draft ?? {}),
      trailText(p.campaignId, old?.campaignId === p.campaignId ? old.trail : []),
      audience,
      p.next.claimUntil,
    ),
    ...viewed({ id: p.id, audience }, act),
    ...p.outgoing.map((m) => enqueue(m, act.at)),
  ];
}

/** What a sitting that was just advanced has become, but for the household it shows. */
export interface Advanced {
  readonly trail: readonly string[];
  readonly done: number;
}
export interface Step {
  readonly act: Act;
  readonly sitting: Sitting;
  readonly next: NextRule;
}

// A card's last clicks, newest first, each with a space after it: what tells the repeated from the late.
const noted = (eventId: string) => `acts = substr(${eventId} || ' ' || acts, 1, 300)`;
/** Whether one of the card's last clicks was this one. */
export const wasMovedBy = (sitting: Sitting, act: Act) =>
  statement("select 1 from sitting where id = ? and instr(' ' || acts, ' ' || ? || ' ') > 0", sitting.id, act.eventId);

const stepText =
  `update sitting set stage = ?3, draft = ?4, rev = rev + 1, updated_at = ?5, ${noted('?6')} ` +
  "where id = ?1 and rev = ?2 and state = 'open'";
export const stepUnit = ({ act, sitting, stage, draft }: Parameters<Store['saveStep']>[0]): Statement[] => [
  must(stepText, sitting.id, sitting.rev, stage, JSON.stringify(draft), act.at, act.eventId),
];

/** A household just put off, or skipped on its day, is not offered again at once. */
const restFor = 2 * 3_600_000;
// Nobody else holds it (nobody can while the card itself does), and its village was not handed in meanwhile.
const submitText =
  'update screening as c set state = ?2, rev = rev + 1, answers_event = iif(?3, last_insert_rowid(), null), late = ?4, proxy = 0, ' +
  'defer_reason = ?5, next_day = ?6, return_reason = null, submitted_by = ?7, submitted_at = ?8, rest_until = ?9 ' +
  `where c.id = ?1 and c.rev = ?10 and (?11 or ${freeFor('?7', '?8')}) and not exists (select 1 from area_task ` +
  "where campaign_id = c.campaign_id and area_code = c.village_code and state in ('submitted', 'accepted'))";

export function submitUnit(p: Submission, to: Advanced): Statement[] {
  const { act, sitting, screening: c, state, answers, provenance, findings, late, defer } = p;
  return [
    happened({
      campaignId: c.campaignId,
      subject: `screening:${c.id}`,
      actor: act.actor,
      verb: defer ? 'defer' : 'submit',
      before: { state: c.state, rev: c.rev },
      after: { state, rev: c.rev + 1, answers, provenance, findings, late, defer, via: act.via },
      at: act.at,
      previous: c.answersEvent,
    }),
    must(
      submitText,
      c.id,
      state,
      answers === null ? 0 : 1,
      late ? 1 : 0,
      defer?.reason ?? null,
      defer?.nextDay ?? null,
      act.actor,
      act.at,
      defer ? act.at + restFor : 0,
      c.rev,
      sitting.screening?.id === c.id && sitting.claimUntil >= act.at ? 1 : 0,
    ),
    ...moveTally(c, state),
    advance(p, to, { cursor: c.household.no, exclude: c.id, prefer: '', fallback: '' }),
    ...viewed(sitting, act),
  ];
}

export function skipUnit(step: Step, to: Advanced): Statement[] {
  const { act, sitting } = step;
  const current = sitting.screening;
  const rule = {
    cursor: current?.household.no ?? -1,
    exclude: current?.id ?? '',
    prefer: '',
    fallback: current && !isAnswered(current) ? current.id : '',
  };
  return [
    advance(step, to, rule),
    ...(current?.state === 'deferred' ? [rest(current, sitting, act)] : []),
    ...viewed(sitting, act),
  ];
}

const rest = (c: Screening, { id }: Sitting, act: Act) =>
  statement(
    'update screening set rest_until = ?2 where id = ?1 and not exists (select 1 from sitting where id = ?3 and screening_id = ?1)',
    c.id,
    act.at + restFor,
    id,
  );

const backText =
  "update sitting set screening_id = ?6, stage = 'form', draft = '{}', rev = rev + 1, trail = ?8, done = ?9, claim_until = ?10, " +
  `updated_at = ?4, ${noted('?5')} where id = ?1 and rev = ?2 and state = 'open' ` +
  `and exists (select 1 from screening c where c.id = ?6 and c.rev = ?7 and ${freeFor('?3', '?4')})`;
export const backUnit = ({ act, sitting, next, to }: Step & { readonly to: Screening }, after: Advanced) => [
  must(
    backText,
    sitting.id,
    sitting.rev,
    act.actor,
    act.at,
    act.eventId,
    to.id,
    to.rev,
    trailText(sitting.campaignId, after.trail),
    after.done,
    next.claimUntil,
  ),
  ...viewed(sitting, act),
];

const advanceText =
  `update sitting set (screening_id, stage) = (select n, iif(n is null, 'finished', 'form') from (select ${nextHousehold} as n)), ` +
  `draft = '{}', rev = rev + 1, trail = ?13, done = ?14, claim_until = ?15, updated_at = ?4, ${noted('?16')} ` +
  "where id = ?11 and rev = ?12 and state = 'open'";
/** The card goes on to the next household, with an empty form. */
function advance({ sitting, act, next }: Step, change: Advanced, to: Following): Statement {
  const { campaignId, villageCode } = sitting;
  return must(
    advanceText,
    ...nextArgs({ campaignId, villageCode, act, next }, to),
    sitting.id,
    sitting.rev,
    trailText(campaignId, change.trail),
    change.done,
    next.claimUntil,
    act.eventId,
  );
}

export const isAnswered = (c: Screening) => c.state === 'clear' || c.state === 'found';
