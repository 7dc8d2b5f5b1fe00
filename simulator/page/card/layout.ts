// Owns turning a card's spacing, width and alignment words into CSS. Only sizes that match the documented form pass:
// a card must not smuggle CSS into the page.
import { asText, type Json } from './json.ts';

export type Css = Record<string, string | number>;

const spacings: Readonly<Record<string, string>> = { small: '4px', medium: '8px', large: '12px', extra_large: '16px' };
const aligns: Readonly<Record<string, string>> = {
  left: 'flex-start',
  top: 'flex-start',
  center: 'center',
  right: 'flex-end',
  bottom: 'flex-end',
};

/** `4px`, `0`, `small` → CSS length; anything else → undefined. */
export function lengthOf(value: unknown): string | undefined {
  const text = asText(value).trim();
  return spacings[text] ?? (/^-?\d{1,3}px$/.test(text) ? text : text === '0' ? '0px' : undefined);
}

/** One, two or four lengths. */
export function boxOf(value: unknown): string | undefined {
  const parts = asText(value).trim().split(/\s+/).map(lengthOf);
  return parts.length <= 4 && parts.every((part) => part !== undefined) ? parts.join(' ') : undefined;
}

/** Margin of any component. */
export function outer(el: Json): Css {
  const margin = boxOf(el.margin);
  return margin === undefined ? {} : { margin };
}

/** How a container lays out its children; `gap` is its default spacing between them. */
export function inner(el: Json, gap: string): Css {
  const across = el.direction === 'horizontal';
  const h = aligns[asText(el.horizontal_align)];
  const v = aligns[asText(el.vertical_align)];
  const css: Css = {
    display: 'flex',
    flexDirection: across ? 'row' : 'column',
    rowGap: lengthOf(el.vertical_spacing) ?? gap,
    columnGap: lengthOf(el.horizontal_spacing) ?? '8px',
  };
  if (across) css.flexWrap = 'wrap';
  const main = across ? h : v;
  const cross = across ? v : h;
  if (main !== undefined) css.justifyContent = main;
  if (cross !== undefined && cross !== 'flex-start') css.alignItems = cross;
  const padding = boxOf(el.padding);
  if (padding !== undefined) css.padding = padding;
  return css;
}

/** `default`, `fill`, `auto`, `120px`. */
export function widthOf(value: unknown): Css {
  const text = asText(value);
  if (text === 'fill') return { width: '100%' };
  if (text === 'auto') return { width: 'fit-content', maxWidth: '100%' };
  return /^\d{1,3}px$/.test(text) ? { width: text, maxWidth: '100%' } : {};
}

/** How a column shares its row (as --share, so that a phone may stack columns instead): auto, weighted, or a fixed width. */
export function columnOf(el: Json): Css {
  const width = asText(el.width);
  if (width === 'weighted') {
    const weight = typeof el.weight === 'number' && el.weight >= 1 && el.weight <= 5 ? Math.floor(el.weight) : 1;
    return { '--share': `${weight} 1 0`, minWidth: 0 };
  }
  return /^\d{1,3}px$/.test(width) ? { '--share': `0 0 ${width}` } : {};
}

const sizes: Readonly<Record<string, number>> = {
  'heading-0': 26,
  'heading-1': 22,
  'heading-2': 20,
  'heading-3': 18,
  'heading-4': 17,
  heading: 16,
  normal: 15,
  notation: 13,
  'xxxx-large': 30,
  'xxx-large': 24,
  'xx-large': 20,
  'x-large': 18,
  large: 16,
  medium: 15,
  small: 13,
  'x-small': 12,
};

/** Text size and alignment; an unknown size is a normal one, as on the platform. */
export function textCss(el: Json, own: Readonly<Record<string, string>> = {}): Css {
  const name = asText(el.text_size);
  const size = sizes[name] ?? sizes[own[name] ?? ''];
  const css: Css = size === undefined ? {} : { fontSize: `${size}px` };
  if (name.startsWith('heading')) css.fontWeight = 600;
  if (el.text_align === 'center' || el.text_align === 'right') css.textAlign = el.text_align;
  if (typeof el.lines === 'number' && el.lines >= 1) {
    Object.assign(css, {
      display: '-webkit-box',
      WebkitBoxOrient: 'vertical',
      WebkitLineClamp: el.lines,
      overflow: 'hidden',
    });
  }
  return css;
}
