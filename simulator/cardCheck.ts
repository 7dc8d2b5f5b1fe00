// Owns which validator profile and which known people a card on this platform is checked against.
import type { CardFault } from './cardFault.ts';
import { validateCard } from './cardValidator.ts';
import type { Chat, World } from './state.ts';

/** null = the card may be shown in this chat. */
export function checkCard(p: { strict: boolean; world: World }, card: unknown, chat: Chat): CardFault | null {
  return validateCard(card, {
    profile: p.strict ? 'strict' : 'compat',
    knownIds: (id) => p.world.knowsPerson(id),
    atAll: chat.atAll,
  });
}
