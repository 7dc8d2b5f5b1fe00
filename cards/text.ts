// Owns the one way text enters markdown: a string is somebody's words and is escaped, only the tagged template `m` makes
// markdown. Knows nothing of cards.

declare const made: unique symbol;
/** Markdown made here. An object, so that a plain string can never pass for it. */
export interface Md {
  readonly md: string;
  readonly [made]: true;
}
type Piece = Md | string | number;

const trusted = (md: string) => ({ md }) as Md;

/** The platform's own table of characters to replace by decimal entities; backslashes are not reliable across clients. */
const special = /[<>*~_[\]()#:+\-!/"'`$\\|&]/g;
/** Invisible characters (controls, direction overrides, line separators, halves of a pair) can turn a card upside down. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Nearly every text of a card: visible characters alone, without a space. */
const plainly = /^[!-~\u3001-\u301f\u4e00-\u9fff\uff01-\uff5e]*$/;

/** One line of visible text: for plain_text, whose content clients show as it is. */
export function clean(text: string): string {
  if (plainly.test(text)) return text;
  return text.replace(/\s+/g, ' ').replace(invisible, '').trim();
}

/** Like clean, but not longer than a caption may be; the whole text stands elsewhere on the card. */
export function clip(text: string, limit: number): string {
  const shown = clean(text);
  if (shown.length <= limit) return shown; // units of the string; letters are no more
  const letters = [...shown];
  return letters.length <= limit ? letters.join('') : `${letters.slice(0, limit - 1).join('')}…`;
}

/** Somebody's words as markdown that shows exactly them: no mention, no link, no emphasis, no list. */
export function esc(text: string): Md {
  const entities = clean(text).replace(special, (c) => `&#${c.charCodeAt(0)};`);
  return trusted(entities.replace(/^(\d+)\.(?= |$)/, '$1&#46;')); // 1. would open a list
}

/** Markdown template: strings put in are escaped, numbers and Md stay. */
export function m(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Md {
  return trusted(parts.map((part, i) => part + of(pieces[i] ?? '')).join(''));
}

/** Bold with the surrounding spaces it needs next to Chinese characters. */
export function bold(piece: Piece): Md {
  const inner = of(piece).trim();
  return trusted(inner === '' ? '' : ` **${inner}** `);
}

/** A coloured tag: a deadline's light. Never a person's. */
export const tag = (text: string, colour: 'neutral' | 'blue' | 'yellow' | 'red'): Md =>
  trusted(`<text_tag color='${colour}'>${esc(text).md}</text_tag>`);

/** Lines of one element; a single newline would be swallowed. Empty ones are left out. */
export function lines(...rows: readonly Md[]): Md {
  return trusted(
    rows
      .map((r) => r.md.trim())
      .filter((r) => r !== '')
      .join('<br>'),
  );
}

function of(piece: Piece): string {
  if (typeof piece === 'number') return String(piece);
  return typeof piece === 'string' ? esc(piece).md : piece.md;
}
