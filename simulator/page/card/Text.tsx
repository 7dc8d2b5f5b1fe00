// Owns drawing text: plain_text, lark_md and the markdown tree. Every word arrives as a text node, never as HTML.
import type { ComponentChildren } from 'preact';
import { bandOf, fillOf, inkOf } from './color.ts';
import { Glyph } from './Icon.tsx';
import { asObject, asText, safeUrl, words } from './json.ts';
import { type Css, textCss } from './layout.ts';
import { type Inline, readLarkMd } from './markdown.ts';
import { PersonChip } from './People.tsx';
import { useCard } from './session.tsx';
import { localDatetime } from './when.ts';

/** A plain_text or lark_md object. */
export function CardText({ of }: { readonly of: unknown }) {
  const { colors, sizes } = useCard();
  const text = asObject(of);
  if (!text) return null;
  const css: Css = textCss(text, sizes);
  const color = text.tag === 'plain_text' ? inkOf(asText(text.text_color), colors) : undefined;
  if (color !== undefined) css.color = color;
  const content = words(text);
  if (text.tag === 'plain_text')
    return (
      <span class="plain" style={css}>
        {content}
      </span>
    );
  return (
    <span class="plain" style={css}>
      <Run of={readLarkMd(content)} />
    </span>
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
      return (
        <strong>
          <Run of={node.of} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Run of={node.of} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Run of={node.of} />
        </del>
      );
    case 'link':
      return (
        <Link url={node.url}>
          <Run of={node.of} />
        </Link>
      );
    case 'image':
      return <Picture alt={node.alt} />;
    case 'tag':
      return <CardTag name={node.name} attrs={node.attrs} of={node.of} />;
  }
}

function Link({ url, children }: { readonly url: string; readonly children: ComponentChildren }): ComponentChildren {
  const safe = safeUrl(url);
  return safe === '' ? (
    children
  ) : (
    <a href={safe} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
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
  text_tag: ({ attrs, of }) => (
    <TagChip color={attrs.color ?? 'blue'}>
      <Run of={of} />
    </TagChip>
  ),
  at: AtTag,
  person: ({ attrs }) => <PersonChip id={attrs.id ?? ''} />,
  a: ({ attrs, of }) => (
    <Link url={attrs.href ?? ''}>
      <Run of={of} />
    </Link>
  ),
  link: ({ attrs, of }) => (
    <Link url={attrs.pc_url || attrs.url || ''}>
      <Run of={of} />
    </Link>
  ),
  number_tag: NumberTag,
  local_datetime: ({ attrs }) => (
    <>{localDatetime(Number(attrs.millisecond) || Date.now(), attrs.format_type ?? 'date_num')}</>
  ),
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
  return (
    <span style={color ? { color } : {}}>
      <Run of={of} />
    </span>
  );
}

function AtTag({ attrs }: TagProps) {
  const { host } = useCard();
  const ids = (attrs.ids ?? attrs.id ?? '').split(',').filter(Boolean);
  if (ids.length === 0) return <span class="at">@{attrs.email ?? '某人'}</span>;
  return (
    <>
      {ids.map((id) => (
        <span class="at" key={id}>
          @{id === 'all' ? '所有人' : host.nameOf(id)}{' '}
        </span>
      ))}
    </>
  );
}

function NumberTag({ attrs, of }: TagProps) {
  const { colors } = useCard();
  const filled = attrs.background_color !== undefined;
  // A filled mark is dark, so that its usual white figure can be read.
  const background = filled ? inkOf(attrs.background_color ?? '', colors) : fillOf('grey', colors);
  const color = inkOf(attrs.font_color ?? (filled ? 'white' : 'grey'), colors);
  return (
    <span class="number-tag" style={{ ...(background && { background }), ...(color && { color }) }}>
      <Run of={of} />
    </span>
  );
}

export function TagChip({ color, children }: { readonly color: string; readonly children: ComponentChildren }) {
  const band = bandOf(color || 'blue') ?? { ink: '#434a56', tint: '#eceef1' };
  return (
    <span class="chip" style={{ color: band.ink, background: band.tint }}>
      {children}
    </span>
  );
}
