// Owns reading and moving the working card: each move is one unit that either stands whole or leaves nothing; the loser of a
// race gets `stale`, a repeated event `duplicate`.
import type { ScreeningState, Sitting } from '../src/ports.ts';
import type { Store, StoredAnswers, Submission, Written } from '../src/store.ts';
import type { Engine, Statement, Value } from './engine.ts';
import { holding } from './nextHousehold.ts';
import { json, screeningColumns, screeningOf, selectSitting, sittingOf } from './rows.ts';
import type { Sittings } from './sittings.ts';
import {
  type Advanced,
  backUnit,
  isAnswered,
  openUnit,
  type Step,
  skipUnit,
  stepUnit,
  submitUnit,
  wasMovedBy,
} from './sittingUnits.ts';
import { surely } from './surely.ts';
import { change, enqueue, notWritten, seeAct, statement } from './units.ts';

type Reads = 'sitting' | 'openSittingOf' | 'screening' | 'holderOf' | 'answersOf';
type Changes = 'openSitting' | 'saveStep' | 'submit' | 'skip' | 'back' | 'clickChange';

const othersHold = holding({ campaign: '?1', village: '?2', screening: '?3', notBy: '?4', at: '?5' });
const holder = `select o.person_id from ${othersHold} limit 1`;
const sittingById = `${selectSitting} where s.id = ? limit 1`;
const trailLength = 30;
export const screeningVerbs = (engine: Engine, sittings: Sittings): Pick<Store, Reads | Changes> => ({
  ...readVerbs(engine, sittings),
  ...changeVerbs(engine, sittings),
});

const households = (state: ScreeningState) =>
  `(select n from tally where campaign_id = s.campaign_id and village_code = s.village_code and section = 'ALL' and state = '${state}')`;
const shownBy =
  `select ${households('todo')}, ${households('deferred')}, ${screeningColumns} from sitting s ` +
  'left join screening c on c.id = s.screening_id left join household h on h.no = c.household_no where s.id = ? limit 1';

/** How a unit's last statement looks at its sitting, and what its row says. */
interface Look {
  readonly id: string;
  readonly sql: string;
  readonly read: (row: readonly Value[] | undefined) => Sitting | null;
}

const whole = (id: string): Look => ({ id, sql: sittingById, read: sittingOf });

/** Only the household now on the card has to be read: the rest is known. */
function advanced(of: Step & { readonly to: Advanced }): Look {
  const { sitting: before, act, next, to } = of;
  const read: Look['read'] = ([todo, deferred, ...shown] = []) => {
    const screening = screeningOf(shown);
    return {
      id: before.id,
      campaignId: before.campaignId,
      chatId: before.chatId,
      villageCode: before.villageCode,
      personId: before.personId,
      audience: before.audience,
      messageId: before.messageId,
      anchorId: before.anchorId,
      state: before.state,
      stage: screening === null ? 'finished' : 'form',
      rev: before.rev + 1,
      draft: {},
      trail: to.trail,
      done: to.done,
      claimUntil: next.claimUntil,
      updatedAt: act.at,
      counts: { todo: Number(todo ?? 0), deferred: Number(deferred ?? 0) },
      screening,
    };
  };
  return { id: before.id, sql: shownBy, read };
}

/** Opens: statement 0 of the unit is `seen`. */
const opener = (engine: Engine, sittings: Sittings) => async (p: Parameters<Store['openSitting']>[0]) => {
  const look = whole(p.id);
  const outcome = await surely(engine, [...openUnit(p), statement(look.sql, look.id)]);
  return outcome.ok ? shown({ engine, sittings }, look, outcome.rows) : notWritten(outcome.at);
};

/** Moves a card on. A click that finds it moved is a repeated one when the card was moved by itself. */
const mover = (engine: Engine, sittings: Sittings) => {
  const lookBack = async (of: Moved) => {
    const { sql, args } = wasMovedBy(of.sitting, of.act);
    return (await engine.read(sql, args)).length > 0;
  };
  return async (of: Moved, unit: readonly Statement[], look: Look): Promise<Written<Sitting>> => {
    const outcome = await surely(engine, [...unit, statement(look.sql, look.id)], () => lookBack(of));
    if (outcome.ok) return shown({ engine, sittings }, look, outcome.rows);
    sittings.forget(look.id);
    return { ok: false, why: (await lookBack(of)) ? 'duplicate' : 'stale' };
  };
};
type Moved = Pick<Step, 'act' | 'sitting'>;

async function shown(
  { engine, sittings }: { readonly engine: Engine; readonly sittings: Sittings },
  look: Look,
  rows: readonly (readonly (readonly Value[])[])[] | null,
): Promise<Written<Sitting>> {
  const found = rows === null ? await engine.read(look.sql, [look.id]) : rows.at(-1);
  const sitting = look.read(found?.[0]);
  if (!sitting) throw new Error('sitting vanished inside its own unit');
  sittings.keep(sitting);
  return { ok: true, value: sitting };
}

function changeVerbs(engine: Engine, sittings: Sittings): Pick<Store, Changes> {
  const move = mover(engine, sittings);
  return {
    openSitting: opener(engine, sittings),
    saveStep: (p) => move(p, stepUnit(p), whole(p.sitting.id)),
    submit(p) {
      const to = afterSubmit(p);
      return move(p, submitUnit(p, to), advanced({ ...p, to }));
    },
    skip(p) {
      const to = afterSkip(p);
      return move(p, skipUnit(p, to), advanced({ ...p, to }));
    },
    back(p) {
      const to = { trail: p.sitting.trail.filter((id) => id !== p.to.id), done: p.sitting.done };
      return move(p, backUnit(p, to), advanced({ ...p, to }));
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
    async holderOf(c, { actor, at }) {
      const row = (await engine.read(holder, [c.campaignId, c.villageCode, c.id, actor, at]))[0];
      return row ? String(row[0]) : null;
    },
    async answersOf(id) {
      const sql =
        'select e.after, c.rev, c.late, c.submitted_by, c.submitted_at, c.proxy from screening c join event e on e.id = c.answers_event where c.id = ?';
      const r = (await engine.read(sql, [id]))[0];
      if (!r) return null;
      const { answers = {}, provenance = {}, findings = [] } = json<Partial<StoredAnswers>>(r[0], {});
      return {
        answers,
        provenance,
        findings,
        rev: Number(r[1]),
        late: r[2] === 1,
        proxy: r[5] === 1,
        submittedBy: r[3] === null ? null : String(r[3]),
        submittedAt: r[4] === null ? null : Number(r[4]),
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

const trailWith = ({ trail }: Sitting, id: string) => [
  ...(trail.includes(id) ? trail.filter((t) => t !== id) : trail).slice(1 - trailLength),
  id,
];
