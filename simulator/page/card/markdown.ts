// Owns reading card markdown into a small tree of safe nodes. User text in it is hostile: the only tags that mean
// something are the platform's own, every other < is a character. Never produces HTML; knows no component.
import { Marked, type Token, type Tokens } from 'marked';
import { readTag, tagStart } from './markdownTags.ts';

export type Inline =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'br' }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'strong' | 'em' | 'del'; readonly of: readonly Inline[] }
  | { readonly is: 'link'; readonly url: string; readonly of: readonly Inline[] }
  | { readonly is: 'image'; readonly key: string; readonly alt: string }
  | {
      readonly is: 'tag';
      readonly name: string;
      readonly attrs: Readonly<Record<string, string>>;
      readonly of: readonly Inline[];
    };

export type Block =
  | { readonly is: 'paragraph'; readonly of: readonly Inline[] }
  | { readonly is: 'heading'; readonly level: number; readonly of: readonly Inline[] }
  | {
      readonly is: 'list';
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly is: 'quote'; readonly of: readonly Block[] }
  | { readonly is: 'codeblock'; readonly text: string }
  | { readonly is: 'table'; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly is: 'hr' };
export interface Cell {
  readonly align: 'left' | 'center' | 'right';
  readonly of: readonly Inline[];
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  extensions: [{ name: 'cardTag', level: 'inline', start: tagStart, tokenizer: tokenizeTag, childTokens: ['tokens'] }],
  // No raw HTML: what these would have taken stays text.
  tokenizer: { html: () => undefined, tag: () => undefined },
});

function tokenizeTag(
  this: { lexer: { inlineTokens(text: string): Token[] } },
  source: string,
): Tokens.Generic | undefined {
  const found = readTag(source);
  if (!found) return undefined;
  const tokens = found.verbatim ? [] : this.lexer.inlineTokens(found.inside);
  return { type: 'cardTag', raw: found.raw, name: found.name, attrs: found.attrs, text: found.inside, tokens };
}

/** Full markdown, as in the `markdown` element. */
export function readMarkdown(source: string): readonly Block[] {
  return blocks(marked.lexer(source));
}

/** lark_md: one run of text; no headings, lists, tables or code blocks. */
export function readLarkMd(source: string): readonly Inline[] {
  return inlines(new marked.Lexer(marked.defaults).inlineTokens(source));
}

/** What a reader would read aloud: labels, alternative texts, the chat list. */
export function plainOf(source: string): string {
  return source
    .split('\n')
    .map((line) => line.replace(/^#+\s+|^\s*[-*]\s+|^>\s*/, ''))
    .map((line) => readLarkMd(line).map(spoken).join(''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function spoken(node: Inline): string {
  if (node.is === 'text' || node.is === 'code') return node.text;
  if (node.is === 'image') return node.alt;
  return node.is === 'br' ? ' ' : node.of.map(spoken).join('');
}

function blocks(tokens: readonly Token[]): readonly Block[] {
  return tokens.flatMap((token) => block(token) ?? []);
}

function block(token: Token): Block | undefined {
  switch (token.type) {
    case 'heading':
      return { is: 'heading', level: (token as Tokens.Heading).depth, of: inlines(token.tokens) };
    case 'list':
      return list(token as Tokens.List);
    case 'blockquote':
      return { is: 'quote', of: blocks(token.tokens ?? []) };
    case 'code':
      return { is: 'codeblock', text: (token as Tokens.Code).text };
    case 'table':
      return table(token as Tokens.Table);
    case 'hr':
      return { is: 'hr' };
    case 'space':
    case 'def':
      return undefined;
    default:
      return { is: 'paragraph', of: inlines('tokens' in token && token.tokens ? token.tokens : [token]) };
  }
}

function list(token: Tokens.List): Block {
  const start = typeof token.start === 'number' ? token.start : 1;
  return { is: 'list', ordered: token.ordered, start, items: token.items.map((item) => blocks(item.tokens)) };
}

function table(token: Tokens.Table): Block {
  const cell = (one: Tokens.TableCell): Cell => ({ align: one.align ?? 'left', of: inlines(one.tokens) });
  return { is: 'table', head: token.header.map(cell), rows: token.rows.map((row) => row.map(cell)) };
}

function inlines(tokens: readonly Token[] | undefined): readonly Inline[] {
  return (tokens ?? []).flatMap(inline);
}

function inline(token: Token): readonly Inline[] {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [{ is: token.type, of: inlines(token.tokens) }];
    case 'codespan':
      return [{ is: 'code', text: (token as Tokens.Codespan).text }];
    case 'br':
      return [{ is: 'br' }];
    case 'link':
      return [{ is: 'link', url: (token as Tokens.Link).href, of: inlines(token.tokens) }];
    case 'image':
      return [{ is: 'image', key: (token as Tokens.Image).href, alt: (token as Tokens.Image).text }];
    case 'cardTag':
      return [cardTag(token as Tokens.Generic)];
    default:
      return token.type === 'text' && token.tokens ? inlines(token.tokens) : [text(token)];
  }
}

function cardTag(token: Tokens.Generic): Inline {
  if (token.name === 'br') return { is: 'br' };
  if (token.name === 'raw') return { is: 'text', text: token.text as string };
  return {
    is: 'tag',
    name: token.name as string,
    attrs: token.attrs as Record<string, string>,
    of: inlines(token.tokens),
  };
}

function text(token: Token): Inline {
  return { is: 'text', text: emoji(entities('text' in token ? String(token.text) : token.raw)) };
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  sim: '~',
  ensp: '\u2002',
  emsp: '\u2003',
};

/** Decoded last, so that an escaped mark can never become markup. */
function entities(source: string): string {
  return source.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]+));/gi, (...[whole, dec, hex, name]: string[]) => {
    const entity = whole ?? '';
    if (name) return named[name.toLowerCase()] ?? entity;
    const code = dec ? Number(dec) : Number.parseInt(hex ?? '', 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

const faces: Readonly<Record<string, string>> = {
  OK: '👌',
  THUMBSUP: '👍',
  DONE: '✅',
  CheckMark: '✅',
  SMILE: '🙂',
  JIAYI: '➕',
  HEART: '❤️',
  CLAP: '👏',
  PRAY: '🙏',
  Pin: '📌',
  Alarm: '⏰',
  Loudspeaker: '📢',
};

function emoji(source: string): string {
  return source.replace(/:([A-Za-z]{2,20}):/g, (whole, name) => faces[String(name)] ?? whole);
}
