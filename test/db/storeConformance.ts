// Owns what the store must do on every engine: units that stand whole and once, claims, tallies, inbox and outbox. Runs on
// Node and inside workerd: web standards only.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, Value } from '../../db/engine.ts';
import { createStore } from '../../db/store.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { DueMessage } from '../../src/outboxStore.ts';
import type { Area, Outgoing, Person, Screening, Sitting } from '../../src/ports.ts';
import type { Act, Store, Submission, Written } from '../../src/store.ts';
import { cadreOpenId, groupId, leaseOf, seed, villageCode } from '../support/seed.ts';

const now = Date.parse('2023-07-12T08:30:00+08:00');
const next = { today: '2023-07-12', claimUntil: now + 1_800_000, early: false };
const size = { villages: 14, households: 3, cadres: 2 };

interface Place {
  engine: Engine;
  store: Store;
  readonly campaign: Campaign;
  taken: number;
}

/** A village nobody has touched, with its two cadres. */
interface Village {
  readonly code: string;
  readonly chatId: string;
  readonly a: Person;
  readonly b: Person;
}

export function storeConformance(name: string, open: (database: string) => Promise<Engine>, campaign: Campaign): void {
  describe(name, () => {
    const at = { engine: null as unknown as Engine, store: null as unknown as Store, campaign, taken: 0 };
    beforeAll(async () => {
      at.engine = await open(crypto.randomUUID());
      await seed(at.engine, { size, campaign, clock: { now: () => now } });
      at.store = createStore(at.engine);
    });
    afterAll(() => at.store.close());
    opening(at);
    submitting(at);
    goingOn(at);
    counting(at);
    inbox(at);
    outbox(at);
  });
}

async function fresh(at: Place): Promise<Village> {
  const v = at.taken++;
  const person = async (n: number) => {
    const found = await at.store.personByOperator({ openId: cadreOpenId(v, n), userId: null });
    if (!found) throw new Error('no such cadre');
    return found;
  };
  return { code: villageCode(v), chatId: groupId(v), a: await person(0), b: await person(1) };
}

const actOf = (person: Person, eventId: string = crypto.randomUUID()): Act => ({ eventId, actor: person.id, at: now });

const message = (key: string, lane: string): Outgoing => ({
  key,
  kind: 'send',
  target: { kind: 'chat', id: lane },
  lane,
  payload: { type: 'text', text: '请往下看' },
  dueAt: now,
});

function opened(at: Place, v: Village, act: Act): Promise<Written<Sitting>> {
  const id = crypto.randomUUID();
  return at.store.openSitting({
    act,
    id,
    campaignId: at.campaign.id,
    chatId: v.chatId,
    villageCode: v.code,
    anchorId: 'om_1',
    next,
    outgoing: [message(`sit/${id}`, v.chatId)],
    replaces: null,
  });
}

function standing<T>(written: Written<T>): T {
  if (!written.ok) throw new Error(`refused: ${written.why}`);
  return written.value;
}

/** The sitting, and the household on its card. */
async function sat(at: Place, v: Village, person: Person): Promise<{ sitting: Sitting; screening: Screening }> {
  const sitting = standing(await opened(at, v, actOf(person)));
  if (!sitting.screening) throw new Error('no household on the card');
  return { sitting, screening: sitting.screening };
}

const answer = (p: { act: Act; sitting: Sitting; screening: Screening }): Submission => ({
  ...p,
  state: 'clear',
  answers: { 'L1-01': '入户面谈' },
  provenance: { 'L1-01': 'short' },
  findings: [],
  late: false,
  defer: null,
  next,
});

const one = async (at: Place, sql: string, ...args: Value[]) => (await at.engine.read(sql, args))[0]?.[0];
const eventsOf = (at: Place, subject: string) =>
  one(at, "select count(*) from event where subject = ? and verb in ('submit', 'defer')", subject);

/** The village's tallies as text, after proving that they equal the full count. */
async function tallied(at: Place, v: Village): Promise<string[]> {
  const rows = (await at.store.tallies(at.campaign.id, { level: 'village', code: v.code } as Area)).filter(
    (t) => t.n !== 0,
  );
  const text = (t: { section: string; state: string; n: number }) => `${t.section} ${t.state} ${t.n}`;
  const full = (await at.store.fullCount(at.campaign.id)).filter((t) => t.areaCode === v.code);
  const shown = rows.map(text).sort();
  expect(shown).toEqual(full.map(text).sort());
  return shown.filter((line) => line.startsWith('ALL'));
}

function opening(at: Place): void {
  test('a card opens on the first household, the next person gets the next one, each with one message', async () => {
    const v = await fresh(at);
    const first = await sat(at, v, v.a);
    const second = await sat(at, v, v.b);
    expect(first.sitting).toMatchObject({ state: 'open', stage: 'form', rev: 0, draft: {}, done: 0 });
    expect(second.screening.household.no).toBe(first.screening.household.no + 1);
    expect(await one(at, 'select count(*) from outbox where lane = ?', v.chatId)).toBe(2);
  });

  test('the same click twice at once opens one card and promises one message', async () => {
    const v = await fresh(at);
    const eventId = crypto.randomUUID();
    const both = await Promise.all([opened(at, v, actOf(v.a, eventId)), opened(at, v, actOf(v.a, eventId))]);
    expect(both.map((w) => (w.ok ? 'stands' : w.why)).sort()).toEqual(['duplicate', 'stands']);
    expect(await one(at, 'select count(*) from sitting where chat_id = ?', v.chatId)).toBe(1);
    expect(await one(at, 'select count(*) from outbox where lane = ?', v.chatId)).toBe(1);
  });
}

function submitting(at: Place): void {
  test('the same rev submitted twenty times at once leaves one event, one tally change and one next household', async () => {
    const v = await fresh(at);
    const { sitting, screening } = await sat(at, v, v.a);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => at.store.submit(answer({ act: actOf(v.a), sitting, screening }))),
    );
    expect(all.filter((w) => w.ok)).toHaveLength(1);
    expect(all.filter((w) => !w.ok && w.why === 'stale')).toHaveLength(19);
    expect(await eventsOf(at, `screening:${screening.id}`)).toBe(1);
    expect(await at.store.screening(screening.id)).toMatchObject({ rev: 1, state: 'clear', submittedBy: v.a.id });
    expect(await tallied(at, v)).toEqual(['ALL clear 1', 'ALL todo 2']);
    expect(await at.store.sitting(sitting.id)).toMatchObject({ rev: 1, done: 1, trail: [screening.id] });
    expect(await one(at, 'select count(*) from guard')).toBe(0);
  });

  test('the same click submitted again is a duplicate and changes nothing', async () => {
    const v = await fresh(at);
    const { sitting, screening } = await sat(at, v, v.a);
    const act = actOf(v.a);
    const { counts, ...after } = standing(await at.store.submit(answer({ act, sitting, screening })));
    const tallied = await at.store.tallies(at.campaign.id, (await at.store.area(v.code)) as Area, 'ALL');
    expect(counts, 'the counts that came along').toEqual({
      todo: tallied.find((t) => t.state === 'todo')?.n ?? 0,
      deferred: tallied.find((t) => t.state === 'deferred')?.n ?? 0,
    });
    expect(await at.store.submit(answer({ act, sitting, screening }))).toEqual({ ok: false, why: 'duplicate' });
    expect(await at.store.sitting(sitting.id)).toEqual(after);
    expect(await eventsOf(at, `screening:${screening.id}`)).toBe(1);
  });

  test('a click repeated late is told from a click on an old card', async () => {
    const v = await fresh(at);
    const first = await sat(at, v, v.a);
    const act = actOf(v.a);
    const second = standing(await at.store.submit(answer({ act, ...first })));
    const skipped = standing(await at.store.skip({ act: actOf(v.a), sitting: second, next }));
    const last = standing(
      await at.store.saveStep({ act: actOf(v.a), sitting: skipped, stage: 'more', draft: { 'L1-01': '入户面谈' } }),
    );
    expect(await at.store.submit(answer({ act, ...first }))).toEqual({ ok: false, why: 'duplicate' });
    expect(await at.store.submit(answer({ act: actOf(v.a), ...first }))).toEqual({ ok: false, why: 'stale' });
    const part = actOf(v.a, act.eventId.slice(0, 8));
    expect(await at.store.submit(answer({ act: part, ...first })), 'a part of an id').toMatchObject({ why: 'stale' });
    expect(await at.store.sitting(first.sitting.id)).toMatchObject({ rev: last.rev, draft: { 'L1-01': '入户面谈' } });
    expect(await eventsOf(at, `screening:${first.screening.id}`)).toBe(1);
  });

  test('a village handed in since the card was looked at answers nothing more', async () => {
    const v = await fresh(at);
    const { sitting, screening } = await sat(at, v, v.a);
    await at.engine.commit([
      {
        sql: "insert into area_task (campaign_id, area_code, township_code, state, rev) values (?, ?, '', 'submitted', 1)",
        args: [at.campaign.id, v.code],
      },
    ]);
    expect(await at.store.submit(answer({ act: actOf(v.a), sitting, screening }))).toEqual({ ok: false, why: 'stale' });
    expect(await at.store.answersOf(screening.id)).toBeNull();
  });

  test('a household another person holds is not stored, and nothing of the unit stands', async () => {
    const v = await fresh(at);
    const theirs = await sat(at, v, v.a);
    const { sitting } = await sat(at, v, v.b);
    const w = await at.store.submit(answer({ act: actOf(v.b), sitting, screening: theirs.screening }));
    expect(w).toEqual({ ok: false, why: 'stale' });
    expect(await eventsOf(at, `screening:${theirs.screening.id}`)).toBe(0);
    expect(await tallied(at, v)).toEqual(['ALL todo 3']);
    expect(await at.store.sitting(sitting.id)).toEqual(sitting);
  });

  test('what was answered is read back as it was given', async () => {
    const v = await fresh(at);
    const { sitting, screening } = await sat(at, v, v.a);
    const findings = [{ item: 'L1-04', type: 'PT01' }];
    const answers = { 'L1-04': '是', 'L1-04.cause': ['因病', '因灾'], 'L1-05': 12_000.5 };
    const given = { ...answer({ act: actOf(v.a), sitting, screening }), state: 'found' as const, answers, findings };
    standing(await at.store.submit({ ...given, late: true }));
    const stored = await at.store.answersOf(screening.id);
    expect(stored).toMatchObject({ answers, findings, rev: 1, late: true, submittedBy: v.a.id, submittedAt: now });
  });
}

function goingOn(at: Place): void {
  test('a step keeps what was typed; a step on an old rev is refused', async () => {
    const v = await fresh(at);
    const { sitting } = await sat(at, v, v.a);
    const step = { sitting, stage: 'more' as const, draft: { 'L1-04': '是' } };
    const after = standing(await at.store.saveStep({ ...step, act: actOf(v.a) }));
    expect(after).toMatchObject({ stage: 'more', rev: 1, draft: { 'L1-04': '是' } });
    expect(after.screening?.id).toBe(sitting.screening?.id);
    expect(await at.store.saveStep({ ...step, act: actOf(v.a) })).toEqual({ ok: false, why: 'stale' });
  });

  test('skipping goes on and leaves the household unanswered; back brings it again', async () => {
    const v = await fresh(at);
    const { sitting, screening } = await sat(at, v, v.a);
    const skipped = standing(await at.store.skip({ act: actOf(v.a), sitting, next }));
    expect(skipped.screening?.household.no).toBe(screening.household.no + 1);
    expect(await tallied(at, v)).toEqual(['ALL todo 3']);
    const to = await at.store.screening(screening.id);
    if (!to) throw new Error('the household is gone');
    const back = standing(await at.store.back({ act: actOf(v.a), sitting: skipped, to, next }));
    expect(back).toMatchObject({ rev: 2, screening: { id: screening.id } });
    expect(await at.store.holderOf(to, actOf(v.b))).toBe(v.a.id);
    expect(await at.store.holderOf(to, actOf(v.a))).toBeNull();
  });
}

function counting(at: Place): void {
  test('tallies equal the full count through putting off, answering, correcting, to the last household', async () => {
    const v = await fresh(at);
    let { sitting, screening } = await sat(at, v, v.a);
    const first = screening.id;
    const defer = { reason: '外出务工', nextDay: '2023-07-20' };
    const put = {
      ...answer({ act: actOf(v.a), sitting, screening }),
      state: 'deferred' as const,
      answers: null,
      defer,
    };
    sitting = standing(await at.store.submit(put));
    expect(await tallied(at, v)).toEqual(['ALL deferred 1', 'ALL todo 2']);
    for (const state of ['found', 'clear'] as const) {
      if (!sitting.screening) throw new Error('no household left');
      const given = answer({ act: actOf(v.a), sitting, screening: sitting.screening });
      sitting = standing(await at.store.submit({ ...given, state }));
    }
    expect(await tallied(at, v)).toEqual(['ALL clear 1', 'ALL deferred 1', 'ALL found 1']);
    expect(sitting).toMatchObject({ stage: 'finished', screening: null, done: 2 });
    const to = await at.store.screening(first);
    if (!to) throw new Error('the household is gone');
    sitting = standing(await at.store.back({ act: actOf(v.a), sitting, to, next }));
    screening = sitting.screening ?? to;
    standing(await at.store.submit(answer({ act: actOf(v.a), sitting, screening })));
    expect(await tallied(at, v)).toEqual(['ALL clear 2', 'ALL found 1']);
    expect(await eventsOf(at, `screening:${first}`)).toBe(2);
  });
}

function inbox(at: Place): void {
  const accept = (id: string, messageId: string | null) =>
    at.store.accept({ id, messageId, body: { kind: 'x' }, at: now });

  test('an event is accepted once, by its own id or by its message', async () => {
    const [id, messageId] = [crypto.randomUUID(), crypto.randomUUID()];
    const both = await Promise.all([accept(id, messageId), accept(id, messageId)]);
    expect(both.sort()).toEqual(['duplicate', 'new']);
    expect(await accept(crypto.randomUUID(), messageId)).toBe('duplicate');
    expect(await at.store.inboxItem(id)).toMatchObject({ id, body: { kind: 'x' }, receivedAt: now, attempts: 0 });
  });

  test('two workers that finish the same event leave its changes and messages once', async () => {
    const v = await fresh(at);
    const id = crypto.randomUUID();
    await accept(id, null);
    const chat = { chatId: v.chatId, chatName: '例村工作群', by: v.a.id, at: now };
    const changes = [{ do: 'bind' as const, ...chat, campaignId: at.campaign.id, areaCode: v.code }];
    const outgoing = [message(`re/${id}`, v.chatId)];
    const finish = () => at.store.finish({ id, changes, outgoing, at: now });
    const both = await Promise.all([finish(), finish()]);
    expect(both.map((w) => w.ok).sort()).toEqual([false, true]);
    expect(await at.store.chatOfArea(at.campaign.id, v.code)).toMatchObject({ id: v.chatId, areaCode: v.code });
    expect(await one(at, 'select count(*) from event where subject = ?', `chat:${v.chatId}`)).toBe(1);
    expect(await one(at, 'select count(*) from outbox where lane = ?', v.chatId)).toBe(1);
    expect(await at.store.inboxItem(id)).toBeNull();
  });
}

function outbox(at: Place): void {
  const month = '2023-07';
  const lease = async (by: string, when = now) => {
    const leased = await at.store.lease(leaseOf({ now: when, until: when + 30_000, by }));
    return leased ? [...leased.due] : null;
  };
  const leave = (by: string) => at.store.leaveSender({ by, now, force: true, unasked: true });
  const promise = async (...messages: Outgoing[]) => {
    const id = crypto.randomUUID();
    await at.store.accept({ id, messageId: null, body: {}, at: now });
    await at.store.finish({ id, changes: [], outgoing: messages, at: now });
  };
  const sent = (message: DueMessage, follow: readonly Outgoing[] = []) =>
    ({ do: 'sent', message, messageId: 'om_2', at: now, card: false, follow }) as const;
  /** What earlier tests left is out of the way. */
  const clear = () =>
    at.engine.commit([
      { sql: "delete from outbox where state = 'due'", args: [] },
      { sql: "delete from meta where key = 'sender'", args: [] },
    ]);

  test('of two processes one has the sender’s place, until it leaves or falls silent for ten seconds', async () => {
    await clear();
    await promise(message(`two/${crypto.randomUUID()}`, 'oc_two'));
    const [mine, theirs] = await Promise.all([lease('a'), lease('b')]);
    expect([mine === null, theirs === null].sort()).toEqual([false, true]);
    const [holder, other] = mine ? ['a', 'b'] : ['b', 'a'];
    expect(await lease(other ?? '', now + 9_000)).toBeNull();
    expect(await lease(other ?? '', now + 10_001), 'its place, not yet its messages').toEqual([]);
    expect(await lease(holder ?? '', now + 10_002)).toBeNull();
    expect(await lease(other ?? '', now + 30_001)).toHaveLength(1);
    await leave(other ?? '');
  });

  test('the place is not left while something is due; a place taken by a clock far ahead binds nobody', async () => {
    await clear();
    await lease('ahead', now + 86_400_000);
    await promise(message(`ahead/${crypto.randomUUID()}`, 'oc_ahead'));
    expect(await lease('a')).toHaveLength(1);
    await promise(message(`more/${crypto.randomUUID()}`, 'oc_ahead'));
    expect(await at.store.leaveSender({ by: 'a', now, force: false, unasked: true })).toBe(false);
    expect(await lease('b')).toBeNull();
    expect(await leave('a')).toBe(true);
    await clear();
  });

  test('the most urgent comes first, one lane gives no more than its share, unasked ones no more than theirs', async () => {
    await clear();
    const many = (what: string, lane: (n: number) => string, more: Partial<Outgoing>) =>
      Array.from({ length: 6 }, (_, n) => ({ ...message(`${what}${n}/${crypto.randomUUID()}`, lane(n)), ...more }));
    await promise(...many('nice', (n) => `oc_n${n}`, { priority: 'nicety', proactive: {} }));
    await promise(...many('answer', () => 'oc_one', {}));
    await promise(...many('deadline', (n) => `oc_d${n}`, { priority: 'deadline', proactive: {} }));
    const leased = await at.store.lease({ ...leaseOf({ now, until: now + 30_000, by: 'a' }), perLane: 4, unasked: 8 });
    const names = leased?.due.map((m) => m.key.replace(/\d.*/, '')) ?? [];
    expect(names).toEqual([...Array(6).fill('deadline'), ...Array(4).fill('answer'), 'nice', 'nice']);
    const tight = await at.store.lease({ ...leaseOf({ now, until: now + 30_001, by: 'a' }), upTo: 'answer' });
    expect(tight?.due.map((m) => m.priority)).toEqual(['answer', 'answer']);
    await leave('a');
  });

  test('put off, put back, given up, sent: a message is counted where it stands, and what its success causes comes once', async () => {
    await clear();
    const dead = (await at.store.outboxState()).dead;
    const lane = crypto.randomUUID();
    const follow = message(`af/${lane}`, lane);
    await promise(message(`re/${lane}`, lane));
    const [m] = (await lease('a')) ?? [];
    if (!m) throw new Error('nothing was due');
    expect(m).toMatchObject({ attempts: 0, triedAt: null, telling: 'card', priority: 'answer', proactive: false });
    await at.store.putBack([m]);
    const [again] = (await lease('a', now + 1)) ?? [];
    if (!again) throw new Error('it was not put back');
    expect(again.triedAt, 'it was never tried').toBeNull();
    const later = { do: 'later', message: again, dueAt: now + 5_000, error: 'busy', telling: 'simple' } as const;
    await at.store.mark([{ ...later, triedAt: now + 1, counts: true }], { month, n: 1 });
    expect(await lease('a', now + 2)).toEqual([]);
    const [tried] = (await lease('a', now + 5_000)) ?? [];
    if (!tried) throw new Error('it did not come again');
    expect(tried).toMatchObject({ key: m.key, attempts: 1, telling: 'simple', triedAt: now + 1 });
    for (let i = 0; i < 2; i++) await at.store.mark([sent(tried, [follow])], { month, n: 1 });
    expect(await one(at, 'select count(*) from outbox where lane = ?', lane)).toBe(2);
    expect(await at.store.callsOf(month)).toBe(3);
    const [after] = (await lease('a', now + 5_001)) ?? [];
    if (!after) throw new Error('what it caused did not come');
    await at.store.mark([{ do: 'dead', message: after, error: 'gone', at: now, follow: [] }], { month, n: 0 });
    expect(await at.store.outboxState()).toMatchObject({ due: 0, dead: dead + 1, nextDueAt: null });
    await leave('a');
  });
}
