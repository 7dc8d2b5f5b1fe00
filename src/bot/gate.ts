// Owns the one gate on the way out: every payload for a group, answer to a click or message, is scanned for what no group
// may see. What does not pass is replaced by a neutral sentence, counted, and logged by kind, never by content.
import { minute } from '../domain/time.ts';
import type { DueMessage } from '../outboxStore.ts';
import type { Log, Message } from '../ports.ts';
import type { World } from '../usecases/world.ts';
import { createScanner, type Leak, type Scanner } from './gateScan.ts';

/** What the platform hears back from a click. */
export type Body = Record<string, unknown>;

export interface Gate {
  /** The answer to a click as it may leave. */
  answer(body: Body, of: { readonly chatId: string; readonly audience: 'group' | 'private' }): Promise<Body>;
  /** A promised message as it may leave. */
  message(message: Message, due: DueMessage): Promise<Message>;
  /** Payloads stopped since the start. */
  blocked(): number;
}

/** How long a chat's area and the roster's names are believed; a new roster is known after that at the latest. */
const believed = minute;
/** Chats, and areas, whose words are kept: all groups of a county, else its cadres would push out each other's. */
const atMost = 600;

const withheld = '这条内容不便在群里显示，已为您拦下。请私聊我查看，并告诉县办。';

export function createGate(deps: { readonly world: World; readonly log: Log }): Gate {
  const { log } = deps;
  const scannerOf = scanners(deps.world);
  let blocked = 0;
  const stop = (leak: Leak, where: string) => {
    blocked++;
    log.error('kept back: not for a group', { leak, where });
  };
  return {
    async answer(body, { chatId, audience }) {
      if (audience === 'private' || Object.keys(body).length === 0) return body;
      const scanner = await scannerOf(chatId);
      const { toast, ...rest } = body;
      const leak = scanner.scan(toast, 'said') ?? scanner.scan(rest);
      if (!leak) return body;
      stop(leak, 'click');
      return { toast: { type: 'warning', content: withheld } };
    },
    async message(message, due) {
      if (isPrivate(due)) return message;
      const leak = (await scannerOf(due.lane)).scan(message);
      if (!leak) return message;
      stop(leak, due.key);
      return due.kind === 'patch' ? { kind: 'card', card: withheldCard } : { kind: 'text', text: withheld };
    },
    blocked: () => blocked,
  };
}

/** Goes to one person: by open_id, or as an answer in their own chat with the bot. */
const isPrivate = (due: DueMessage): boolean =>
  due.target.kind === 'user' || due.lane.startsWith('ou_') || due.payload.audience === 'private';

const withheldCard = {
  schema: '2.0' as const,
  body: { elements: [{ tag: 'div', text: { tag: 'plain_text', content: withheld } }] },
};

interface Kept {
  readonly until: number;
  readonly scanner: Scanner;
}

/** The scanner of a chat, by the area it is bound to; read once a minute, built anew only when the roster changed. */
function scanners(world: World): (chatId: string) => Promise<Scanner> {
  const chats = new Map<string, Kept>();
  const areas = new Map<string, { readonly version: string; readonly scanner: Promise<Scanner> }>();
  let common: { readonly version: string; readonly words: Promise<Common> } | null = null;
  const scannerFor = async (area: string, version: string): Promise<Scanner> => {
    if (common?.version !== version) {
      const words = commonWords(world);
      words.catch(() => {
        common = null; // the next one reads again
      });
      common = { version, words };
    }
    return build(world, area, await common.words);
  };
  const read = async (chatId: string): Promise<Scanner> => {
    const chat = await world.store.chat(chatId);
    const area = chat?.areaCode ?? '';
    const version = await world.store.rosterVersion();
    const before = areas.get(area);
    if (before?.version === version) return before.scanner;
    // kept before it is ready: a whole town's first clicks wait for one reading, not for one each
    const scanner = scannerFor(area, version);
    keep(areas, area, { version, scanner });
    scanner.catch(() => areas.delete(area)); // the next one reads again
    return scanner;
  };
  return async (chatId) => {
    const now = world.clock.now();
    const kept = chats.get(chatId);
    if (kept && now < kept.until) return kept.scanner;
    const scanner = await read(chatId);
    keep(chats, chatId, { until: now + believed, scanner });
    return scanner;
  };
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > atMost ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}

async function build(world: World, area: string, common: Common): Promise<Scanner> {
  const { names } = await world.store.rosterNames(area);
  return createScanner({ ...common, names: names.filter((n) => !common.workers.has(n)) });
}

/** Words that are the same for every group, read once for a roster. */
interface Common {
  readonly workers: ReadonlySet<string>;
  readonly facts: readonly string[];
  readonly open: readonly string[];
  readonly codes: readonly string[];
}

async function commonWords(world: World): Promise<Common> {
  const [roster, campaigns, places] = await Promise.all([
    world.store.rosterNames(''),
    world.store.campaigns(),
    world.store.areas(),
  ]);
  const items = campaigns.flatMap((c) => c.items);
  const asked = items
    .filter((i) => i.scope === 'household' || i.scope === 'person')
    .flatMap((i) => [i, ...i.followUps]);
  const options = asked.flatMap((i) => (i.options ?? []).map((o) => o.value));
  return {
    workers: new Set(roster.workers),
    codes: places.map((a) => a.code),
    facts: [...[...options, ...campaigns.flatMap((c) => c.deferReasons)].filter(telling), ...factWords],
    open: [
      ...items.flatMap((i) => [i.text, ...i.followUps.map((f) => f.text)]),
      ...campaigns.flatMap((c) => [c.title, c.short, c.contact, c.issuer, ...c.phases.map((p) => p.name)]),
      ...campaigns.flatMap((c) => c.lookbacks.flatMap((l) => [l.title, l.short])),
      ...campaigns.flatMap((c) => c.switches.map((s) => s.text)),
      ...places.flatMap((a) => [a.name, a.fullName]),
      ...roster.workers,
    ],
  };
}

/** Shorter ones are everybody's words: 一致, 其他, 乡镇审核. */
const telling = (answer: string) => [...answer].length >= 5;

/** What the roster says of a household, as it stands in facts. */
const factWords = ['脱贫不稳定户', '边缘易致贫户', '突发严重困难户', '整户无劳动能力', '帮扶消除', '自然消除'];
