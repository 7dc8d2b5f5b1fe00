// Owns the platform's limits of one card. Counts what is sent and throws; it never cuts anything.

/** The card would be refused, or shown badly. What to do: page the view. */
export class CardTooBig extends Error {
  override readonly name = 'CardTooBig';
  readonly rule: Rule;
  readonly found: number | string;
  constructor(rule: Rule, found: number | string) {
    super(`card breaks the limit ${rule}: ${found}`);
    this.rule = rule;
    this.found = found;
  }
}
type Rule =
  | 'bytes'
  | 'elements'
  | 'tables'
  | 'markdown tables'
  | 'charts'
  | 'depth'
  | 'names'
  | 'form names'
  | 'header tags';

/** Below the platform's 30 KB, 200 elements and 5 tables: it counts more than the documents say. */
export const limits = {
  bytes: 28 * 1024,
  elements: 180,
  tables: 5,
  markdownTables: 3,
  charts: 5,
  depth: 5,
  headerTags: 3,
} as const;

const containers = new Set(['column_set', 'column', 'form', 'interactive_container', 'collapsible_panel']);

interface CardSize {
  readonly bytes: number; // UTF-8 of the card as the string inside a request, quotes escaped
  readonly elements: number; // objects with a tag, texts of options included
  readonly tables: number;
  readonly markdownTables: number;
  readonly charts: number;
  readonly depth: number; // of containers in containers
  readonly headerTags: number;
  readonly names: readonly string[]; // of everything with a tag and a name
  readonly unnamed: number; // interactive parts of a form without a name
}

/** JSON of cards that were counted, as long as they live: a card is not changed any more, so that it is written once. */
const texts = new WeakMap<object, string>();

/** The card's JSON text. */
export const textOf = (card: object): string => texts.get(card) ?? JSON.stringify(card);

/** A unit of a text takes three bytes at most, so that nearly all cards fit without being counted. */
export const surelyFits = (length: number): boolean => 2 + 3 * length <= limits.bytes;

/** Throws CardTooBig when the text is longer than a card may be. */
export function assertTextFits(text: string): void {
  if (surelyFits(text.length)) return;
  const bytes = bytesOf(text);
  if (bytes > limits.bytes) throw new CardTooBig('bytes', bytes);
}

/** Throws CardTooBig at the first limit the card breaks. */
export function assertFits(card: object): void {
  const size = shapeOf(card);
  const text = JSON.stringify(card);
  texts.set(card, text);
  const over = (rule: Rule, found: number, limit: number) => {
    if (found > limit) throw new CardTooBig(rule, found);
  };
  assertTextFits(text);
  over('elements', size.elements, limits.elements);
  over('tables', size.tables + size.markdownTables, limits.tables);
  over('markdown tables', size.markdownTables, limits.markdownTables);
  over('charts', size.charts, limits.charts);
  over('depth', size.depth, limits.depth);
  over('header tags', size.headerTags, limits.headerTags);
  over('form names', size.unnamed, 0);
  const twice = size.names.find((name, i) => size.names.indexOf(name) !== i);
  if (twice !== undefined) throw new CardTooBig('names', twice);
}

export function sizeOf(card: object): CardSize {
  return { ...shapeOf(card), bytes: bytesOf(JSON.stringify(card)) };
}

function shapeOf(card: object): Omit<CardSize, 'bytes'> {
  const count = { elements: 0, tables: 0, markdownTables: 0, charts: 0, depth: 0, headerTags: 0, unnamed: 0 };
  const names: string[] = [];
  const component = (tag: string, node: Node, inForm: boolean): void => {
    count.elements += 1;
    if (tag === 'table') count.tables += 1;
    else if (tag === 'chart') count.charts += 1;
    else if (tag === 'text_tag') count.headerTags += 1;
    else if (tag === 'markdown') count.markdownTables += tablesIn(String(node.content));
    if (typeof node.name === 'string') names.push(node.name);
    else if (inForm && asks.has(tag)) count.unnamed += 1;
  };
  const visit = (node: Node | readonly Node[], depth: number, inForm: boolean): void => {
    if (Array.isArray(node)) {
      for (const child of node) if (typeof child === 'object' && child !== null) visit(child, depth, inForm);
      return;
    }
    const of = node as Node;
    const tag = of.tag;
    let below = depth;
    if (typeof tag === 'string') {
      component(tag, of, inForm);
      if (containers.has(tag)) below += 1;
      if (below > count.depth) count.depth = below;
    }
    for (const key in of) {
      const child = of[key];
      if (typeof child !== 'object' || child === null || data.has(key)) continue;
      visit(child as Node, below, inForm || tag === 'form');
    }
  };
  visit(card as Node, 0, false);
  return { ...count, names };
}

type Node = Readonly<Record<string, unknown>>;
/** A chart's specification and a button's value are data, not components. */
const data = new Set(['chart_spec', 'behaviors', 'rows']);

/** Bytes of a JSON text as a JSON string inside a request: UTF-8, quotes escaped. */
const bytesOf = (text: string) => new TextEncoder().encode(JSON.stringify(text)).length;

const asks = new Set(['button', 'input', 'select_static', 'multi_select_static', 'date_picker']);
const tablesIn = (content: string) => content.match(/^ *\|? *:?-+:? *(\| *:?-+:? *)+\|? *$/gm)?.length ?? 0;
