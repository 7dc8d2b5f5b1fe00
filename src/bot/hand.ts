// Owns the messages a process has taken up: chats and people side by side, each in order, the most urgent first whenever
// the governor lets one go. Knows no database but what is written of an outcome.
import { minute } from '../domain/time.ts';
import type { DueMessage, Mark } from '../outboxStore.ts';
import { mayBeThere } from './arrived.ts';
import { createNotes } from './budget.ts';
import type { Turn } from './governor.ts';
import type { Ledger } from './ledger.ts';
import { type Place, turnOf as usualTurn } from './senderPlace.ts';
import { type TellDeps, tell } from './tell.ts';

export interface Hand {
  /** How much more may be taken up, so much of it unasked. `ms`: what could not begin by then is not worth it. */
  room(ms: number): { readonly all: number; readonly unasked: number };
  /** It is worth looking for more while there are calls under way. */
  hasRoom(): boolean;
  isEmpty(): boolean;
  add(due: readonly DueMessage[]): void;
  /** Begins what may begin. Milliseconds until the next one may; null: nobody waits. */
  start(): number | null;
  underWay(): number;
  oneDone(): Promise<unknown>;
  /** Gives back what waits. */
  putBack(): Promise<void>;
  /** Throws what was no refusal of the platform, once. */
  check(): void;
}

export interface HandDeps extends Omit<TellDeps, 'mayNote' | 'leave'> {
  readonly place: Place;
  readonly ledger: Ledger;
  readonly limitTime: () => number;
  /** Absent: nothing waits on its way. */
  readonly sleep: ((ms: number) => Promise<void>) | undefined;
}

const atOnce = 40;
const heldAtMost = 120;
const unaskedAtMost = 80;
/** A call without an answer takes ten seconds: nothing begins whose lease would not last. */
const callTakes = 12_000;

/** What its next call is. */
const turnOf = (m: DueMessage, now: number): Turn =>
  mayBeThere(m, now) ? { api: 'list', lane: `history ${m.lane}`, unasked: m.proactive } : usualTurn(m);

const order = { ordered: 0, deadline: 1, answer: 2, nicety: 3 } as const;

export function createHand(given: HandDeps): Hand {
  const deps = { ...given, mayNote: createNotes() };
  const { place, limitTime } = deps;
  const { store, clock } = deps.world;
  const shelf = createShelf();
  const calls = new Map<string, Promise<void>>(); // by lane
  let failure: { readonly error: unknown } | null = null;

  const begin = (m: DueMessage, now: number) => {
    place.governor.count(turnOf(m, clock.now()), now);
    shelf.begin(m);
    const work = sendOne(deps, shelf, m)
      .catch((error: unknown) => {
        failure ??= { error };
        shelf.end(m);
      })
      .finally(() => calls.delete(m.lane));
    calls.set(m.lane, work);
  };
  return {
    room(ms) {
      const now = limitTime();
      const all = Math.min(heldAtMost, place.governor.openings(now)) - shelf.size();
      const some = place.governor.roomForUnasked(now, ms) ? unaskedAtMost - shelf.unasked() : 0;
      return { all: Math.max(0, all), unasked: Math.max(0, some) };
    },
    hasRoom: () => shelf.size() < heldAtMost / 2,
    isEmpty: () => shelf.size() === 0,
    add: (due) => shelf.add(due),
    start() {
      let soonest: number | null = null;
      const lastCall = clock.now() + callTakes;
      for (const m of shelf.heads()) {
        if (calls.has(m.lane)) continue;
        if (calls.size >= atOnce) return soonest;
        const now = limitTime();
        const wait = m.leaseUntil < lastCall ? minute : place.governor.waitFor(turnOf(m, clock.now()), now);
        if (wait <= 0) begin(m, now);
        else soonest = Math.min(soonest ?? wait, wait);
      }
      return soonest;
    },
    underWay: () => calls.size,
    oneDone: () => Promise.race(calls.values()),
    putBack: () => store.putBack(shelf.clear()),
    check() {
      const found = failure;
      failure = null;
      if (found) throw found.error;
    },
  };
}

/** One try, and what is written of it. Those behind one that waits wait too, so that order is kept. */
async function sendOne(
  { place, ledger, limitTime, sleep, ...deps }: HandDeps & Pick<TellDeps, 'mayNote'>,
  shelf: Shelf,
  m: DueMessage,
): Promise<void> {
  const turn = turnOf(m, deps.world.clock.now());
  const toWait = () => place.governor.leave(turn, limitTime());
  const leave = async () => {
    for (let ms = toWait(); sleep && ms > 0; ms = toWait()) await sleep(ms);
  };
  const told = await tell({ ...deps, leave }, m, place.spending);
  const { heard } = told;
  if (heard === 'nothing') place.governor.spared(limitTime());
  else place.governor.heard(turn, heard === 'taken' ? null : heard, limitTime());
  if ('again' in told) return shelf.again(told.again);
  const { mark, holdMs } = told;
  const behind = holdMs > 0 ? shelf.clearLane(m.lane) : [];
  const dueAt = deps.world.clock.now() + holdMs;
  await ledger.add(mark, ...behind.map((one) => untried(one, dueAt)));
  shelf.end(m);
}

const untried = (m: DueMessage, dueAt: number): Mark => ({
  do: 'later',
  message: m,
  dueAt,
  error: 'behind another',
  telling: m.telling,
  triedAt: m.triedAt,
  counts: false,
});

type Shelf = ReturnType<typeof createShelf>;

/** Messages by lane, each lane in order; those under way still count. */
function createShelf() {
  const waiting = new Map<string, DueMessage[]>();
  const held = new Map<string, DueMessage>();
  const forget = (messages: readonly DueMessage[]) => {
    for (const m of messages) held.delete(m.key);
    return messages;
  };
  const clearLane = (lane: string) => {
    const all = waiting.get(lane) ?? [];
    waiting.delete(lane);
    return forget(all);
  };
  return {
    size: () => held.size,
    unasked: () => [...held.values()].filter((m) => m.proactive).length,
    add(due: readonly DueMessage[]) {
      for (const m of due) {
        if (held.has(m.key)) continue; // its lease ran out while it waited here
        held.set(m.key, m);
        waiting.set(m.lane, [...(waiting.get(m.lane) ?? []), m]);
      }
    },
    /** The first of every lane, the most urgent before the others. */
    heads: () =>
      [...waiting.values()].flatMap(([first]) => first ?? []).sort((a, b) => order[a.priority] - order[b.priority]),
    begin(m: DueMessage) {
      const rest = waiting.get(m.lane)?.slice(1) ?? [];
      if (rest.length > 0) waiting.set(m.lane, rest);
      else waiting.delete(m.lane);
    },
    /** It goes next in its lane. */
    again(m: DueMessage) {
      held.set(m.key, m);
      waiting.set(m.lane, [m, ...(waiting.get(m.lane) ?? [])]);
    },
    end: (m: DueMessage) => void forget([m]),
    clearLane,
    clear: () => [...waiting.keys()].flatMap(clearLane),
  };
}
