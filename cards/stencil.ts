// Owns cards that differ in a few words: drawn once with marks in place of the words, afterwards filled in as text. Knows no
// subject. A stencil proves itself before it is used: what it fills in must be what drawing gives, letter by letter.
import { assertTextFits, surelyFits, textOf } from './fits.ts';
import type { Card } from './kit.ts';
import { toWire, type Wire } from './wire.ts';

/** The words that differ, by name. A name that ends in # stands for a whole number. */
export type Words = Readonly<Record<string, string>>;

export interface StencilOf<V> {
  readonly draw: (view: V) => Card;
  /** What shapes the card apart from its words; null: this view is drawn. `of`: an object shared by all views of the shape. */
  readonly shape: (view: V) => { readonly of: object; readonly key: string } | null;
  readonly words: (view: V) => Words;
  readonly put: (view: V, words: Words) => V;
  /** Words with every special character that `safe` lets through. */
  readonly probe: Words;
  /** Words that no drawing changes: not escaped, not cleaned, not cut. */
  readonly safe: (words: Words) => boolean;
}

interface Piece {
  readonly parts: readonly string[];
  readonly holes: readonly string[]; // between the parts
}
interface Template {
  readonly json: Piece;
  /** The same parts as they go over the wire. */
  readonly wire: Piece;
  readonly length: number; // of the parts together
  /** Strings of the card with words in them that people read. */
  readonly sentences: readonly Piece[];
  /** Names of the words that are no such string already. */
  readonly parts: readonly string[];
  /** Drawn with marks. */
  readonly marked: Card;
}

/** `draw`, by stencil where the view allows. Throws CardTooBig as drawing does. */
export function stencilled<V>(of: StencilOf<V>): (view: V) => Card {
  const templates = new WeakMap<object, Map<string, Template | null>>();
  return (view) => {
    const shape = of.shape(view);
    const words = of.words(view);
    if (shape === null || !of.safe(words)) return of.draw(view);
    const own = templates.get(shape.of) ?? new Map<string, Template | null>();
    templates.set(shape.of, own);
    let template = own.get(shape.key);
    if (template === undefined) {
      template = templateOf(of, view);
      if (own.size >= keptShapes) own.clear();
      own.set(shape.key, template);
    }
    return template === null ? of.draw(view) : new Filled(template, words);
  };
}
const keptShapes = 200;

/** A card made from a stencil: looks like any other, and is read from its text only when somebody looks inside. */
export class Filled implements Card {
  readonly schema = '2.0';
  readonly [key: string]: unknown;
  readonly #template: Template;
  readonly #words: Words;
  #whole: Card | null = null;

  constructor(template: Template, words: Words) {
    this.#template = template;
    this.#words = words;
    if (!surelyFits(lengthOf(template, words))) assertTextFits(filled(template.json, words));
  }

  get config(): unknown {
    return this.toJSON().config;
  }
  get header(): unknown {
    return this.toJSON().header;
  }
  get body(): unknown {
    return this.toJSON().body;
  }
  toJSON(): Card {
    this.#whole ??= JSON.parse(filled(this.#template.json, this.#words)) as Card;
    return this.#whole;
  }

  /** Its JSON text, ready to be sent. */
  static wire(card: Filled): Wire {
    const words: Record<string, string> = {};
    for (const name in card.#words) words[name] = toWire(card.#words[name] ?? '');
    return filled(card.#template.wire, words) as Wire;
  }

  /** What it has in common with the others of its stencil: one and the same object, words replaced by marks. */
  static common(card: Filled): Card {
    return card.#template.marked;
  }
  /** What is its own: every sentence with words in it, and the words. */
  static own(card: Filled): string[] {
    const { sentences, parts } = card.#template;
    const own = sentences.map((s) => filled(s, card.#words));
    for (const name of parts) own.push(card.#words[name] ?? '');
    return own;
  }
}

function lengthOf({ length, json }: Template, words: Words): number {
  let whole = length;
  for (const hole of json.holes) whole += words[hole]?.length ?? 0;
  return whole;
}

const filled = ({ parts, holes }: Piece, words: Words): string => {
  let text = parts[0] ?? '';
  for (let i = 0; i < holes.length; i++) text += `${words[holes[i] ?? ''] ?? ''}${parts[i + 1] ?? ''}`;
  return text;
};

const marksOf = (words: Words): Words =>
  Object.fromEntries(
    Object.keys(words).map((name, i) => [name, name.endsWith('#') ? `71828182845${90 + i}` : `Qz${'abcdefghij'[i]}zQ`]),
  );

function templateOf<V>(of: StencilOf<V>, view: V): Template | null {
  const marks = marksOf(of.words(view));
  const names = new Map(Object.entries(marks).map(([name, mark]) => [mark, name]));
  const pieceOf = (text: string): Piece => {
    const split = text.split(/(Qz[a-j]zQ|71828182845\d\d)/);
    return {
      parts: split.filter((_, i) => i % 2 === 0),
      holes: split.filter((_, i) => i % 2 === 1).map((mark) => names.get(mark) ?? ''),
    };
  };
  const marked = of.draw(of.put(view, marks));
  const json = pieceOf(textOf(marked));
  const sentences = sentencesIn(marked)
    .map(pieceOf)
    .filter((piece) => piece.holes.length > 0);
  const whole = new Set(sentences.filter((s) => s.parts.join('') === '').map((s) => s.holes.join()));
  const template = {
    json,
    wire: { ...json, parts: json.parts.map(toWire) },
    length: json.parts.join('').length,
    sentences,
    parts: Object.keys(marks).filter((name) => !whole.has(name)),
    marked,
  };
  const proves = (words: Words) => filled(template.json, words) === textOf(of.draw(of.put(view, words)));
  return proves(of.words(view)) && proves(of.probe) ? template : null;
}

/** Strings that hold more than a machine's letters. */
function sentencesIn(node: unknown): string[] {
  if (typeof node === 'string') return /[^\w~.-]/.test(node) ? [node] : [];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(sentencesIn) : [];
}
