// Owns one try to tell one message: draw, gate, one call, and what its outcome means for the row. Knows no order, no limit
// and no lease.
import { hour, minute } from '../domain/time.ts';
import type { DueMessage, Mark } from '../outboxStore.ts';
import type { Clock, Log, Message, Outgoing, Platform, Sent } from '../ports.ts';
import { PlatformError } from '../ports.ts';
import type { World } from '../usecases/world.ts';
import type { Spending } from './budget.ts';
import { drawPayload } from './draw.ts';
import type { Gate } from './gate.ts';

export interface TellDeps {
  readonly world: World;
  readonly platform: Platform;
  readonly log: Log;
  readonly gate: Gate;
}

/** `holdMs`: how long the rest of its lane should wait, so that order is kept. */
export interface Told {
  readonly mark: Mark;
  readonly holdMs: number;
  /** What the platform refused; null: nothing. */
  readonly error: PlatformError | null;
}

const giveUpAfter = 24 * hour;
const nothingLeft = 'nothing left to say';

export async function tell(deps: TellDeps, m: DueMessage, spending: Spending): Promise<Told> {
  const { world } = deps;
  try {
    const message = await drawPayload(world, m.payload);
    const at = world.clock.now();
    if (message === null) return done({ do: 'void', message: m, error: nothingLeft, at, follow: [] });
    const shown = await deps.gate.message(message, m);
    const sent = await transmit(deps.platform, m, shown);
    const card = shown.kind === 'card' && m.kind !== 'patch';
    const after = follow(m, spending === 'free' ? 'sent' : 'nothing', world.clock);
    return done({ do: 'sent', message: m, messageId: sent.messageId, at: world.clock.now(), card, follow: after });
  } catch (error) {
    if (error instanceof PlatformError) return refused(deps, m, error);
    return failed(deps, m, error);
  }
}

const done = (mark: Mark): Told => ({ mark, holdMs: 0, error: null });

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

function refused({ world, log }: TellDeps, m: DueMessage, error: PlatformError): Told {
  const now = world.clock.now();
  const { code, retry, logId } = error;
  const reason = `${code} ${error.message}${logId ? ` log ${logId}` : ''}`;
  log.warn('message not sent', { key: m.key, code, retry, logId, attempts: m.attempts + 1 });
  const waits = retry === 'later' || retry === 'token' || retry === 'config';
  if (!waits || now - m.createdAt >= giveUpAfter)
    return {
      mark: { do: 'dead', message: m, error: reason, at: now, follow: follow(m, 'failed', world.clock) },
      holdMs: 0,
      error,
    };
  const holdMs = error.waitMs || (retry === 'config' ? 5 * minute : backOff(m.attempts + 1));
  const triedAt = error.ambiguous ? (m.triedAt ?? now) : m.triedAt;
  const rest = { error: reason, telling: m.telling, counts: true };
  return { mark: { do: 'later', message: m, dueAt: now + holdMs, triedAt, ...rest }, holdMs, error };
}

/** Ours to mend, not the message's fault: tried again like a busy platform. */
function failed({ world, log }: TellDeps, m: DueMessage, error: unknown): Told {
  const now = world.clock.now();
  const reason = `bug ${error instanceof Error ? error.name : typeof error}`;
  log.error('message could not be made', { key: m.key, payload: m.payload.type, error: reason });
  if (now - m.createdAt >= giveUpAfter)
    return done({ do: 'dead', message: m, error: reason, at: now, follow: follow(m, 'failed', world.clock) });
  const dueAt = now + backOff(m.attempts + 1);
  const { telling, triedAt } = m;
  return done({ do: 'later', message: m, dueAt, error: reason, telling, triedAt, counts: true });
}

/** Doubling from 2 s, at most 30 s: what an outage held back goes out within the minute it ends. */
const backOff = (tries: number) => Math.min(1000 * 2 ** Math.min(tries, 6), 30_000);

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
