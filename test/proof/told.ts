// Owns what the platform took in a run, held against what was promised: who was told what, when, in which words.
import type { Engine } from '../../db/engine.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import type { OutboxPayload } from '../../src/ports.ts';
import type { SendCalls } from './calls.ts';
import type { County, Level } from './county.ts';

export type Kind = 'digest' | 'milestone' | 'groupDigest';

/** A message nobody asked for. */
export interface Told {
  readonly key: string;
  readonly kind: Kind;
  /** open_id or chat_id. */
  readonly to: string;
  /** 大阿村 村干部2, or the group's name. */
  readonly name: string;
  readonly areaCode: string;
  readonly level: Level;
  readonly title: string;
  /** When the platform took it, and the planner's slot for it, epoch ms. */
  readonly at: number;
  readonly slot: number;
  /** The tick that planned it: one cause's messages have it in common. */
  readonly plannedAt: number;
  /** How often the platform was asked to send it, and heard it. */
  readonly calls: number;
}

export interface Heard {
  readonly told: readonly Told[];
  /** Promised and not exactly one message, or a message nobody promised; one sentence each. */
  readonly wrong: readonly string[];
  /** Promised and rightly not sent: nothing was left to say by then, or a newer digest said it. */
  readonly dropped: readonly { readonly key: string; readonly why: string }[];
}

interface Addressee {
  readonly name: string;
  readonly areaCode: string;
  readonly level: Level;
}

const promisedSql =
  'select p.key, p.uuid, p.payload, p.slot, p.planned_at, o.state, o.message_id, o.last_error from proof_promise p left join outbox o on o.key = p.key';

interface Ears {
  readonly engine: Engine;
  readonly sim: Simulator;
  readonly sends: SendCalls;
}

/** Everything that was said in every chat there is. */
export async function heard(county: County, { engine, sim, sends }: Ears): Promise<Heard> {
  const chats = chatsOf(county, sim);
  const said = [...chats].flatMap(([chatId, to]) => spoken(sim, chatId).map((message) => ({ message, to })));
  const byUuid = new Map<string, { message: StoredMessage; to: Addressee & { id: string } }[]>();
  for (const one of said) byUuid.set(one.message.uuid ?? '', [...(byUuid.get(one.message.uuid ?? '') ?? []), one]);
  const told: Told[] = [];
  const wrong: string[] = [];
  const dropped: { key: string; why: string }[] = [];
  for (const [key, uuid, payload, slot, plannedAt, state, messageId, error] of await engine.read(promisedSql, [])) {
    const found = byUuid.get(String(uuid)) ?? [];
    byUuid.delete(String(uuid));
    const [only] = found;
    const silent = state === 'void' || state === null; // no row: a newer digest took its place
    if (silent && found.length === 0) dropped.push({ key: String(key), why: String(error ?? 'a newer one says it') });
    else if (state !== 'sent' || found.length !== 1 || only?.message.messageId !== messageId)
      wrong.push(`${key}: ${state} ${error ?? ''}, ${found.length} messages in the chat, ${messageId} in the books`);
    for (const { message, to } of found)
      told.push({
        ...{
          key: String(key),
          kind: kindOf(payload),
          to: to.id,
          name: to.name,
          areaCode: to.areaCode,
          level: to.level,
        },
        ...{
          title: titleOf(sim, message),
          at: message.createdAt,
          slot: Number(slot),
          plannedAt: Number(plannedAt),
          calls: sends.of(String(uuid)),
        },
      });
  }
  for (const [uuid, all] of byUuid) wrong.push(`${all.length} messages nobody promised: ${uuid} to ${all[0]?.to.name}`);
  return { told: told.sort((a, b) => a.at - b.at), wrong, dropped };
}

const kindOf = (payload: unknown) => (JSON.parse(String(payload)) as OutboxPayload).type as Kind;

const spoken = (sim: Simulator, chatId: string) =>
  sim.messages(chatId).filter((m) => m.from.bot && m.type !== 'system');

function chatsOf({ people, groups }: County, sim: Simulator): Map<string, Addressee & { id: string }> {
  const chats = new Map<string, Addressee & { id: string }>();
  for (const p of people) chats.set(sim.openP2p(p.openId), { ...p, id: p.openId });
  for (const g of groups) chats.set(g.chatId, { ...g, id: g.chatId });
  return chats;
}

function titleOf(sim: Simulator, message: StoredMessage): string {
  const card = sim.card(message.messageId) as { header?: { title?: { content?: string } } } | null;
  return card?.header?.title?.content ?? sim.text(message);
}
