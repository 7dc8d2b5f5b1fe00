// Owns the verdict on a card (JSON 2.0): size, counts, and every component's table. Pure. Strict is for our own cards;
// compat takes the legacy properties the platform still tolerates.
import { containers, root } from './cardContainers.ts';
import { displays } from './cardDisplay.ts';
import type { CardFault } from './cardFault.ts';
import { inputs } from './cardInputs.ts';
import { CardRefused, isFields, refuse, refuseAs, type Spot, type Walk } from './cardRules.ts';

export interface CardRules {
  readonly profile: 'strict' | 'compat';
  /** Who may be mentioned or shown; absent = everybody. */
  readonly knownIds?: ReadonlySet<string> | ((id: string) => boolean);
  /** Whether <at id=all> is open to the bot in this chat; default true. */
  readonly atAll?: boolean;
}

const MAX_BYTES = 30 * 1024;
const MAX_TAGGED = 200;
const specs = { ...containers, ...displays, ...inputs };

/** The first fault, or null. Never throws for any input. */
export function validateCard(card: unknown, rules: CardRules): CardFault | null {
  try {
    check(card, start(card, rules));
    return null;
  } catch (e) {
    if (e instanceof CardRefused) return e.fault;
    throw e;
  }
}

/** Every object with a tag, text objects included, as the platform counts at least. */
export function countTagged(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((n, item) => n + countTagged(item), 0);
  if (!isFields(value)) return 0;
  const own = typeof value.tag === 'string' ? 1 : 0;
  return Object.values(value).reduce<number>((n, child) => n + countTagged(child), own);
}

/** Colour names the card defines for itself; they may be used before they are defined. */
function ownColors(card: unknown): string[] {
  const step = (v: unknown, key: string) => (isFields(v) ? v[key] : undefined);
  const colors = step(step(step(card, 'config'), 'style'), 'color');
  return isFields(colors) ? Object.keys(colors) : [];
}

function start(card: unknown, rules: CardRules): Spot {
  const known = rules.knownIds;
  const knows = known === undefined ? null : typeof known === 'function' ? known : (id: string) => known.has(id);
  const seen = { names: new Set<string>(), elementIds: new Set<string>(), colors: new Set(ownColors(card)), tables: 0 };
  const walk: Walk = { profile: rules.profile, specs, knows, atAll: rules.atAll ?? true, ...seen };
  return { walk, path: [], inside: [], form: null };
}

function check(card: unknown, at: Spot): void {
  if (!isFields(card)) refuse(at, 'a card must be an object');
  if (card.schema !== '2.0') {
    refuseAs(at, {
      sub: 200830,
      message: 'a card of schema V2 cannot become one of schema V1',
      value: String(card.schema),
    });
  }
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > MAX_BYTES) {
    const message = `card content exceeds limit: ${bytes} bytes`;
    throw new CardRefused({
      code: 230025,
      sub: 200860,
      path: 'ROOT',
      message,
      ext: `ErrCode: 200860; ErrMsg: ${message}`,
    });
  }
  const tagged = countTagged(card);
  if (tagged > MAX_TAGGED) refuseAs(at, { sub: 11310, message: 'element exceeds the limit', value: String(tagged) });
  root(card, at);
}
