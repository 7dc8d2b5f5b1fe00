// Owns what stands in a table's cells and how a table is paged. Pure.
import { asList, asNumber, asObject, asObjects, asText, type Json } from './json.ts';
import { dayIn } from './when.ts';

export interface Column {
  readonly name: string;
  readonly title: string;
  readonly type: string;
  readonly align: 'left' | 'center' | 'right';
  readonly width: string | undefined;
  readonly json: Json;
}

/** At most 50 columns; numbers stand right unless told otherwise. */
export function columnsOf(el: Json): readonly Column[] {
  return asObjects(el.columns)
    .slice(0, 50)
    .map((json) => {
      const type = asText(json.data_type) || 'text';
      const said = asText(json.horizontal_align);
      const align =
        said === 'left' || said === 'center' || said === 'right' ? said : type === 'number' ? 'right' : 'left';
      const name = asText(json.name);
      return { name, title: asText(json.display_name) || name, type, align, width: columnWidth(json.width), json };
    });
}

function columnWidth(value: unknown): string | undefined {
  const text = asText(value);
  return /^\d{1,3}(px|%)$/.test(text) ? text : undefined;
}

/** 1,234.50 元 → with precision, separator and symbol as the column says. */
export function numberText(value: unknown, format: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return asText(value);
  const rule = asObject(format) ?? {};
  const precision = asNumber(rule.precision, -1);
  const digits = precision >= 0 ? value.toFixed(Math.min(precision, 10)) : String(value);
  const [whole = '', rest] = digits.split('.');
  const grouped = rule.separator === true ? whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') : whole;
  return `${asText(rule.symbol).slice(0, 1)}${grouped}${rest === undefined ? '' : `.${rest}`}`;
}

/** ms timestamp → by the column's tokens, in China's time. */
export function dateText(value: unknown, format: unknown): string {
  return typeof value === 'number' ? dayIn(value, asText(format) || 'YYYY-MM-DD HH:mm') : asText(value);
}

export interface Tag {
  readonly text: string;
  readonly color: string;
}
export function tagsOf(value: unknown): readonly Tag[] {
  if (typeof value === 'string') return value === '' ? [] : [{ text: value, color: 'blue' }];
  return asObjects(value).map((one) => ({ text: asText(one.text), color: asText(one.color) || 'blue' }));
}

export function peopleOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : asList(value).map(asText).filter(Boolean);
}

export interface PageOf<T> {
  readonly at: number;
  readonly of: number;
  readonly rows: readonly T[];
}

/** `at` is 0-based and brought into range. */
export function pageOf<T>(rows: readonly T[], size: number, at: number): PageOf<T> {
  const per = Math.max(1, Math.min(10, Math.floor(size)));
  const of = Math.max(1, Math.ceil(rows.length / per));
  const here = Math.max(0, Math.min(of - 1, at));
  return { at: here, of, rows: rows.slice(here * per, here * per + per) };
}
