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

/** Throws CardTooBig at the first limit the card breaks. */
export function assertFits(card: object): void {
  const size = sizeOf(card);
  const over = (rule: Rule, found: number, limit: number) => {
    if (found > limit) throw new CardTooBig(rule, found);
  };
  over('bytes', size.bytes, limits.bytes);
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
  const count = { elements: 0, tables: 0, markdownTables: 0, charts: 0, depth: 0, headerTags: 0, unnamed: 0 };
  const names: string[] = [];
  const visit = (node: unknown, depth: number, inForm: boolean): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const child of node) visit(child, depth, inForm);
      return;
    }
    const { tag, name, content } = node as { tag?: unknown; name?: unknown; content?: unknown };
    if (typeof tag === 'string') {
      count.elements += 1;
      if (tag === 'table') count.tables += 1;
      if (tag === 'chart') count.charts += 1;
      if (tag === 'text_tag') count.headerTags += 1;
      if (tag === 'markdown') count.markdownTables += tablesIn(String(content));
      if (typeof name === 'string') names.push(name);
      else if (inForm && asks.has(tag)) count.unnamed += 1;
    }
    const below = depth + (containers.has(String(tag)) ? 1 : 0);
    count.depth = Math.max(count.depth, below);
    // A chart's specification and a button's value are data, not components.
    for (const key of Object.keys(node)) {
      const child = (node as Record<string, unknown>)[key];
      if (key !== 'chart_spec' && key !== 'behaviors' && key !== 'rows') visit(child, below, inForm || tag === 'form');
    }
  };
  visit(card, 0, false);
  return { ...count, names, bytes: bytesOf(JSON.stringify(card)) };
}

/** Bytes of a JSON text as a JSON string inside a request: UTF-8, quotes and backslashes escaped, quotes around. */
function bytesOf(text: string): number {
  let bytes = 2;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22 || unit === 0x5c) bytes += 2;
    else if (unit < 0x80) bytes += 1;
    else bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3; // a pair has two halves: 4 bytes
  }
  return bytes;
}

const asks = new Set(['button', 'input', 'select_static', 'multi_select_static', 'date_picker']);
const tablesIn = (content: string) => content.match(/^ *\|? *:?-+:? *(\| *:?-+:? *)+\|? *$/gm)?.length ?? 0;
