// Owns the cadres' own books: what each tried to store, and what the bot said to it. Compared with the file at the end:
// everything acknowledged is there once with the values typed, nothing is there that nobody sent.
import type { Engine } from '../../db/engine.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import { normalOf, type Typed } from './sight.ts';

/** stored: the bot said so · unknown: no answer came, or one that does not say. What was refused is not kept. */
export interface Attempt {
  readonly code: string;
  readonly openId: string;
  readonly verb: 'submit' | 'defer';
  readonly typed: Typed;
  readonly outcome: 'stored' | 'unknown';
}

interface Stored {
  readonly code: string;
  readonly openId: string;
  readonly verb: string;
  readonly answers: Readonly<Record<string, unknown>> | null;
  readonly defer: { readonly reason: string; readonly nextDay: string } | null;
}

const storedSql =
  'select h.code, p.open_id, e.verb, e.after from event e join screening c on e.subject = ?1 || c.id ' +
  'join household h on h.no = c.household_no left join person p on p.id = e.actor ' +
  "where e.verb in ('submit', 'defer') order by e.id";
const standsSql =
  "select h.code, c.state, c.rev, e.after ->> '$.answers' from screening c join household h on h.no = c.household_no " +
  'left join event e on e.id = c.answers_event where c.rev > 0';

/** What does not agree, one sentence each; empty: nothing lost, nothing doubled, nothing changed on the way. */
export async function disagreements(
  engine: Engine,
  campaign: Campaign,
  attempts: readonly Attempt[],
): Promise<string[]> {
  const rows = await engine.read(storedSql, ['screening:']);
  const stored = rows.map(([code, openId, verb, after]) => {
    const { answers = null, defer = null } = JSON.parse(String(after)) as Partial<Stored>;
    return { code: String(code), openId: String(openId), verb: String(verb), answers, defer };
  });
  const sent = grouped(attempts, (a) => a.code);
  const kept = grouped(stored, (s) => s.code);
  const wrong = [...new Set([...sent.keys(), ...kept.keys()])].flatMap((code) =>
    compare(campaign, sent.get(code) ?? [], kept.get(code) ?? []).map((what) => `${code}: ${what}`),
  );
  for (const [code, state, rev, answers] of await engine.read(standsSql, [])) {
    const all = kept.get(String(code)) ?? [];
    if (rev !== all.length) wrong.push(`${code}: rev ${rev} after ${all.length} changes`);
    const last = all.at(-1);
    const now = answers === null ? null : JSON.stringify(JSON.parse(String(answers)));
    if (last && now !== (last.answers === null ? null : JSON.stringify(last.answers)))
      wrong.push(`${code}: does not stand as it was last stored`);
    if ((state === 'deferred') !== (last?.verb === 'defer')) wrong.push(`${code}: state ${state} after ${last?.verb}`);
  }
  return wrong;
}

/** The same things by key, each list in order. */
export function grouped<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const one of all) {
    const list = map.get(key(one));
    if (list) list.push(one);
    else map.set(key(one), [one]);
  }
  return map;
}

function compare(campaign: Campaign, sent: readonly Attempt[], kept: readonly Stored[]): string[] {
  const left = [...kept];
  const take = (a: Attempt) => {
    const at = left.findIndex((s) => same(campaign, a, s));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const lost = sent.filter((a) => a.outcome === 'stored').filter((a) => !take(a));
  for (const a of sent) if (a.outcome === 'unknown') take(a);
  const writers = new Set(kept.filter((s) => s.verb === 'submit').map((s) => s.openId));
  return [
    ...lost.map((a) => `acknowledged and not stored so: ${a.verb} ${JSON.stringify(a.typed)}`),
    ...left.map((s) => `stored and never sent so: ${s.verb} ${JSON.stringify(s.answers ?? s.defer)}`),
    ...(writers.size > 1 ? ['answered by two people'] : []),
  ];
}

function same(campaign: Campaign, a: Attempt, s: Stored): boolean {
  if (a.verb !== s.verb || a.openId !== s.openId) return false;
  if (a.verb === 'defer') return s.defer?.reason === a.typed.reason && s.defer?.nextDay === a.typed.day;
  const answers = s.answers ?? {};
  const typed = Object.entries(a.typed).every(([item, value]) => alike(answers[item], value));
  return (
    typed && Object.keys(answers).every((item) => item in a.typed || implied(campaign, a.typed, { item, answers }))
  );
}

function alike(stored: unknown, typed: string | readonly string[]): boolean {
  if (typeof stored === 'number') return Number(typed) === stored;
  return JSON.stringify(stored) === JSON.stringify(typed);
}

/** Nobody typed it, but it follows: behind a switch at 全部正常, or computed from the roster. */
function implied(
  campaign: Campaign,
  typed: Typed,
  of: { readonly item: string; readonly answers: Readonly<Record<string, unknown>> },
): boolean {
  const item = campaign.items.find((i) => i.id === of.item);
  if (item?.type === 'calc') return true;
  const row = campaign.switches.find((s) => s.id === item?.switch);
  return row !== undefined && typed[row.id] === row.normal && of.answers[of.item] === normalOf(campaign, of.item);
}
