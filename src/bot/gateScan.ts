// Owns telling whether a payload for a group says what no group may see: numbers of people, names of the roster, answers
// and facts, fields with something in them. Pure. Knows what is clean by heart: a text seen once costs one look-up.
import { Filled } from '../../cards/stencil.ts';
import { disabilityCertFault, idFault, phoneKind } from '../domain/idNumber.ts';

export type Leak = 'id' | 'phone' | 'name' | 'fact' | 'filled';

export interface ScanWords {
  /** Full names of the roster that must not appear. */
  readonly names: readonly string[];
  /** Answers and facts: may be options of a select, and nothing else. */
  readonly facts: readonly string[];
  /** Texts everybody may read, whatever they hold: the campaign's questions, names of areas and of cadres. */
  readonly open: readonly string[];
  /** Codes of the county's villages: a household's code may be one of them and up to four figures more. */
  readonly codes?: readonly string[];
}

export interface Scanner {
  /** The first thing found; null: clean. `said`: a sentence to its author alone, where an option may be named. */
  scan(payload: unknown, said?: 'said'): Leak | null;
}

const prefilled = new Set([
  'default_value',
  'i18n_default_value',
  'initial_option',
  'initial_index',
  'initial_date',
  'initial_time',
  'initial_datetime',
  'selected_values',
  'checked',
]);
/** Of each scanner; there is one for every village's group. */
const remembered = 600;

/** Words by their first unit; `maybe` tells of most units of a text that no word begins with them. */
interface Index {
  readonly maybe: Uint8Array;
  readonly words: ReadonlyMap<number, readonly string[]>;
}
const slots = 1024;
interface Known {
  readonly names: Index;
  readonly facts: Index;
  readonly open: readonly string[];
  readonly codes: ReadonlySet<string>;
  /** No word to look for is written in plain letters. */
  readonly plain: boolean;
  /** Texts found clean: as options, and anywhere else. */
  readonly clean: { readonly option: Set<string>; readonly text: Set<string>; readonly common: WeakSet<object> };
}

export function createScanner(words: ScanWords): Scanner {
  const known: Known = {
    names: indexOf(words.names.map(bareOf)),
    facts: once(factsReady, words.facts, (facts) => indexOf(facts.map(bareOf))),
    open: once(openReady, words.open, openOf),
    codes: new Set(words.codes),
    plain: ![...words.names, ...words.facts].some((w) => /^[\x20-\x7e]*$/.test(w)),
    clean: { option: new Set(), text: new Set(), common: new WeakSet() },
  };
  return {
    scan: (payload, said) => walk(known, payload, said === 'said'),
  };
}

/** The same lists serve every group's scanner: what is made of a list is kept with it. */
const factsReady = new WeakMap<readonly string[], Index>();
const openReady = new WeakMap<readonly string[], readonly string[]>();
function once<T>(ready: WeakMap<readonly string[], T>, words: readonly string[], make: (w: readonly string[]) => T): T {
  const known = ready.get(words) ?? make(words);
  ready.set(words, known);
  return known;
}

const openOf = (words: readonly string[]): readonly string[] =>
  [...new Set(words.flatMap((t) => [decoded(t), bareOf(t)]))]
    .filter((t) => [...t].length > 1)
    .sort((a, b) => b.length - a.length);

function indexOf(words: readonly string[]): Index {
  const index = new Map<number, string[]>();
  const maybe = new Uint8Array(slots);
  for (const word of new Set(words)) {
    if (word.length < 2) continue;
    const first = word.charCodeAt(0);
    maybe[first % slots] = 1;
    const list = index.get(first);
    if (list) list.push(word);
    else index.set(first, [word]);
  }
  return { maybe, words: index };
}

function walk(known: Known, node: unknown, option: boolean): Leak | null {
  if (typeof node === 'string') return leaf(known, node, option);
  if (typeof node === 'number') return Math.abs(node) < 1e10 ? null : leaf(known, String(node), option);
  if (typeof node !== 'object' || node === null) return null;
  if (node instanceof Filled) return filledIn(known, node);
  if (Array.isArray(node)) {
    for (const part of node) {
      const found = walk(known, part, option);
      if (found) return found;
    }
    return null;
  }
  for (const key in node) {
    const value = (node as Record<string, unknown>)[key];
    if (prefilled.has(key) && value !== undefined && value !== false) return 'filled';
    const found = walk(known, value, option || key === 'options');
    if (found) return found;
  }
  return null;
}

/** What all cards of a stencil share is looked at once. */
function filledIn(known: Known, card: Filled): Leak | null {
  const common = Filled.common(card);
  if (!known.clean.common.has(common)) {
    const found = walk(known, common, false);
    if (found) return found;
    known.clean.common.add(common);
  }
  const { text: clean } = known.clean;
  const fresh = Filled.own(card).filter((text) => !isPlain(known, text) && !clean.has(text));
  const found = look(known, fresh.join(seam), false);
  // What has a figure in it is new with every card.
  if (!found) for (const text of fresh) if (!/\d/.test(text)) remember(clean, text);
  return found;
}
/** No letter of a name, and nothing a number goes on behind. */
const seam = '\u0001';

/** No Chinese, no long number, no entity: the names of fields and actions, new with every card. */
const suspect = /[^\x20-\x7e]|\d[\s\d*xX-]{9}|&#/;

const isPlain = (known: Known, text: string) => text.length < 2 || (known.plain && !suspect.test(text));

function leaf(known: Known, text: string, option: boolean): Leak | null {
  if (isPlain(known, text)) return null;
  const clean = option ? known.clean.option : known.clean.text;
  if (clean.has(text)) return null;
  const found = look(known, text, option);
  if (found) return found;
  remember(clean, text);
  return null;
}

function remember(clean: Set<string>, text: string): void {
  if (clean.size >= remembered) clean.clear();
  clean.add(text);
}

function look(known: Known, text: string, option: boolean): Leak | null {
  const shown = decoded(text);
  const numbers = (t: string) => numbersIn(withoutCodes(t, known.codes));
  const number = numbers(shown) && closed(known, shown, numbers);
  if (number) return number;
  const bare = strip.test(shown) ? shown.replace(stripAll, '') : shown;
  if (has(known.names, bare) && closed(known, bare, (t) => (has(known.names, t) ? 'name' : null))) return 'name';
  if (option || !has(known.facts, bare)) return null;
  return closed(known, bare, (t) => (has(known.facts, t) ? 'fact' : null));
}

const strip = /[\s*~`\u200b-\u200f\u2060\ufeff]/;
const stripAll = new RegExp(strip.source, 'g');
const bareOf = (text: string) => decoded(text).replace(stripAll, '');

/** Looks again without what everybody may read. */
function closed(known: Known, text: string, find: (text: string) => Leak | null): Leak | null {
  let rest = text;
  for (const open of known.open) if (rest.includes(open)) rest = rest.replaceAll(open, '\n');
  return find(rest);
}

/** As people read it: entities decoded, full-width figures as plain ones. */
const decoded = (text: string): string => {
  const plain = text.includes('&#')
    ? text.replace(/&#(\d+);/g, (_, c: string) => String.fromCodePoint(Number(c)))
    : text;
  return /[\uff01-\uff5e]/.test(plain) ? plain.normalize('NFKC') : plain;
};

function has({ maybe, words: index }: Index, text: string): boolean {
  for (let i = 0; i < text.length - 1; i++) {
    const first = text.charCodeAt(i);
    const words = maybe[first % slots] === 0 ? undefined : index.get(first);
    if (!words) continue;
    for (const word of words) if (text.startsWith(word, i)) return true;
  }
  return false;
}

/**
 * A village's code with a household's number behind it is no identity number, though fifteen figures may look like an old
 * one. Eighteen figures are never taken for a code: the identity number of somebody born in 2002 may begin like a village.
 */
const householdCode = /(?<!\d)(\d{12})[-\s]?\d{1,4}(?![\s-]?[\dxX])/g;
function withoutCodes(text: string, codes: ReadonlySet<string>): string {
  if (codes.size === 0 || !/\d{12}/.test(text)) return text;
  return text.replace(householdCode, (all, code: string) => (codes.has(code) ? '\n' : all));
}

/** Identity numbers, certificates, phones; also with spaces or hyphens in between, or run together. */
function numbersIn(text: string): Leak | null {
  if (!/\d[\s\d*xX-]{9,}/.test(text)) return null;
  if (/(?<![\dA-Za-z])1[3-9]\d\*{4}\d{4}(?!\d)/.test(text)) return 'phone';
  for (const run of text.replace(/(?<=\d)[\s-](?=[\dxX])/g, '').match(/(?<![A-Za-z])\d{11,}[xX]?/g) ?? []) {
    const found = numberIn(run.toUpperCase());
    if (found) return found;
  }
  return null;
}

const oldId = /^[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}$/;
function numberIn(run: string): Leak | null {
  if (phoneKind(run) === 'whole') return 'phone';
  if (run.length === 13 && run.startsWith('86') && phoneKind(run.slice(2))) return 'phone';
  if (oldId.test(run) || disabilityCertFault(run) === null) return 'id';
  for (let i = 0; i + 18 <= run.length; i++) if (idFault(run.slice(i, i + 18)) === null) return 'id';
  return null;
}
