// Owns the running bot: clicks, events and ticks over one world. The entry points make it and call it; nothing else.

import type { CallCounter } from '../calls.ts';
import { dayLength, minute } from '../domain/time.ts';
import type { ChatEvent, Click, MessageEvent } from '../feishu/inbound.ts';
import type { AppDeps } from '../http.ts';
import { type CardJson, type Defer, type Log, type Platform, PlatformError, type Vault } from '../ports.ts';
import type { Store } from '../store.ts';
import { isTooOld, renewCards, renewNow } from '../usecases/cardLife.ts';
import { countDays } from '../usecases/dayCounts.ts';
import { lockPhases } from '../usecases/handInLock.ts';
import { identifyPeople } from '../usecases/identify.ts';
import { planReminders } from '../usecases/planning.ts';
import type { World } from '../usecases/world.ts';
import type { Spending } from './budget.ts';
import { onClick } from './clicks.ts';
import { createDeliverer, type Spacing } from './deliver.ts';
import { accept, runEvent } from './events.ts';
import { createGate } from './gate.ts';

export interface BotDeps {
  readonly world: World;
  readonly platform: Platform;
  readonly log: Log;
  readonly defer: Defer;
  readonly owner: string;
  readonly spacing?: Spacing;
  /** Opens a sealed phone number; absent: nobody is looked up by phone. */
  readonly openSealed?: Vault['open'];
  /** Notes calls to the platform; absent: nothing is booked. */
  readonly calls?: CallCounter;
  /** Pumped every second for as long as it lives. */
  readonly resident?: boolean;
}

export interface Bot extends Pick<AppDeps, 'onClick' | 'onLate' | 'onEvent' | 'ready'> {
  /** Everything that is due: events left over, messages, forgetting. One at a time; safe beside another process. */
  tick(): Promise<void>;
  /** Sends what is due now. */
  deliver(): Promise<void>;
  /** What the month's allowance of calls still permits. */
  spending(): Spending;
  /** Payloads for groups the gate stopped since the start. */
  keptBack(): number;
  /** Begins nothing more; resolves when the tick and the sends under way have ended. What is left waits in the database. */
  stop(): Promise<void>;
}

const keepIds = 8 * dayLength;
const staleTick = 3 * minute;
const lastTick = 'lastTickAt';
/** A card updated before the answer to its click arrived flips back (feishu-protocol 4.3). */
const afterAnswer = 300;

export function createBot(deps: BotDeps): Bot {
  const { world, log, defer } = deps;
  const gate = createGate(deps);
  const deliverer = createDeliverer({ ...deps, gate });
  const self = rememberSelf(deps);
  /** An event that failed stays in the inbox and comes back with the tick, later each time. */
  const attempt = async (id: string) => {
    try {
      const item = await world.store.inboxItem(id);
      if (item) await runEvent({ world, log, self }, item);
    } catch (error) {
      log.error('event failed, kept for later', { id, error: nameOf(error) });
      await world.store.retryLater(id, world.clock.now() + minute, nameOf(error));
    }
    await deliverer.pump();
  };
  const promised = newPromises(world.store);
  let stopped = false;
  let ticking: Promise<void> = Promise.resolve();
  const runTick = async () => {
    const now = world.clock.now();
    for (const item of await world.store.inbox(now, 50)) if (!stopped) await attempt(item.id);
    await unasked(deps, deliverer.spending());
    await world.store.forget(now - keepIds);
    await world.store.setMeta(lastTick, String(now)); // before the sends: a backlog of minutes is no stand-still
    await deliverer.pump();
    await deliverer.tidy();
  };

  return {
    async onClick(click: Click) {
      const answer = await onClick(world, click, gate);
      if (promised()) defer(deliverer.pump());
      return answer;
    },
    async onLate(click, answer) {
      const card = (answer as { card?: { data?: CardJson } } | null)?.card?.data;
      if (!card) return;
      await new Promise((done) => setTimeout(done, afterAnswer));
      await repair(deps, click.messageId, card);
      await deliverer.pump();
    },
    async onEvent(event: MessageEvent | ChatEvent) {
      if ((await accept(world, event)) === 'new') defer(attempt(event.eventId));
    },
    tick() {
      ticking = runTick();
      return ticking;
    },
    deliver: () => deliverer.pump(),
    spending: deliverer.spending,
    keptBack: gate.blocked,
    async stop() {
      stopped = true;
      await Promise.allSettled([ticking, deliverer.stop()]);
    },
    ready: () => readiness(deps),
  };
}

/** What a tick decides of its own accord. */
async function unasked(deps: BotDeps, spending: Spending): Promise<void> {
  const { world, log } = deps;
  await lockPhases(world);
  if (spending !== 'spent') await identifyPeople(world, deps);
  await planReminders(world).catch((error: unknown) => log.error('reminders not planned', { error: nameOf(error) }));
  await countDays(world);
  await renewCards(world);
}

/** Most clicks promise no message, and then there is nothing new to look for. */
function newPromises(store: Pick<Store, 'promises'>): () => boolean {
  let seen = Number.NaN;
  return () => {
    const before = seen;
    seen = store.promises();
    return seen !== before;
  };
}

async function readiness({ world, log }: BotDeps): ReturnType<Bot['ready']> {
  const parts = { database: false, tick: false };
  try {
    const at = Number((await world.store.meta(lastTick)) ?? 0);
    parts.database = true;
    parts.tick = world.clock.now() - at < staleTick;
  } catch (error) {
    log.error('database does not answer', { error: nameOf(error) });
  }
  return { ok: parts.database && parts.tick, parts };
}

const nameOf = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/** A click's card that came too late for its answer. One that is too old for the platform is sent anew. */
async function repair({ world, platform, log }: BotDeps, messageId: string, card: CardJson): Promise<void> {
  try {
    if (isTooOld(await world.store.cardSentAt(messageId), world.clock.now())) await renewNow(world, messageId);
    else await platform.patch(messageId, card);
  } catch (error) {
    if (error instanceof PlatformError && error.code === tooOld) await renewNow(world, messageId);
    else log.warn('late card not repaired', { error: nameOf(error) });
  }
}
/** feishu-protocol 5.9: "Message can only be modified within 14 days after sending." */
const tooOld = 230031;

/** The bot's open_id never changes: asked once, kept in the database. */
function rememberSelf({ world, platform }: BotDeps): () => Promise<string> {
  let known = '';
  return async () => {
    if (known === '') known = (await world.store.meta('botOpenId')) ?? '';
    if (known === '') {
      known = (await platform.bot()).openId;
      await world.store.setMeta('botOpenId', known);
    }
    return known;
  };
}
