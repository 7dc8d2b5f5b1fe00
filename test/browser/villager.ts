// Owns somebody at work while nobody looks: answers by the page's own routes, faster than a finger on the glass. Knows
// cards by what they say, nothing behind them.
import { vi } from 'vitest';
import { type FormInput, pressed } from '../../simulator/press.ts';
import type { ClickAnswer, PageMessage, PageState, PageUser } from '../../simulator/wire.ts';
import { xinfeng } from '../support/xinfeng.ts';

type Node = Readonly<Record<string, unknown>>;

export class Villager {
  readonly #origin: string;
  readonly openId: string;

  constructor(origin: string, openId: string) {
    this.#origin = origin;
    this.openId = openId;
  }

  /** Whoever the demo puts first with this note: 「大阿村 村干部」. */
  static async called(origin: string, note: string): Promise<Villager> {
    const { me } = (await answer(`${origin}/sim/state`)) as PageState;
    const found = await new Villager(origin, me.openId).others(note);
    const one = found.find((p) => p.note === note);
    if (one === undefined) throw new Error(`nobody is ${note}`);
    return new Villager(origin, one.openId);
  }

  /** At most 30 people whose name or note says this. */
  async others(text: string): Promise<readonly PageUser[]> {
    return (await this.#get(`people?q=${encodeURIComponent(text)}`)) as readonly PageUser[];
  }

  /** Id of the group of this name. */
  async group(name: string): Promise<string> {
    const { chats } = (await this.#get('state?')) as PageState;
    const chat = chats.find((c) => c.name === name);
    if (chat === undefined) throw new Error(`not in ${name}`);
    return chat.chatId;
  }

  async private(): Promise<string> {
    return ((await this.#post('p2p', {})) as { chatId: string }).chatId;
  }

  async letsBotIn(chatId: string): Promise<void> {
    await this.#post('bot', { chatId, add: true });
  }

  async says(chatId: string, text: string): Promise<void> {
    await this.#post('messages', { chatId, text, mentionBot: true });
  }

  /** The newest card of the chat whose title says this, once it is there. */
  async card(chatId: string, title: RegExp): Promise<PageMessage> {
    return vi.waitFor(async () => found(await this.#messages(chatId), (m) => title.test(titleOf(m)), title), {
      timeout: 15_000,
      interval: 100,
    });
  }

  /** Resolves to the card as it stands after the click. Rejects when the click was refused. */
  async presses(card: PageMessage, label: string, form: FormInput = {}): Promise<PageMessage> {
    const action = pressed(card.card, label, form);
    const click = (await this.#post('click', { messageId: card.messageId, action })) as ClickAnswer;
    if (click.code !== null || click.toast?.type === 'error' || click.toast?.type === 'warning')
      throw new Error(`${titleOf(card)}, ${label}: ${click.code ?? click.toast?.content}`);
    return found(await this.#messages(card.chatId), (m) => m.messageId === card.messageId, label);
  }

  /** Goes on with 提交 from household to household; resolves to the card then. `told`: what a household is like. */
  async answers(chatId: string, most: number, told: (nth: number) => FormInput = () => ({})): Promise<PageMessage> {
    let card = await this.card(chatId, asks);
    for (let done = 0; done < most && asks.test(titleOf(card)); ) {
      const before = titleOf(card);
      card = await this.presses(card, '提交', filled(card, told(done)));
      if (titleOf(card) !== before) done++;
    }
    return card;
  }

  async #messages(chatId: string): Promise<readonly PageMessage[]> {
    return (await this.#get(`chats/${chatId}/messages?`)) as readonly PageMessage[];
  }

  #get(route: string): Promise<unknown> {
    return answer(`${this.#origin}/sim/${route}&as=${this.openId}`);
  }

  #post(route: string, body: object): Promise<unknown> {
    return answer(`${this.#origin}/sim/${route}`, { as: this.openId, ...body });
  }
}

const asks = /｜请填写$/;

async function answer(url: string, body?: object): Promise<unknown> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const said = await fetch(url, body && post);
  if (!said.ok) throw new Error(`${url}: ${said.status} ${await said.text()}`);
  return said.json();
}

function found(messages: readonly PageMessage[], is: (m: PageMessage) => boolean, what: RegExp | string): PageMessage {
  const message = messages.findLast(is);
  if (message === undefined) throw new Error(`no card: ${what}`);
  return message;
}

const wordsOf = (node: unknown): string => (isNode(node) && typeof node.content === 'string' ? node.content : '');
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const titleOf = ({ card }: PageMessage): string => (isNode(card?.header) ? wordsOf(card.header.title) : '');

/** What is told, and the normal answer to every question that must be answered; papers to tick are all there. */
export function filled(card: PageMessage, told: FormInput): FormInput {
  const form: Record<string, FormInput[string]> = {};
  for (const field of fieldsOf(card.card)) {
    const own = told[field.asked];
    if (own !== undefined) form[field.name] = own;
    else if (field.required || field.tag === 'multi_select_static') form[field.name] = normal(field);
  }
  return form;
}

interface Field {
  readonly tag: string;
  readonly name: string;
  readonly asked: string; // its label, or the line over it
  readonly required: boolean;
  readonly options: readonly string[];
}

const campaign = xinfeng();
/** Question → its normal answer. */
const usual = new Map([
  ...campaign.items.map((i) => [i.text, i.options?.find((o) => o.normal)?.value] as const),
  ...campaign.switches.map((s) => [s.text, s.normal] as const),
]);

function normal(field: Field): string | readonly string[] {
  const first =
    field.options.find((o) => o === usual.get(field.asked.replace(/^第\d+题补充：/, ''))) ?? field.options[0];
  if (field.tag === 'multi_select_static') return field.required ? [first ?? ''] : field.options;
  return first ?? (field.tag === 'date_picker' ? '2023-07-12' : '已当面核对');
}

function fieldsOf(card: unknown): Field[] {
  const fields: Field[] = [];
  let above = '';
  const look = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(look);
    if (!isNode(node)) return;
    const tag = String(node.tag ?? '');
    if (tag === 'markdown') above = questionIn(wordsOf(node));
    if (typeof node.name === 'string' && tag !== 'button' && tag !== 'form') fields.push(fieldOf(node, above));
    else Object.values(node).forEach(look);
  };
  look(card);
  return fields;
}

function fieldOf(node: Node, above: string): Field {
  const tag = String(node.tag);
  const options = Array.isArray(node.options) ? node.options.filter(isNode).map((o) => wordsOf(o.text)) : [];
  const required = tag === 'multi_select_static' ? node.required !== false : node.required === true;
  return { tag, name: String(node.name), asked: wordsOf(node.label) || above, required, options };
}

const questionIn = (line: string): string =>
  line
    .replace(/<[^>]*>|\*\*/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/\s*\*$/, '')
    .trim();
