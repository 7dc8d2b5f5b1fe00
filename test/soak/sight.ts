// Owns what a cadre sees on a working card and how it is filled in: stage, household, fields; answers as typed. Reads cards
// as they lie in the chat; knows no store.
import { itemOf, parseFields } from '../../cards/actions.ts';
import type { Action } from '../../simulator/clicks.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { Dice } from './dice.ts';

export interface Field {
  readonly name: string;
  readonly item: string;
  readonly tag: string;
  readonly options: readonly string[];
  readonly longest: number;
}

export interface Sight {
  readonly stage: 'form' | 'more' | 'defer' | 'nothing';
  /** Household code, '' when there is none on the card. */
  readonly code: string;
  readonly canGoBack: boolean;
  readonly fields: readonly Field[];
  readonly card: unknown;
}

const stages = { 'screening.submit': 'form', 'screening.more': 'more', 'screening.deferred': 'defer' } as const;

/** `content`: the card as the platform keeps it. */
export function sightOf(content: string): Sight {
  const card: unknown = JSON.parse(content);
  const action = /"a":"(screening\.(?:submit|more|deferred))","v":1,"p":\{"s":"[^"]*","h":"([^"]*)","r":(\d+)\}/.exec(
    content,
  );
  const [, name, h = '', r = '0'] = action ?? [];
  const stage = name === undefined ? 'nothing' : stages[name as keyof typeof stages];
  const code = /"([^" ]+) [^" ]+｜请填写"/.exec(content)?.[1] ?? '';
  const fields = [...nodes(card)].flatMap((node) => fieldOf(node, h, Number(r)));
  return { stage, code, canGoBack: content.includes('"screening.back"'), fields, card };
}

type Node = Readonly<Record<string, unknown>>;

function* nodes(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodes(item);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  yield value as Node;
  for (const child of Object.values(value)) if (typeof child === 'object') yield* nodes(child);
}

function fieldOf(node: Node, h: string, r: number): Field[] {
  const item = typeof node.name === 'string' ? itemOf(node.name, h, r) : null;
  if (item === null || node.tag === 'form' || node.tag === 'button') return [];
  const options = Array.isArray(node.options) ? (node.options as Node[]).map((o) => String(o.value)) : [];
  const longest = typeof node.max_length === 'number' ? node.max_length : 0;
  return [{ name: String(node.name), item, tag: String(node.tag), options, longest }];
}

/** Item → what was typed, as it must be stored; '' and empty lists are no answers. */
export type Typed = Readonly<Record<string, string | readonly string[]>>;

export function typedIn(action: Action): Typed {
  const { h = '', r = 0 } = (action.value as { p?: { h?: string; r?: number } } | undefined)?.p ?? {};
  const read = Object.entries(parseFields(action.form_value ?? {}, h, r));
  return Object.fromEntries(
    read.flatMap(([item, value]): [string, string | readonly string[]][] => {
      if (Array.isArray(value)) return value.length === 0 ? [] : [[item, value.map(String)]];
      const text = String(value ?? '').replace(/ \+0800$/, '');
      return text === '' ? [] : [[item, text]];
    }),
  );
}

/** Fills every field: mostly as for a household without a finding; `odd` = the share of other answers. */
export function filled(sight: Sight, o: { campaign: Campaign; dice: Dice; odd: number; tomorrow: string }) {
  return Object.fromEntries(sight.fields.map((field) => [field.name, answerFor(field, o)]));
}

type Manner = Parameters<typeof filled>[1];

function answerFor({ item, tag, options, longest }: Field, o: Manner): string | readonly string[] {
  if (tag === 'date_picker') return o.tomorrow;
  if (options.length > 0) {
    const normal = normalOf(o.campaign, item) ?? options[0] ?? '';
    const value = o.dice.hits(o.odd) ? o.dice.one(options) : normal;
    return tag.startsWith('multi') ? [value] : value;
  }
  if (longest <= 12) return String(1 + Math.floor(o.dice.roll() * 60));
  return `已上门了解，第${Math.floor(o.dice.roll() * 1e9)}次记录`;
}

/** The option that means: nothing to report. */
export function normalOf(campaign: Campaign, id: string): string | undefined {
  const row = campaign.switches.find((s) => s.id === id);
  return row?.normal ?? campaign.items.find((i) => i.id === id)?.options?.find((x) => x.normal)?.value;
}
