// Owns what was said in the chats: every promised message is there once, every question has one answer, every cadre one
// card. Compares the outbox with the platform's own memory.
import type { Engine } from '../../db/engine.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import { grouped } from './books.ts';

/** A question somebody asked the bot in a group, answered in private with one line in the group. */
export interface Asked {
  readonly openId: string;
  readonly chatId: string;
  readonly messageId: string;
}

/** Questions that have no line in the group yet. */
export function unanswered(sim: Simulator, asked: readonly Asked[]): Asked[] {
  return asked.filter((a) => repliesTo(sim, a).length === 0);
}

const repliesTo = (sim: Simulator, a: Asked) => sim.messages(a.chatId).filter((m) => m.parentId === a.messageId);

/** What is missing or doubled, one sentence each. `chatIds`: every chat there is. */
export async function letterFaults(
  engine: Engine,
  sim: Simulator,
  of: { readonly chatIds: readonly string[]; readonly asked: readonly Asked[] },
): Promise<string[]> {
  const said = of.chatIds.flatMap((id) => sim.messages(id)).filter((m) => m.from.bot && m.type !== 'system');
  const rows = await engine.read('select key, uuid, kind, state, message_id, last_error from outbox', []);
  const byUuid = grouped(said, (m) => m.uuid ?? '');
  const wrong = rows.flatMap(([key, uuid, kind, state, messageId, error]) => {
    if (state !== 'sent') return [`${key}: ${state}, ${error}`];
    if (kind === 'patch') return [];
    const found = byUuid.get(String(uuid)) ?? [];
    byUuid.delete(String(uuid));
    if (found.length === 1 && found[0]?.messageId === messageId) return [];
    return [`${key}: ${found.length} messages in the chat, ${messageId} in the books`];
  });
  for (const [uuid, messages] of byUuid) wrong.push(`${messages.length} messages nobody promised: ${uuid}`);
  for (const a of of.asked) {
    const n = repliesTo(sim, a).length;
    if (n !== 1) wrong.push(`a question was answered ${n} times`);
  }
  return [...wrong, ...privateFaults(said, of.asked, sim), ...(await cardFaults(engine, said))];
}

function privateFaults(said: readonly StoredMessage[], asked: readonly Asked[], sim: Simulator): string[] {
  const perPerson = grouped(asked, (a) => a.openId);
  return [...perPerson].flatMap(([openId, questions]) => {
    const chat = said.filter((m) => sim.chat(m.chatId)?.type === 'p2p' && sim.chat(m.chatId)?.ownerId === openId);
    return chat.length === questions.length ? [] : [`${questions.length} questions, ${chat.length} private answers`];
  });
}

/** One open card each, known to the store under its message's id; every replaced one has become a pointer. */
async function cardFaults(engine: Engine, said: readonly StoredMessage[]): Promise<string[]> {
  const byId = new Map(said.map((m) => [m.messageId, m]));
  const sittings = await engine.read('select id, person_id, message_id, state from sitting', []);
  const open = sittings.filter((s) => s[3] === 'open');
  const doubled = open.length - new Set(open.map((s) => s[1])).size;
  const wrong = doubled > 0 ? [`${doubled} people have two open cards`] : [];
  for (const [id, , messageId, state] of sittings) {
    const shown = byId.get(String(messageId))?.content.includes(`"s":"${id}"`) ?? false;
    if (shown !== (state === 'open')) wrong.push(`card of ${state} sitting ${id} ${shown ? 'is' : 'is not'} in use`);
  }
  return wrong;
}
