// Owns what becomes of a write whose answer the database lost: done once, and told as done. Also through the front door.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CommitUnknown, type Engine, type Value } from '../../db/engine.ts';
import { openRemote } from '../../db/remote.ts';
import { createStore } from '../../db/store.ts';
import { asSample } from '../../src/domain/campaign.ts';
import { startBot } from '../../src/nodeServer.ts';
import type { Area, Outgoing, Person, Sitting } from '../../src/ports.ts';
import type { Act, Store, Submission } from '../../src/store.ts';
import { app, now, silent } from '../kill/county.ts';
import { type Crowd, startCrowd } from '../kill/crowd.ts';
import { type Bridge, type Fault, startBridge } from '../support/bridge.ts';
import { cadreOpenId, groupId, leaseOf, seed, villageCode } from '../support/seed.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = asSample(xinfeng());
const next = { today: '2023-07-12', early: false, claimUntil: now + 1_800_000 };

/** An engine, one call at a time, that orders its faults right before the first unit that says `words`. */
class Forgetful {
  readonly engine: Engine;
  #order: { words: string; faults: readonly Fault[] } | null = null;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(inner: Engine, bridge: () => Bridge) {
    const inLine = <T>(work: () => Promise<T>): Promise<T> => {
      const mine = this.#tail.then(work, work);
      this.#tail = mine;
      return mine;
    };
    this.engine = {
      read: (sql, args) => inLine(() => inner.read(sql, args)),
      commit: (unit) =>
        inLine(() => {
          const order = this.#order;
          if (order && unit.some((s) => s.sql.includes(order.words))) {
            bridge().fault(...order.faults);
            this.#order = null;
          }
          return inner.commit(unit);
        }),
      version: (tables) => inner.version(tables),
      migrate: (migrations) => inner.migrate(migrations),
      pending: (migrations) => inner.pending(migrations),
      close: () => inner.close(),
    };
  }

  forget(words: string, ...faults: Fault[]): void {
    this.#order = { words, faults };
  }
  /** The order was carried out. */
  get forgot(): boolean {
    return this.#order === null;
  }
}

let bridge: Bridge;
let line: Forgetful;
let store: Store;
let village = -1;
beforeAll(async () => {
  bridge = await startBridge();
  const engine = openRemote(bridge.url('lost'), '');
  await seed(engine, { size: { villages: 20, households: 3, cadres: 1 }, campaign, clock: { now: () => now } });
  line = new Forgetful(engine, () => bridge);
  store = createStore(line.engine);
});
afterAll(async () => {
  await store.close();
  await bridge.close();
});
beforeEach(() => {
  village++;
});

const one = async (sql: string, ...args: Value[]) => (await line.engine.read(sql, args))[0]?.[0];
const me = async (): Promise<Person> => {
  const person = await store.personByOperator({ openId: cadreOpenId(village, 0), userId: null });
  if (!person) throw new Error('no such cadre');
  return person;
};
/** Everything that is due, for a process of this name, which leaves the sender's place again. */
async function leased(by: string, until = now + 60_000) {
  const taken = await store.lease(leaseOf({ now, until, by }));
  await store.leaveSender({ by, now, force: true, unasked: true });
  return taken?.due ?? [];
}
const act = (person: Person): Act => ({ eventId: crypto.randomUUID(), actor: person.id, at: now });
const message = (key: string): Outgoing => ({
  key,
  kind: 'send',
  target: { kind: 'chat', id: groupId(village) },
  lane: groupId(village),
  payload: { type: 'text', text: '请往下看' },
  dueAt: now,
});

async function opened(id: string = crypto.randomUUID()): Promise<Sitting> {
  const written = await store.openSitting({
    act: act(await me()),
    id,
    campaignId: campaign.id,
    chatId: groupId(village),
    villageCode: villageCode(village),
    anchorId: 'om_1',
    next,
    outgoing: [message(`sit/${id}`)],
    replaces: null,
  });
  if (!written.ok) throw new Error(written.why);
  return written.value;
}

async function submission(): Promise<Submission> {
  const sitting = await opened();
  if (!sitting.screening) throw new Error('no household on the card');
  const answers = { 'L1-01': '入户面谈' };
  const rest = { provenance: {}, findings: [], late: false, defer: null, next };
  return { act: act(await me()), sitting, screening: sitting.screening, state: 'clear', answers, ...rest };
}

const lost: [string, Fault][] = [
  ['before the work', { drop: 'before' }],
  ['after the work', { drop: 'after' }],
  ['after the work, with a gateway that says 502', { status: 502, applied: true }],
];

describe.each(lost)('the answer is lost %s', (_, fault) => {
  test('a household is stored once and the next one shown', async () => {
    const p = await submission();
    line.forget('update screening as c set state', fault);
    const written = await store.submit(p);
    expect(line.forgot).toBe(true);
    expect(written).toMatchObject({ ok: true, value: { rev: 1, done: 1 } });
    const no = written.ok ? written.value.screening?.household.no : 0;
    expect(no).toBe(p.screening.household.no + 1);
    expect(await one('select count(*) from event where subject = ?', `screening:${p.screening.id}`)).toBe(1);
    const tallies = await store.tallies(campaign.id, { level: 'village', code: villageCode(village) } as Area);
    const all = tallies.filter((t) => t.section === 'ALL' && t.n !== 0).map((t) => `${t.state} ${t.n}`);
    expect(all.sort()).toEqual(['clear 1', 'todo 2']);
  });

  test('a card opens once and promises one message; the lease of it is not lost', async () => {
    const id = crypto.randomUUID();
    line.forget('insert into sitting', fault);
    expect(await opened(id)).toMatchObject({ id, rev: 0 });
    expect(await one('select count(*) from sitting where village_code = ?', villageCode(village))).toBe(1);
    line.forget('update outbox set lease_until', fault);
    const due = await leased(id);
    expect(line.forgot).toBe(true);
    expect(due.map((m) => m.key)).toContain(`sit/${id}`);
    for (const m of due) {
      line.forget("set state = 'sent'", fault);
      const sent = { do: 'sent', message: m, messageId: 'om_2', at: now, card: false, follow: [] } as const;
      await store.mark([sent], { month: '2023-07', n: 1 });
    }
    expect(await one('select state from outbox where key = ?', `sit/${id}`)).toBe('sent');
  });

  test('an event is accepted as new and finished once', async () => {
    const id = crypto.randomUUID();
    line.forget('insert into inbox', fault);
    expect(await store.accept({ id, messageId: null, body: {}, at: now })).toBe('new');
    expect(await store.accept({ id, messageId: null, body: {}, at: now })).toBe('duplicate');
    line.forget('delete from inbox', fault);
    const chat = { chatId: groupId(village), chatName: '例村工作群', by: 'test', at: now };
    const changes = [{ do: 'chatIn' as const, ...chat }];
    expect(await store.finish({ id, changes, outgoing: [message(`re/${id}`)], at: now })).toMatchObject({ ok: true });
    expect(line.forgot).toBe(true);
    expect(await one('select count(*) from event where subject = ?', `chat:${groupId(village)}`)).toBe(1);
    expect(await one('select count(*) from outbox where key = ?', `re/${id}`)).toBe(1);
    await leased(id);
  });

  test('the cadre is told that the household is saved, and it is, once', async () => {
    const sitting = await opened();
    const at = { openId: cadreOpenId(village, 0), chatId: groupId(village), sitting: sitting.id };
    await leased('nobody', now + 300_000); // so that nothing is due
    const settings = { engine: { ...line.engine, close: async () => {} }, clock: { now: () => now }, log: silent, app };
    const bot = await startBot({ ...settings, baseUrl: 'http://127.0.0.1:9', rehearsal: false }, '127.0.0.1', 0);
    line.forget('update screening as c set state', fault);
    const crowd: Crowd = startCrowd(bot.url, [at], () => crowd.stop());
    await crowd.done;
    expect(line.forgot).toBe(true);
    expect(crowd.acknowledged.map((a) => a.code)).toEqual([sitting.screening?.household.code]);
    expect(crowd.others).toEqual([]);
    expect(await one('select count(*) from event where subject = ?', `screening:${sitting.screening?.id}`)).toBe(1);
    await bot.stop();
  });
});

test('a second lost answer is not guessed at', async () => {
  const p = await submission();
  line.forget('update screening as c set state', { drop: 'after' }, { drop: 'before' });
  await expect(store.submit(p)).rejects.toBeInstanceOf(CommitUnknown);
  expect(await store.submit(p), 'the same click, sent again').toEqual({ ok: false, why: 'duplicate' });
});
