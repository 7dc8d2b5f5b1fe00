// Owns sending what the outbox promises: lease, draw, send under the platform's limits, then mark, wait or give up by
// the error's class. Two processes never send the same row at once; a row sent twice is one message (uuid).

import { hour, minute } from '../domain/time.ts';
import type { Clock, Log, Message, Outgoing, Platform, Sent } from '../ports.ts';
import { PlatformError } from '../ports.ts';
import type { DueMessage } from '../store.ts';
import type { World } from '../usecases/world.ts';
import { drawPayload } from './draw.ts';
import type { Gate } from './gate.ts';
import { createPace, type Pace } from './pace.ts';

export interface DeliverDeps {
  readonly world: World;
  readonly platform: Platform;
  readonly log: Log;
  readonly gate: Gate;
  readonly owner: string; // this process, for leases
  /** How sends are spaced; default: in real time, since the platform counts real seconds whatever our clock says. */
  readonly spacing?: Spacing;
}

export interface Spacing extends Clock {
  /** Waits; absent: what must wait is put off on the world's clock instead. */
  readonly sleep?: (ms: number) => Promise<void>;
}

const realTime: Spacing = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};
const longestSleep = 1500;

export interface Deliverer {
  /** Sends everything that is due now; concurrent calls share one run. Never rejects for a platform's refusal. */
  pump(): Promise<void>;
  /** Takes nothing more from the outbox; resolves when what was taken is sent or put back. */
  stop(): Promise<void>;
}

const leaseFor = minute;
const batch = 40;
const giveUpAfter = 24 * hour;

export function createDeliverer(deps: DeliverDeps): Deliverer {
  const lanes = createLanes(deps, createPace(deps.spacing ?? realTime));
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let wake: () => void = () => undefined;
  const run = async () => {
    do {
      again = false;
      while (!stopped && (await lanes.take())) {
        // the next batch
      }
      // A lane without an answer from the platform holds back itself, nobody else.
      if (!again) await Promise.race([lanes.oneDone(), new Promise<void>((done) => (wake = done))]);
    } while ((again && !stopped) || lanes.busy());
    lanes.check();
  };
  return {
    pump() {
      if (stopped) return running ?? Promise.resolve();
      again = true;
      wake();
      running ??= run().finally(() => {
        running = null;
      });
      return running;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** What is being sent: lanes side by side, each in order, at most a batch of messages at a time. */
function createLanes(deps: DeliverDeps, pace: Pace) {
  const tails = new Map<string, Promise<void>>();
  let inFlight = 0;
  let last = 0; // a lease is known by its end: two in one millisecond would each find the other's rows
  let failure: { readonly error: unknown } | null = null;
  const oneDone = () => (tails.size === 0 ? Promise.resolve() : Promise.race(tails.values()));
  const append = (lane: string, messages: readonly DueMessage[]) => {
    inFlight += messages.length;
    const mine = (tails.get(lane) ?? Promise.resolve())
      .then(() => sendLane(deps, pace, messages))
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        inFlight -= messages.length;
        if (tails.get(lane) === mine) tails.delete(lane);
      });
    tails.set(lane, mine);
  };
  return {
    oneDone,
    busy: () => tails.size > 0,
    /** Leases what is due and begins to send it. False when nothing was due. */
    async take(): Promise<boolean> {
      while (inFlight >= batch) await oneDone();
      const now = deps.world.clock.now();
      last = Math.max(now + leaseFor, last + 1);
      const due = await deps.world.store.lease({ now, until: last, by: deps.owner, limit: batch - inFlight });
      const byLane = new Map<string, DueMessage[]>();
      for (const m of due) byLane.set(m.lane, [...(byLane.get(m.lane) ?? []), m]);
      for (const [lane, messages] of byLane) append(lane, messages);
      return due.length > 0;
    },
    /** Throws what was no refusal of the platform, once. */
    check() {
      const found = failure;
      failure = null;
      if (found) throw found.error;
    },
  };
}

async function sendLane(deps: DeliverDeps, pace: Pace, lane: readonly DueMessage[]): Promise<void> {
  let held = 0; // once one waits, those behind it in the lane wait too: order is kept
  for (const m of lane) {
    const wait = Math.max(held, await waitOrSleep(deps, pace.waitFor(m.lane)));
    if (wait > 0) {
      held = wait;
      const dueAt = deps.world.clock.now() + wait;
      await deps.world.store.postpone({ key: m.key, dueAt, error: 'pace', counts: false });
      continue;
    }
    pace.count(m.lane);
    held = await sendOne(deps, m);
  }
}

/** Sleeps a short wait away; else hands it back. */
async function waitOrSleep({ spacing = realTime }: DeliverDeps, wait: number): Promise<number> {
  if (wait === 0 || !spacing.sleep || wait > longestSleep) return wait;
  await spacing.sleep(wait);
  return 0;
}

/** Milliseconds the rest of the lane should wait; 0 when it may go on. */
async function sendOne(deps: DeliverDeps, m: DueMessage): Promise<number> {
  const { world } = deps;
  try {
    const message = await drawPayload(world, m.payload);
    if (message === null) {
      await world.store.bury({ key: m.key, error: 'nothing left to show', at: world.clock.now(), follow: null });
      return 0;
    }
    const sent = await transmit(deps.platform, m, await deps.gate.message(message, m));
    const at = world.clock.now();
    await world.store.sent({ message: m, messageId: sent.messageId, at, follow: follow(m, 'sent', world.clock) });
    return 0;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return refused(deps, m, error);
  }
}

/** A reply to a message that is gone goes into its chat instead. */
async function transmit(platform: Platform, m: DueMessage, message: Message): Promise<Sent> {
  const { target, uuid } = m;
  if (m.kind === 'patch') {
    if (message.kind === 'card') await platform.patch(target.id, message.card);
    return { messageId: target.id, chatId: '' };
  }
  if (m.kind === 'send')
    return platform.send({ kind: target.kind === 'user' ? 'user' : 'chat', id: target.id }, message, uuid);
  try {
    return await platform.reply(target.id, message, { uuid, inThread: m.kind === 'thread' });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    if (error.retry === 'gone' && error.code !== chatDissolved)
      return platform.send({ kind: 'chat', id: m.lane }, message, uuid);
    throw error;
  }
}

/** feishu-protocol 5.9: the chat itself is gone. */
const chatDissolved = 232009;

async function refused(deps: DeliverDeps, m: DueMessage, error: PlatformError): Promise<number> {
  const { world, log } = deps;
  const now = world.clock.now();
  const reason = `${error.code} ${error.message}${error.logId ? ` log ${error.logId}` : ''}`;
  log.warn('message not sent', {
    key: m.key,
    code: error.code,
    retry: error.retry,
    logId: error.logId,
    attempts: m.attempts,
  });
  const waits = error.retry === 'later' || error.retry === 'token' || error.retry === 'config';
  if (waits && now - m.createdAt < giveUpAfter) {
    const wait =
      error.waitMs ||
      (error.retry === 'config' ? 5 * minute : Math.min(1000 * 2 ** Math.min(m.attempts, 9), 5 * minute));
    await world.store.postpone({ key: m.key, dueAt: now + wait, error: reason, counts: true });
    return wait;
  }
  await world.store.bury({ key: m.key, error: reason, at: now, follow: follow(m, 'failed', world.clock) });
  return 0;
}

/** The line in the group after a private answer. */
function follow(m: DueMessage, outcome: 'sent' | 'failed', clock: Clock): Outgoing | null {
  const after = m.payload.after;
  if (!after || after[outcome] === '') return null;
  return {
    key: `af/${m.key.slice(-46)}`,
    kind: 'reply',
    target: { kind: 'message', id: after.replyTo },
    lane: after.lane,
    payload: { type: 'text', text: after[outcome] },
    dueAt: clock.now(),
  };
}
