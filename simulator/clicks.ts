// Owns a click on a card: the callback, what the client shows when it fails, the card in the answer, and the click
// token's later use. A click is never sent twice.
import type { CardFault } from './cardFault.ts';
import type { VirtualClock } from './clock.ts';
import type { Faults } from './faults.ts';
import { NotPossible } from './notPossible.ts';
import type { AppSettings, SimulatorLog } from './platform.ts';
import type { Delivered } from './post.ts';
import type { Pusher } from './push.ts';
import { newId } from './seal.ts';
import type { Chat, StoredMessage, User, World } from './state.ts';
import type { ClickAnswer, ClickRequest } from './wire.ts';

export const CARD_LIFE = 14 * 86_400_000;
const TOKEN_LIFE = 30 * 60_000;

export type Action = ClickRequest['action'];

interface ClickToken {
  readonly messageId: string;
  readonly issuedAt: number;
  answered: boolean;
  uses: number;
}

export interface ClickParts {
  readonly app: AppSettings;
  readonly tenantKey: string;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly world: World;
  readonly pusher: Pusher;
  readonly log: SimulatorLog;
  check(card: unknown, chat: Chat): CardFault | null;
}

type Toast = NonNullable<ClickAnswer['toast']>;
const TOASTS = ['info', 'success', 'error', 'warning'];
const FAILED: Record<Exclude<Delivered, { ok: true }>['why'], number> = {
  timeout: 200341,
  refused: 200342,
  broken: 200342,
  dns: 200343,
  nobody: 200340,
  unacked: 200340,
};

function isObject(v: unknown): v is Record<string, unknown> {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}

export class Clicks {
  readonly #p: ClickParts;
  readonly #tokens = new Map<string, ClickToken>();
  #answers = 0;
  /** Why the last failed click failed, in words, for a test's message. */
  lastProblem = '';

  constructor(parts: ClickParts) {
    this.#p = parts;
  }

  /** Throws NotPossible when the person cannot see the message, or there is no card on it. */
  click(openId: string, messageId: string, action: Action): Promise<ClickAnswer> {
    const { world } = this.#p;
    const user = world.users.get(openId);
    const message = world.message(messageId);
    const chat = message === null ? undefined : world.chats.get(message.chatId);
    if (user === undefined || message === null || !chat?.members.has(openId))
      throw new NotPossible('这个人看不到这条消息');
    if (message.recalled || message.type !== 'interactive') throw new NotPossible('这条消息上没有可点的卡片');
    return new Promise((done, fail) => {
      this.#p.pusher.track(this.#send({ user, message, chat, action }).then(done, fail)).catch(fail);
    });
  }

  /** The token of a click, when the delayed update may use it now; counts the use. Else the platform's code. */
  spend(token: string): { messageId: string } | number {
    const known = this.#tokens.get(token);
    if (known === undefined) return 300020;
    if (this.#p.clock.now() - known.issuedAt > TOKEN_LIFE) return 300030;
    if (known.uses >= 2) return 300040;
    if (!known.answered) return 11310;
    known.uses += 1;
    return { messageId: known.messageId };
  }

  async #send(c: { user: User; message: StoredMessage; chat: Chat; action: Action }): Promise<ClickAnswer> {
    const now = this.#p.clock.now();
    if (now - c.message.createdAt > CARD_LIFE) return this.#fail(200340, 'the card is older than 14 days');
    const token = newId('c-');
    const known = { messageId: c.message.messageId, issuedAt: now, answered: false, uses: 0 };
    this.#tokens.set(token, known);
    const delivered = await this.#p.pusher.deliver(JSON.stringify(this.#envelope(c, token)), { type: 'card' });
    known.answered = true;
    this.#forgetOld();
    if (await this.#lost()) return this.#fail(200341, 'the answer got lost on its way');
    if (!delivered.ok) return this.#fail(FAILED[delivered.why], `no answer from the bot: ${delivered.why}`);
    if (delivered.status !== 200) return this.#fail(200671, `the bot answered HTTP ${delivered.status}`);
    return this.#apply(c.message, c.chat, delivered.text);
  }

  /** The way back is slow, or every second answer gets lost on it. */
  async #lost(): Promise<boolean> {
    const { clickDelayMs, lostClicks } = this.#p.faults;
    if (clickDelayMs > 0) await new Promise((done) => setTimeout(done, clickDelayMs));
    this.#answers = lostClicks ? this.#answers + 1 : 0;
    return this.#answers % 2 === 1;
  }

  #envelope(c: { user: User; message: StoredMessage; action: Action }, token: string): Record<string, unknown> {
    const { faults, clock, tenantKey } = this.#p;
    const ids = {
      ...(faults.operatorIds === 'userId' ? {} : { open_id: c.user.openId, union_id: c.user.unionId }),
      ...(faults.operatorIds === 'openId' ? {} : { user_id: c.user.userId }),
    };
    const place = {
      host: 'im_message',
      context: { open_message_id: c.message.messageId, open_chat_id: c.message.chatId },
    };
    const event = { operator: { tenant_key: tenantKey, ...ids }, token, action: this.#action(c.action) };
    const createTime = `${clock.now() + faults.clockSkew}000`;
    const header = this.#p.pusher.header({ eventId: newId(''), eventType: 'card.action.trigger', createTime });
    const flat = { open_message_id: c.message.messageId, open_chat_id: c.message.chatId };
    if (faults.contextAt === 'beside')
      return { schema: '2.0', header, event: { ...event, host: 'im_message', ...flat } };
    if (faults.contextAt === 'root') return { schema: '2.0', header, event, ...place, ...flat };
    return { schema: '2.0', header, event: { ...event, ...place } };
  }

  #action(action: Action): Record<string, unknown> {
    const { value, form_value, ...rest } = action;
    const submit = form_value !== undefined;
    const zone = submit || /picker/.test(action.tag) ? { timezone: 'Asia/Shanghai' } : {};
    const keepValue = value !== undefined && !(submit && this.#p.faults.submitWithoutValue);
    return {
      ...rest,
      ...(keepValue ? { value } : {}),
      ...(submit ? { form_value: this.#form(form_value) } : {}),
      ...zone,
    };
  }

  #form(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const blank = this.#p.faults.emptyFields === 'blank';
    const out: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) {
      const empty =
        value === '' || value === null || value === undefined || (Array.isArray(value) && value.length === 0);
      if (!empty) out[name] = value;
      else if (blank) out[name] = Array.isArray(value) ? [] : '';
    }
    return out;
  }

  #apply(message: StoredMessage, chat: Chat, text: string): ClickAnswer {
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      return this.#fail(200672, `the answer is not JSON: ${text.slice(0, 80)}`);
    }
    if (!isObject(answer)) return this.#fail(200672, `the answer is not an object: ${text.slice(0, 80)}`);
    const toast = readToast(answer.toast);
    if (toast === undefined) return this.#fail(200672, 'the toast has another shape');
    if (answer.card === undefined || answer.card === null) return { code: null, toast, cardChanged: false };
    const card = answer.card;
    if (!isObject(card) || card.type !== 'raw' || !isObject(card.data)) {
      return this.#fail(200672, 'the card is not {type: "raw", data: {…}}');
    }
    const fault = this.#p.check(card.data, chat);
    if (fault !== null) return this.#fail(fault.sub === 200830 ? 200830 : 200673, fault.ext);
    const changed = this.replace(message, card.data);
    return { code: null, toast, cardChanged: changed };
  }

  /** Puts a checked card into the shared message. False when it shows that card already. */
  replace(message: StoredMessage, card: Record<string, unknown>): boolean {
    const content = JSON.stringify(card);
    if (content === message.content) return false;
    message.content = content;
    message.updatedAt = this.#p.clock.now();
    this.#p.world.touchMessage(message);
    return true;
  }

  #fail(code: number, problem: string): ClickAnswer {
    this.lastProblem = problem;
    this.#p.log.warn('click failed', { code, problem });
    return { code, toast: null, cardChanged: false };
  }

  #forgetOld(): void {
    const oldest = this.#p.clock.now() - TOKEN_LIFE * 2;
    for (const [token, known] of this.#tokens) {
      if (known.issuedAt > oldest) return;
      this.#tokens.delete(token);
    }
  }
}

/** null = no toast, undefined = not a toast. */
function readToast(toast: unknown): Toast | null | undefined {
  if (toast === undefined || toast === null) return null;
  if (!isObject(toast)) return undefined;
  const type = toast.type ?? 'info';
  const i18n = isObject(toast.i18n) ? toast.i18n.zh_cn : undefined;
  const content = i18n ?? toast.content;
  if (typeof content !== 'string' || typeof type !== 'string' || !TOASTS.includes(type)) return undefined;
  return { type: type as Toast['type'], content };
}
