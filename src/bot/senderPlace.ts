// Owns the sender's place: one process at a time sends for a database, so that its governor knows every call of the app.
// Whoever finds the place taken leaves the work to its holder, who sees the same rows.
import { hoursOfAll, maySpeak } from '../domain/slots.ts';
import { dayLength, dayOf } from '../domain/time.ts';
import type { DueMessage, RecentTurn } from '../outboxStore.ts';
import type { World } from '../usecases/world.ts';
import { overspent, type Spending, spendingOf, upTo } from './budget.ts';
import { createGovernor, type Governor, type Turn } from './governor.ts';

export interface Place {
  readonly governor: Governor;
  readonly spending: Spending;
  /** What is due, most urgent first, at most `room`; null: another process sends. */
  take(room: { readonly all: number; readonly unasked: number }): Promise<readonly DueMessage[] | null>;
  /** False: something is due, so the place was kept; `force` gives it back even then. */
  leave(force: boolean): Promise<boolean>;
  month(): Promise<string>;
  /** What the allowance held back for a day is given up, for an operator to decide. */
  giveUpHeld(): Promise<void>;
}

/** A place nobody renewed this long is somebody else's. */
const placeFor = 10_000;
/** Long enough for a call that gets no answer, and for a wait before it. */
const leaseFor = 30_000;
const perLane = 4;
const remembered = 60_000;
const county = 'Asia/Shanghai';

export interface PlaceDeps {
  readonly world: World;
  readonly owner: string;
  /** The clock the platform's limits run on, ms. */
  readonly limitTime: () => number;
}

export function createPlace({ world, owner, limitTime }: PlaceDeps): Place {
  const { store, clock, allowance } = world;
  const days = createDays(world);
  let governor = createGovernor();
  let spending: Spending = 'free';
  let knownFor = ''; // the month whose calls were read
  let held = false;
  let unaskedToo = true; // at the last look
  let last = 0; // a lease is known by its end: two in one millisecond would each find the other's rows
  /** Whether something may go out now; reads what may have changed since the last look. */
  const anything = async (now: number): Promise<boolean> => {
    const month = await days.month();
    if (knownFor !== month) spending = spendingOf(await store.callsOf(month), allowance);
    knownFor = month;
    const due = { now, upTo: upTo[spending] };
    if (!(await store.anyDue({ ...due, unasked: true }))) return false;
    unaskedToo = await days.working();
    return unaskedToo || store.anyDue({ ...due, unasked: false });
  };
  const seed = async (now: number) => {
    governor = createGovernor();
    const apart = limitTime() - now;
    for (const turn of await store.recentTurns(now - remembered, now, owner))
      governor.count(turnOf(turn), turn.at + apart);
  };
  return {
    get governor() {
      return governor;
    },
    get spending() {
      return spending;
    },
    month: days.month,
    async take({ all, unasked }) {
      const now = clock.now();
      if (all === 0 || !(await anything(now))) return [];
      last = Math.max(now + leaseFor, last + 1);
      const room = { limit: all, unasked: unaskedToo ? unasked : 0, perLane, upTo: upTo[spending] };
      const place = { now, by: owner, until: last, senderUntil: now + placeFor, month: knownFor };
      const leased = await store.lease({ ...place, ...room });
      held = leased !== null;
      if (leased === null) return null;
      if (leased.before !== owner) await seed(now);
      spending = spendingOf(leased.calls, allowance);
      return leased.due;
    },
    async leave(force) {
      const leaving = { by: owner, now: clock.now(), force, unasked: unaskedToo };
      if (!held || (await store.leaveSender(leaving))) held = false;
      return !held;
    },
    async giveUpHeld() {
      if (spending === 'free') return;
      const now = clock.now();
      await store.giveUpHeld({ now, before: now - dayLength, over: upTo[spending], error: overspent });
    },
  };
}

/** What the county's calendar says of now. */
function createDays({ store, clock }: World) {
  let zone: string | null = null;
  return {
    async month() {
      zone ??= (await store.campaigns())[0]?.zone ?? null;
      return dayOf(clock.now(), zone ?? county).slice(0, 7);
    },
    /** May the bot speak unasked? What may not waits where it is, and is drawn when it goes out. */
    async working() {
      const campaigns = await store.campaigns();
      return maySpeak(clock.now(), hoursOfAll(campaigns, campaigns[0]?.zone ?? county));
    },
  };
}

const apis = { send: 'send', reply: 'reply', thread: 'reply', patch: 'patch' } as const;

/** Changes of a card are counted per message, everything else per chat or person. */
export const turnOf = (m: Pick<RecentTurn, 'kind' | 'lane' | 'target' | 'proactive'>): Turn => ({
  api: apis[m.kind],
  lane: m.kind === 'patch' ? m.target.id : m.lane,
  unasked: m.proactive,
});
