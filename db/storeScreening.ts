// Owns the working card's units: open, step, submit, skip, back. Each is one transaction that either stands whole or
// leaves nothing; the loser of a race gets `stale`, a repeated event `duplicate`.
import type { Screening, ScreeningState, Sitting } from '../src/ports.ts';
import type { Act, NextRule, Store, Submission, Written } from '../src/store.ts';
import type { Engine, Statement, Value } from './engine.ts';
import { json, screeningColumns, screeningOf, selectSitting, sittingOf } from './rows.ts';
import type { Sittings } from './sittings.ts';
import { claimOf, openUnit } from './sittingUnits.ts';
import { surely } from './surely.ts';
import {
  change,
  claimNext,
  enqueue,
  guardAnswer,
  guardScreening,
  guardSitting,
  happened,
  heldBy,
  moveTally,
  notWritten,
  releaseClaims,
  restUntil,
  seeAct,
  statement,
  viewed,
} from './units.ts';

type Reads = 'sitting' | 'openSittingOf' | 'screening' | 'answersOf';
type Changes = 'openSitting' | 'saveStep' | 'submit' | 'skip' | 'back' | 'clickChange';

const sittingById = `${selectSitting} where s.id = ? limit 1`;
const trailLength = 30;
/** A household just put off, or skipped on its day, is not offered again at once. */
const restFor = 2 * 3_600_000;

export const screeningVerbs = (engine: Engine, sittings: Sittings): Pick<Store, Reads | Changes> => ({
  ...readVerbs(engine, sittings),
  ...changeVerbs(engine, sittings),
});

const households = (state: ScreeningState) =>
  `(select n from tally where campaign_id = s.campaign_id and village_code = s.village_code and section = 'ALL' and state = '${state}')`;
const shownBy =
  `select ${households('todo')}, ${households('deferred')}, ${screeningColumns} from sitting s ` +
  'left join screening c on c.id = s.screening_id left join household h on h.no = c.household_no where s.id = ? limit 1';

/** What a sitting that was just advanced has become, but for the household it shows. */
interface Advanced {
  readonly trail: readonly string[];
  readonly done: number;
}

/** How a unit's last statement looks at its sitting, and what its row says. */
interface Look {
  readonly id: string;
  readonly sql: string;
  readonly read: (row: readonly Value[] | undefined) => Sitting | null;
}

const whole = (id: string): Look => ({ id, sql: sittingById, read: sittingOf });

/** Only the household now on the card has to be read: the rest is known. */
function advanced(of: Step & { readonly to: Advanced }): Look {
  const { sitting: before, act, to } = of;
  const read: Look['read'] = ([todo, deferred, ...shown] = []) => {
    const screening = screeningOf(shown);
    return {
      ...before,
      ...to,
      stage: screening === null ? 'finished' : 'form',
      rev: before.rev + 1,
      draft: {},
      updatedAt: act.at,
      screening,
      counts: { todo: Number(todo ?? 0), deferred: Number(deferred ?? 0) },
    };
  };
  return { id: before.id, sql: shownBy, read };
}

/** Runs a unit whose statement 0 is `seen`. */
const runner =
  (engine: Engine, sittings: Sittings) =>
  async (unit: readonly Statement[], look: Look): Promise<Written<Sitting>> => {
    const outcome = await surely(engine, [...unit, statement(look.sql, look.id)]);
    if (!outcome.ok) {
      sittings.forget(look.id);
      return notWritten(outcome.at);
    }
    const rows = outcome.rows === null ? await engine.read(look.sql, [look.id]) : outcome.rows.at(-1);
    const sitting = look.read(rows?.[0]);
    if (!sitting) throw new Error('sitting vanished inside its own unit');
    sittings.keep(sitting);
    return { ok: true, value: sitting };
  };

function changeVerbs(engine: Engine, sittings: Sittings): Pick<Store, Changes> {
  const run = runner(engine, sittings);
  return {
    openSitting: (p) => run(openUnit(p), whole(p.id)),
    saveStep: ({ act, sitting, stage, draft }) =>
      run(
        [
          seeAct(act),
          guardSitting(sitting),
          statement(
            'update sitting set stage = ?, draft = ?, rev = rev + 1, updated_at = ? where id = ?',
            stage,
            JSON.stringify(draft),
            act.at,
            sitting.id,
          ),
        ],
        whole(sitting.id),
      ),
    submit(p) {
      const to = afterSubmit(p);
      return run(submitUnit(p, to), advanced({ ...p, to }));
    },
    skip(p) {
      const to = afterSkip(p);
      return run(skipUnit(p, to), advanced({ ...p, to }));
    },
    back(p) {
      const to = { trail: p.sitting.trail.filter((id) => id !== p.to.id), done: p.sitting.done };
      return run(backUnit(p, to), advanced({ ...p, to }));
    },
    async clickChange(act, changes, outgoing) {
      const outcome = await surely(engine, [
        seeAct(act),
        ...changes.flatMap(change),
        ...outgoing.map((m) => enqueue(m, act.at)),
      ]);
      return outcome.ok ? { ok: true, value: null } : notWritten(outcome.at);
    },
  };
}

function readVerbs(engine: Engine, sittings: Sittings): Pick<Store, Reads> {
  return {
    async sitting(id, rev) {
      const remembered = rev === undefined ? null : sittings.at(id, rev);
      return remembered ?? sittingOf((await engine.read(sittingById, [id]))[0]);
    },
    async openSittingOf(personId, chatId, campaignId) {
      const sql = `${selectSitting} where s.person_id = ? and s.chat_id = ? and s.state = 'open' and s.campaign_id = ? order by s.opened_at desc limit 1`;
      return sittingOf((await engine.read(sql, [personId, chatId, campaignId]))[0]);
    },
    async screening(id) {
      const sql = `select ${screeningColumns} from screening c join household h on h.no = c.household_no where c.id = ?`;
      return screeningOf((await engine.read(sql, [id]))[0] ?? []);
    },
    async answersOf(id) {
      const sql =
        'select answers, provenance, findings, rev, late, submitted_by, submitted_at, proxy from screening where id = ? and answers is not null';
      const r = (await engine.read(sql, [id]))[0];
      if (!r) return null;
      return {
        answers: json(r[0], {}),
        provenance: json(r[1], {}),
        findings: json(r[2], []),
        rev: Number(r[3]),
        late: r[4] === 1,
        proxy: r[7] === 1,
        submittedBy: r[5] === null ? null : String(r[5]),
        submittedAt: r[6] === null ? null : Number(r[6]),
      };
    },
  };
}

function afterSubmit({ sitting, screening: c, answers }: Submission): Advanced {
  return { trail: trailWith(sitting, c.id), done: sitting.done + (answers && !isAnswered(c) ? 1 : 0) };
}

function afterSkip({ sitting }: Step): Advanced {
  const current = sitting.screening;
  return { trail: current ? trailWith(sitting, current.id) : sitting.trail, done: sitting.done };
}

function submitUnit(p: Submission, to: Advanced): Statement[] {
  const { act, sitting, screening: c } = p;
  const after = {
    state: p.state,
    rev: c.rev + 1,
    answers: p.answers,
    provenance: p.provenance,
    findings: p.findings,
    late: p.late,
    defer: p.defer,
    ...(act.via ? { via: act.via } : {}),
  };
  return [
    seeAct(act),
    guardAnswer(sitting, c, act),
    statement(
      `update screening set state = ?2, rev = rev + 1, answers = ?3, provenance = ?4, findings = ?5, late = ?6, proxy = 0, defer_reason = ?7, next_day = ?8, return_reason = null,
       submitted_by = ?9, submitted_at = ?10, claimed_by = null, claim_until = ?11 where id = ?1`,
      c.id,
      p.state,
      p.answers ? JSON.stringify(p.answers) : null,
      p.answers ? JSON.stringify(p.provenance) : null,
      p.answers ? JSON.stringify(p.findings) : null,
      p.late ? 1 : 0,
      p.defer?.reason ?? null,
      p.defer?.nextDay ?? null,
      act.actor,
      act.at,
      p.defer ? act.at + restFor : 0,
    ),
    happened({
      campaignId: c.campaignId,
      subject: `screening:${c.id}`,
      actor: act.actor,
      verb: p.defer ? 'defer' : 'submit',
      before: { state: c.state, rev: c.rev },
      after,
      at: act.at,
    }),
    ...moveTally(c, p.state),
    releaseClaims(c.campaignId, act.actor),
    claimNext(claimOf(sitting, act, { cursor: c.household.no, exclude: c.id, prefer: '', fallback: '', next: p.next })),
    advance(p, to),
    ...viewed(sitting, act),
  ];
}

const isAnswered = (c: Screening) => c.state === 'clear' || c.state === 'found';

interface Step {
  readonly act: Act;
  readonly sitting: Sitting;
  readonly next: NextRule;
}

function skipUnit(step: Step, to: Advanced): Statement[] {
  const { act, sitting, next } = step;
  const current = sitting.screening;
  const rule = {
    cursor: current?.household.no ?? -1,
    exclude: current?.id ?? '',
    prefer: '',
    fallback: current && !isAnswered(current) ? current.id : '',
    next,
  };
  return [
    seeAct(act),
    guardSitting(sitting),
    releaseClaims(sitting.campaignId, act.actor),
    claimNext(claimOf(sitting, act, rule)),
    ...(current?.state === 'deferred' ? [restUntil(current.id, act.at + restFor)] : []),
    advance(step, to),
    ...viewed(sitting, act),
  ];
}

function backUnit(p: Step & { readonly to: Screening }, after: Advanced): Statement[] {
  const { act, sitting, to, next } = p;
  return [
    seeAct(act),
    guardSitting(sitting),
    guardScreening(to, act.actor, act.at),
    releaseClaims(sitting.campaignId, act.actor),
    statement('update screening set claimed_by = ?, claim_until = ? where id = ?', act.actor, next.claimUntil, to.id),
    advance(p, after),
    ...viewed(sitting, act),
  ];
}

const advanceText =
  `update sitting set screening_id = ${heldBy}, stage = iif(${heldBy} is null, 'finished', 'form'), ` +
  "draft = '{}', rev = rev + 1, trail = ?6, done = ?7, updated_at = ?8 where id = ?1";
/** The card goes on to the household this person holds now, with an empty form. */
function advance({ sitting, act, next }: Step, change: Advanced): Statement {
  return statement(
    advanceText,
    sitting.id,
    sitting.campaignId,
    act.actor,
    next.claimUntil,
    sitting.villageCode,
    JSON.stringify(change.trail),
    change.done,
    act.at,
  );
}

const trailWith = (sitting: Sitting, id: string) => [...sitting.trail.filter((t) => t !== id), id].slice(-trailLength);
