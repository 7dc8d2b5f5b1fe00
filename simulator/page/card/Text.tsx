// Owns drawing text: plain_text, lark_md and the markdown tree. Every word arrives as a text node, never as HTML.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { fillOf, inkOf, bandOf } from './color.ts';
import { asObject, asText, safeUrl, words } from './json.ts';
import { type Css, textCss } from './layout.ts';
import { type Block, type Cell, type Inline, readLarkMd, readMarkdown } from './markdown.ts';
import { useCard } from './session.tsx';
import { pageOf } from './table.ts';
import { localDatetime } from './when.ts';
import { Glyph } from './Icon.tsx';

/** A plain_text or lark_md object. */
export function CardText({ of }: { readonly of: unknown }) {
  const { colors, sizes } = useCard();
  const text = asObject(of);
  if (!text) return null;
  const css: Css = textCss(text, sizes);
  const color = text.tag === 'plain_text' ? inkOf(asText(text.text_color), colors) : undefined;
  if (color !== undefined) css.color = color;
  const content = words(text);
  if (text.tag === 'plain_text') return <span class="plain" style={css}>{content}</span>;
  return (
    <span class="plain" style={css}>
      <Run of={readLarkMd(content)} />
    </span>
  );
}

export function Markdown({ source }: { readonly source: string }) {
  return <Blocks of={readMarkdown(source)} />;
}

function Blocks({ of }: { readonly of: readonly Block[] }) {
  return (
    <>
      {of.map((block, at) => (
        <OneBlock key={at} block={block} />
      ))}
    </>
  );
}

function OneBlock({ block }: { readonly block: Block }) {
  switch (block.is) {
    case 'paragraph':
      return <p>{<Run of={block.of} />}</p>;
    case 'heading':
      return <div class={`md-h md-h${block.level}`} role="heading" aria-level={Math.min(6, block.level + 2)}><Run of={block.of} /></div>;
    case 'list': {
      const items = block.items.map((item, at) => <li key={at}><Blocks of={item} /></li>);
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'quote':
      return <blockquote><Blocks of={block.of} /></blockquote>;
    case 'codeblock':
      return <pre><code>{block.text}</code></pre>;
    case 'table':
      return <MarkdownTable head={block.head} rows={block.rows} />;
    case 'hr':
      return <hr />;
  }
}

/** Five rows a page, as clients show it. */
function MarkdownTable({ head, rows }: { readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }) {
  const [at, turn] = useState(0);
  const page = pageOf(rows, 5, at);
  const cell = (one: Cell, tag: 'th' | 'td', key: number): ComponentChildren => {
    const Tag = tag;
    return <Tag key={key} style={{ textAlign: one.align }}><Run of={one.of} /></Tag>;
  };
  return (
    <div class="table-box">
      <div class="table-scroll">
        <table>
          <thead><tr>{head.map((one, key) => cell(one, 'th', key))}</tr></thead>
          <tbody>{page.rows.map((row, key) => <tr key={key}>{row.map((one, k) => cell(one, 'td', k))}</tr>)}</tbody>
        </table>
      </div>
      {page.of > 1 && <Pager at={page.at} of={page.of} turn={turn} />}
    </div>
  );
}

export function Pager({ at, of, turn }: { readonly at: number; readonly of: number; readonly turn: (to: number) => void }) {
  return (
    <div class="pager">
      <button type="button" aria-label="表格上一页" disabled={at === 0} onClick={() => turn(at - 1)}><Glyph name="left" /></button>
      <span>{at + 1} / {of}</span>
      <button type="button" aria-label="表格下一页" disabled={at === of - 1} onClick={() => turn(at + 1)}><Glyph name="right" /></button>
    </div>
  );
}

export function Run({ of }: { readonly of: readonly Inline[] }) {
  return (
    <>
      {of.map((node, at) => (
        <OneInline key={at} node={node} />
      ))}
    </>
  );
}

function OneInline({ node }: { readonly node: Inline }) {
  switch (node.is) {
    case 'text':
      return <>{node.text}</>;
    case 'br':
      return <br />;
    case 'code':
      return <code>{node.text}</code>;
    case 'strong':
      return <strong><Run of={node.of} /></strong>;
    case 'em':
      return <em><Run of={node.of} /></em>;
    case 'del':
      return <del><Run of={node.of} /></del>;
    case 'link':
      return <Link url={node.url}><Run of={node.of} /></Link>;
    case 'image':
      return <Picture alt={node.alt} />;
    case 'tag':
      return <CardTag name={node.name} attrs={node.attrs} of={node.of} />;
  }
}

export function Link({ url, children }: { readonly url: string; readonly children: ComponentChildren }) {
  const safe = safeUrl(url);
  return safe === '' ? <>{children}</> : <a href={safe} target="_blank" rel="noreferrer noopener">{children}</a>;
}

/** Pictures live on the platform; here a quiet place stands for them. */
export function Picture({ alt, style = {} }: { readonly alt: string; readonly style?: Css }) {
  return (
    <span class="picture" style={style} role="img" aria-label={alt || '图片'}>
      <Glyph name="picture" size={26} />
      <span>{alt || '图片'}</span>
    </span>
  );
}

interface TagProps {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly of: readonly Inline[];
}
const tags: Readonly<Record<string, (props: TagProps) => ComponentChildren>> = {
  font: FontTag,
  text_tag: ({ attrs, of }) => <TagChip color={attrs.color ?? 'blue'}><Run of={of} /></TagChip>,
  at: AtTag,
  person: ({ attrs }) => <PersonChip id={attrs.id ?? ''} />,
  a: ({ attrs, of }) => <Link url={attrs.href ?? ''}><Run of={of} /></Link>,
  link: ({ attrs, of }) => <Link url={attrs.pc_url || attrs.url || ''}><Run of={of} /></Link>,
  number_tag: NumberTag,
  local_datetime: ({ attrs }) => <>{localDatetime(Number(attrs.millisecond) || Date.now(), attrs.format_type ?? 'date_num')}</>,
  hr: () => <hr />,
  stray: () => null,
};

function CardTag(props: TagProps) {
  const Tag = tags[props.name];
  return Tag ? <Tag {...props} /> : <Run of={props.of} />;
}

function FontTag({ attrs, of }: TagProps) {
  const { colors } = useCard();
  const color = inkOf(attrs.color ?? '', colors);
  return <span style={color ? { color } : {}}><Run of={of} /></span>;
}

function AtTag({ attrs }: TagProps) {
  const { host } = useCard();
  const ids = (attrs.ids ?? attrs.id ?? '').split(',').filter(Boolean);
  if (ids.length === 0) return <span class="at">@{attrs.email ?? '某人'}</span>;
  return <>{ids.map((id) => <span class="at" key={id}>@{id === 'all' ? '所有人' : host.nameOf(id)} </span>)}</>;
}

function NumberTag({ attrs, of }: TagProps) {
  const { colors } = useCard();
  const background = fillOf(attrs.background_color ?? 'grey', colors);
  const color = inkOf(attrs.font_color ?? 'grey', colors);
  return <span class="number-tag" style={{ ...(background && { background }), ...(color && { color }) }}><Run of={of} /></span>;
}

export function TagChip({ color, children }: { readonly color: string; readonly children: ComponentChildren }) {
  const band = bandOf(color || 'blue') ?? { ink: '#434a56', tint: '#eceef1' };
  return <span class="chip" style={{ color: band.ink, background: band.tint }}>{children}</span>;
}

export function PersonChip({ id }: { readonly id: string }) {
  const { host } = useCard();
  const name = host.nameOf(id);
  return <span class="person-chip"><Avatar name={name} /> {name}</span>;
}

const tones = ['#3d63c9', '#18756f', '#8a4a12', '#5f44b0', '#2c7340', '#a03a62', '#2a6690', '#6d5a10'];

/** The last character of a Chinese name says most; the colour only tells people apart. */
export function Avatar({ name, size = 20, bot = false }: { readonly name: string; readonly size?: number; readonly bot?: boolean }) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const background = bot ? '#1f4db8' : tones[sum % tones.length];
  const label = bot ? '回' : [...name].slice(size > 28 ? -2 : -1).join('');
  const css = { width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * (label.length > 1 ? 0.36 : 0.5))}px` };
  return <span class={bot ? 'avatar bot' : 'avatar'} style={{ ...css, background: background ?? '' }} aria-hidden="true">{label}</span>;
}

