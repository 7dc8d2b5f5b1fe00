// Owns one try to tell one message: draw, gate, one call, and what its outcome means for the row. Knows no order, no limit
// and no lease.
import { dayLength, dayOf, hour, minute } from '../domain/time.ts';
import type { DueMessage, Mark } from '../outboxStore.ts';
import type { Clock, Log, Message, Outgoing, Platform, Sent } from '../ports.ts';
import { PlatformError } from '../ports.ts';
import { isTooOld, stillInUse } from '../usecases/cardLife.ts';
import type { World } from '../usecases/world.ts';
import { arrivalOf, mayBeThere } from './arrived.ts';
import { overspent, type Spending, scarceText } from './budget.ts';
import { drawPayload } from './draw.ts';
import type { Gate } from './gate.ts';
import { simplerThan, toldAs, withoutCard } from './simpler.ts';

export interface TellDeps {
  readonly world: World;
  readonly platform: Platform;
  readonly log: Log;
  readonly gate: Gate;
  /** Whether this lane may be told today that calls are scarce. */
  readonly mayNote: (lane: string, day: string) => boolean;
  /** Resolves when a message that is drawn may leave. */
  readonly leave: () => Promise<void>;
}

/** `holdMs`: how long the rest of its lane should wait, so that order is kept. `heard`: the platform's answer to the call. */
export type Told =
  | { readonly mark: Mark; readonly holdMs: number; readonly heard: Heard }
  /** Not done yet: the same message once more, as it stands now. */
  | { readonly again: DueMessage; readonly heard: Heard };
/** nothing: it was not called. */
export type Heard = PlatformError | 'taken' | 'nothing';

const county = 'Asia/Shanghai';
const giveUpAfter = 24 * hour;
/** However old it is, what was never sent gets a few minutes of tries. */
const triesAtLeast = 9;
const nothingLeft = 'nothing left to say';

/** One call at most. */
export async function tell(deps: TellDeps, m: DueMessage, spending: Spending): Promise<Told> {
  const { world } = deps;
  try {
    const at = world.clock.now();
    if (mayBeThere(m, at)) return await look(deps, m);
    const vain = await inVain(deps, m, spending);
    if (vain !== null) return uncalled({ do: 'dead', message: m, error: vain, at, follow: [] });
    if (await overtaken(deps, m)) return uncalled({ do: 'void', message: m, error: nothingLeft, at, follow: [] });
    const message = scarce(m, spending) ? { kind: 'text' as const, text: scarceText } : await drawn(deps, m);
    if (message === null) return uncalled({ do: 'void', message: m, error: nothingLeft, at, follow: [] });
    const shown = await deps.gate.message(toldAs(m.telling, message), m);
    await deps.leave();
    return await say(deps, m, { message: shown, spending });
  } catch (error) {
    return error instanceof PlatformError ? refused(deps, m, error) : failed(deps, m, error);
  }
}

const scarce = (m: DueMessage, spending: Spending) =>
  spending === 'scarce' && m.priority === 'answer' && m.kind !== 'patch';

/** Somebody the platform refused for good is left alone for some days; a question while calls are scarce is told off once. */
const leftAlone = 3 * dayLength;
const forGood = /^(230013|230029|230053) /;

/** A card the platform no longer changes is not asked for; one sent anew is wanted by somebody still. */
async function overtaken({ world }: TellDeps, m: DueMessage): Promise<boolean> {
  if (m.kind !== 'patch') return !(await stillInUse(world, m));
  return isTooOld(await world.store.cardSentAt(m.target.id), world.clock.now());
}

/** Why there is no use in trying, as it is stored; null: there is. */
async function inVain({ world, mayNote }: TellDeps, m: DueMessage, spending: Spending): Promise<string | null> {
  const now = world.clock.now();
  if (spending === 'scarce' && m.priority === 'answer' && (m.kind === 'patch' || !mayNote(m.lane, dayOf(now, county))))
    return overspent;
  if (m.personId === null) return null;
  const before = (await world.store.unreachable(m.personId, now - leftAlone)) ?? '';
  const code = forGood.exec(before)?.[1];
  return code === undefined ? null : `skipped ${code}`;
}

const uncalled = (mark: Mark): Told => ({ mark, holdMs: 0, heard: 'nothing' });
const done = (mark: Mark): Told => ({ mark, holdMs: 0, heard: 'taken' });

/** A card that does not fit is our bug; its person still hears something. */
async function drawn({ world, log }: TellDeps, m: DueMessage): Promise<Message | null> {
  try {
    return await drawPayload(world, m.payload);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'CardTooBig') || m.kind === 'patch') throw error;
    log.error('card does not fit, told without it', { key: m.key, payload: m.payload.type });
    return withoutCard;
  }
}

async function say(deps: TellDeps, m: DueMessage, p: { message: Message; spending: Spending }): Promise<Told> {
  const { world, log } = deps;
  const { message } = p;
  try {
    const { messageId } = await transmit(deps.platform, m, message);
    const card = message.kind === 'card' && m.kind !== 'patch';
    const after = [
      ...follow(m, p.spending === 'free' ? 'sent' : 'nothing', world.clock),
      ...(await pointerTo(world, m)),
    ];
    return done({ do: 'sent', message: m, messageId, at: world.clock.now(), card, follow: after });
  } catch (error) {
    if (!(error instanceof PlatformError) || error.retry !== 'invalid' || notTheContent.has(error.code)) throw error;
    const telling = simplerThan(m.telling, message, m.kind === 'patch');
    if (telling === null) throw error;
    log.warn('card refused, told more simply', { key: m.key, code: error.code, telling, logId: error.logId });
    return { again: { ...m, telling }, heard: error };
  }
}

/** Refusals a simpler card would meet as well: feishu-protocol 5.9. */
const notTheContent = new Set([230012, 230015, 230071, 230072, 230073, 230074, 230075]);

/** An earlier try may have arrived, and its key no longer says so. */
async function look(deps: TellDeps, m: DueMessage): Promise<Told> {
  const { world, log } = deps;
  const arrival = await arrivalOf(deps, m);
  const at = world.clock.now();
  if (arrival.is === 'found') {
    const card = m.payload.type !== 'text';
    return done({
      do: 'sent',
      message: m,
      messageId: arrival.messageId,
      at,
      card,
      follow: follow(m, 'sent', world.clock),
    });
  }
  if (arrival.is === 'unknown') {
    if (m.priority === 'nicety') return uncalled({ do: 'dead', message: m, error: 'unsure', at, follow: [] });
    log.warn('may be told twice: nobody can tell whether it arrived', { key: m.key, priority: m.priority });
    return { again: { ...m, triedAt: null, unsure: true }, heard: 'nothing' };
  }
  return { again: { ...m, triedAt: null }, heard: 'taken' };
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
      return platform.send({ kind: m.lane.startsWith('ou_') ? 'user' : 'chat', id: m.lane }, message, uuid);
    throw error;
  }
}

/** feishu-protocol 5.9: the chat itself is gone. */
const chatDissolved = 232009;

function refused({ world, log }: TellDeps, m: DueMessage, error: PlatformError): Told {
  const now = world.clock.now();
  const { code, retry, logId } = error;
  const reason = `${code} ${error.message}${logId ? ` log ${logId}` : ''}`;
  log.warn('message not sent', { key: m.key, code, retry, logId, attempts: m.attempts + 1 });
  if (m.kind === 'patch' && retry === 'gone')
    // nothing stands there that could be changed: nobody has to act
    return { mark: { do: 'void', message: m, error: reason, at: now, follow: [] }, holdMs: 0, heard: error };
  const waits = retry === 'later' || retry === 'token' || retry === 'config';
  if (!waits || tooOld(m, now))
    return {
      mark: { do: 'dead', message: m, error: reason, at: now, follow: follow(m, 'failed', world.clock) },
      holdMs: 0,
      heard: error,
    };
  const holdMs = error.waitMs || (retry === 'config' ? 5 * minute : backOff(m.attempts + 1));
  const triedAt = error.ambiguous ? (m.triedAt ?? now) : m.triedAt;
  const rest = { error: reason, telling: m.telling, counts: true };
  return { mark: { do: 'later', message: m, dueAt: now + holdMs, triedAt, ...rest }, holdMs, heard: error };
}

/** Ours to mend, not the message's fault: tried again like a busy platform. */
function failed({ world, log }: TellDeps, m: DueMessage, error: unknown): Told {
  const now = world.clock.now();
  const reason = `bug ${error instanceof Error ? error.name : typeof error}`;
  log.error('message could not be made', { key: m.key, payload: m.payload.type, error: reason });
  if (tooOld(m, now))
    return uncalled({ do: 'dead', message: m, error: reason, at: now, follow: follow(m, 'failed', world.clock) });
  const dueAt = now + backOff(m.attempts + 1);
  const { telling, triedAt } = m;
  return uncalled({ do: 'later', message: m, dueAt, error: reason, telling, triedAt, counts: true });
}

const tooOld = (m: DueMessage, now: number) => now - m.createdAt >= giveUpAfter && m.attempts >= triesAtLeast;

/** Doubling from 2 s, at most 30 s: what an outage held back goes out within the minute it ends. */
const backOff = (tries: number) => Math.min(1000 * 2 ** Math.min(tries, 6), 30_000);

/** The old card of one sent anew, while it may still be changed. */
async function pointerTo({ store, clock }: World, { payload, lane }: DueMessage): Promise<Outgoing[]> {
  const { replaces } = payload;
  if (replaces === undefined) return [];
  const sitting = payload.type === 'sitting' ? await store.sitting(payload.id) : null;
  const campaignId = sitting?.campaignId ?? ('campaignId' in payload ? payload.campaignId : '');
  return [
    {
      key: `old/${replaces.slice(-44)}`,
      kind: 'patch',
      target: { kind: 'message', id: replaces },
      lane,
      payload: { type: 'pointer', campaignId, ...(sitting?.audience === 'private' ? { audience: 'private' } : {}) },
      dueAt: clock.now(),
    },
  ];
}

/** The line in the group after a private answer. */
function follow(m: DueMessage, outcome: 'sent' | 'failed' | 'nothing', clock: Clock): Outgoing[] {
  const after = m.payload.after;
  if (!after || outcome === 'nothing' || after[outcome] === '') return [];
  return [
    {
      key: `af/${m.key.slice(-46)}`,
      kind: 'reply',
      target: { kind: 'message', id: after.replyTo },
      lane: after.lane,
      payload: { type: 'text', text: after[outcome] },
      dueAt: clock.now(),
    },
  ];
}
