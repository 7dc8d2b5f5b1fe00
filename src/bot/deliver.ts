// Owns the run that sends what the outbox promises: takes up what is due, most urgent first, lets the governor say when
// each may go, keeps the order within a chat. What one try means is tell.ts; who may send at all is senderPlace.ts.
import type { CallCounter } from '../calls.ts';
import type { Clock, Log, Platform } from '../ports.ts';
import type { World } from '../usecases/world.ts';
import type { Spending } from './budget.ts';
import type { Gate } from './gate.ts';
import { createHand, type Hand } from './hand.ts';
import { createLedger } from './ledger.ts';
import { createPlace, type Place } from './senderPlace.ts';

export interface DeliverDeps {
  readonly world: World;
  readonly platform: Platform;
  readonly log: Log;
  readonly gate: Gate;
  readonly owner: string; // this process, for leases
  /** Notes what the platform is asked; absent: nothing is booked. */
  readonly calls?: CallCounter;
  /** Looks every second, so that it may keep the sender's place in between. */
  readonly resident?: boolean;
  /** How sends are spaced; default: in real time, since the platform counts real seconds whatever our clock says. */
  readonly spacing?: Spacing;
}

export interface Spacing extends Clock {
  /** Waits; absent: what must wait is left for a later run instead. */
  readonly sleep?: (ms: number) => Promise<void>;
}

const realTime: Spacing = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};
/** What must wait longer is put back for a later run. */
const longestSleep = 1500;

export interface Deliverer {
  /** Sends everything that is due now; concurrent calls share one run. Never rejects for a platform's refusal. */
  pump(): Promise<void>;
  /** Books calls no message paid for; gives up what the month's allowance held back for a day. */
  tidy(): Promise<void>;
  spending(): Spending;
  /** Takes nothing more from the outbox; resolves when what was taken is sent or put back. */
  stop(): Promise<void>;
}

const noCalls: CallCounter = { note: () => undefined, take: () => 0 };

export function createDeliverer(deps: DeliverDeps): Deliverer {
  const { world, owner, spacing = realTime, calls = noCalls, resident = false } = deps;
  const place = createPlace({ world, owner, limitTime: spacing.now });
  const ledger = createLedger({ store: world.store, calls, month: place.month });
  const hand = createHand({ ...deps, place, ledger, limitTime: spacing.now, sleep: spacing.sleep });
  const work = createWork({ hand, place, sleep: spacing.sleep, resident });
  let running: Promise<void> | null = null;
  let stopped = false;
  return {
    async pump() {
      if (stopped) return;
      work.ask();
      running ??= work.run().finally(() => {
        running = null;
      });
      await running;
    },
    async tidy() {
      await ledger.book();
      await place.giveUpHeld();
    },
    spending: () => place.spending,
    async stop() {
      stopped = true;
      work.end();
      await running;
      await place.leave(true);
    },
  };
}

interface WorkDeps {
  readonly hand: Hand;
  readonly place: Place;
  readonly sleep: Spacing['sleep'];
  readonly resident: boolean;
}

function createWork({ hand, place, sleep, resident }: WorkDeps) {
  let asked = false;
  let ended = false;
  let drained = false; // the last look found less than there was room for
  let wake: () => void = () => undefined;
  const woken = () => new Promise<void>((done) => (wake = done));
  const take = async () => {
    asked = false;
    const room = hand.room(longestSleep);
    const taken = ended ? [] : await place.take(room);
    drained = taken === null || taken.length < Math.min(room.all, room.unasked);
    if (taken) hand.add(taken);
  };
  /** One round; false: nothing is left that could go out soon. */
  const round = async (): Promise<boolean> => {
    if (asked || hand.isEmpty() || (!drained && hand.hasRoom())) await take();
    const wait = hand.start();
    const soon = wait !== null && wait <= longestSleep && sleep && !ended ? [sleep(wait)] : [];
    if (hand.underWay() > 0) await Promise.race([hand.oneDone(), woken(), ...soon]);
    else if (soon.length > 0) await Promise.race([woken(), ...soon]);
    else {
      await hand.putBack();
      return asked;
    }
    return true;
  };
  return {
    ask() {
      asked = true;
      wake();
    },
    async run() {
      let moved: boolean;
      do {
        moved = false;
        while (await round()) moved = true;
      } while (!resident && !(await place.leave(ended || !moved)));
      hand.check();
    },
    end() {
      ended = true;
      wake();
    },
  };
}
