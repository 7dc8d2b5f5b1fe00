// Owns everything the bot has sent, as the page tells it: by day and kind, to whom, the first words. Reads the world's
// messages as they arrived; knows no rule of an API.
import { lineOf } from './pageViews.ts';
import type { Chat, StoredMessage, World } from './state.ts';
import type { FlowDay, FlowItem, FlowState } from './wire.ts';

export interface FlowParts {
  readonly world: World;
  /** Open ids of the people worth playing. */
  featured(): readonly string[];
  /** What a message is, told by the id it was sent with. */
  kindOf(uuid: string): string;
  /** 2023-07-12 */
  dayOf(ms: number): string;
  calls(): FlowState['calls'];
}

const MOST = 200; // items a page is told of at once

export class Flow {
  readonly #o: FlowParts;
  #read: readonly StoredMessage[] = []; // the world's list, to notice a new one
  #upTo = 0;
  #days = new Map<string, { readonly kinds: Map<string, number>; readonly sent: StoredMessage[] }>();
  #total = 0;

  constructor(o: FlowParts) {
    this.#o = o;
  }

  /** How many messages the bot has sent so far. */
  get total(): number {
    this.#catchUp();
    return this.#total;
  }

  /** Whether the bot has sent this person, or a group they are in, anything after the first `count` messages. */
  reached(openId: string, count: number): boolean {
    const { world } = this.#o;
    let n = this.total;
    for (let i = world.arrived.length - 1; i >= 0 && n > count; i--) {
      const m = world.arrived[i];
      if (!m?.from.bot) continue;
      n -= 1;
      if (world.chats.get(m.chatId)?.members.has(openId)) return true;
    }
    return false;
  }

  state(): FlowState {
    this.#catchUp();
    const { world } = this.#o;
    const days = [...this.#days].map(([day, { kinds }]): FlowDay => ({ day, kinds: Object.fromEntries(kinds) }));
    const unread = this.#o.featured().map((openId) => {
      const chats = [...world.chatsOf(openId)].filter((c) => !c.dissolved);
      return [openId, chats.reduce((n, c) => n + world.unread(openId, c.chatId), 0)] as const;
    });
    return { days, unread: Object.fromEntries(unread), calls: this.#o.calls() };
  }

  /** A day's messages, newest first; without `all` only those a person worth playing can see. `more`: left off. */
  of(day: string, all: boolean): { readonly items: readonly FlowItem[]; readonly more: number } {
    this.#catchUp();
    const sent = this.#days.get(day)?.sent ?? [];
    const featured = new Set(this.#o.featured());
    const wanted = all ? sent : sent.filter((m) => this.#reader(m, featured) !== null);
    const items = wanted.slice(-MOST).reverse();
    return { items: items.map((m) => this.#item(m, featured)), more: wanted.length - items.length };
  }

  #catchUp(): void {
    const { arrived } = this.#o.world;
    if (arrived !== this.#read) {
      this.#read = arrived;
      this.#upTo = 0;
      this.#total = 0;
      this.#days = new Map();
    }
    for (; this.#upTo < arrived.length; this.#upTo++) {
      const m = arrived[this.#upTo];
      if (m?.from.bot) this.#count(m);
    }
  }

  #count(m: StoredMessage): void {
    const day = this.#o.dayOf(m.createdAt);
    const known = this.#days.get(day) ?? { kinds: new Map<string, number>(), sent: [] };
    this.#days.set(day, known);
    const kind = this.#o.kindOf(m.uuid ?? '');
    known.kinds.set(kind, (known.kinds.get(kind) ?? 0) + 1);
    known.sent.push(m);
    this.#total += 1;
  }

  /** Who of the people worth playing sees it. */
  #reader(m: StoredMessage, featured: ReadonlySet<string>): string | null {
    const members = this.#o.world.chats.get(m.chatId)?.members ?? new Set();
    for (const openId of featured) if (members.has(openId)) return openId;
    return null;
  }

  #item(m: StoredMessage, featured: ReadonlySet<string>): FlowItem {
    const { world } = this.#o;
    const chat = world.chats.get(m.chatId);
    const [first = ''] = chat?.members ?? [];
    const as = this.#reader(m, featured) ?? first;
    return {
      messageId: m.messageId,
      chatId: m.chatId,
      at: m.createdAt,
      as,
      ...addressee(world, chat),
      kind: this.#o.kindOf(m.uuid ?? ''),
      line: lineOf(world, m),
    };
  }
}

function addressee(world: World, chat: Chat | undefined): Pick<FlowItem, 'to' | 'note' | 'group'> {
  if (chat?.type !== 'p2p') return { to: chat?.name ?? '', note: '', group: true };
  const user = world.users.get(chat.ownerId);
  return { to: user?.name ?? '', note: user?.note ?? '', group: false };
}
