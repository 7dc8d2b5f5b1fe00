// Owns how a card is put together: element functions over unions, so that wrong nesting, a misspelt action, a wrong
// payload or a missing form field does not compile. Knows the wire's tags and no subject.
import {
  type Call,
  type FieldName,
  type FieldsOf,
  type FormAction,
  type PlainAction,
  wireName,
  wireValue,
} from './actions.ts';
import { assertFits } from './fits.ts';
import { clean, clip, type Md } from './text.ts';
import type { OptionView } from './views.ts';

/** Card JSON 2.0 as the platform takes it; what src/ports.ts calls CardJson. */
export type Card = { readonly schema: '2.0'; readonly [key: string]: unknown };

interface PlainText {
  readonly tag: 'plain_text';
  readonly content: string;
}
interface Behavior {
  readonly type: 'callback';
  readonly value: Readonly<Record<string, unknown>>;
}
export interface Markdown {
  readonly tag: 'markdown';
  readonly content: string;
  readonly margin?: string;
}
export interface Plain {
  readonly tag: 'div';
  readonly text: PlainText & { readonly text_size?: 'notation' };
}
interface Hr {
  readonly tag: 'hr';
}
export interface Chart {
  readonly tag: 'chart';
  readonly chart_spec: Readonly<Record<string, unknown>>;
  readonly height: string;
}
export interface Table {
  readonly tag: 'table';
  readonly columns: readonly {
    readonly name: string;
    readonly display_name: string;
    readonly data_type: 'text' | 'number';
  }[];
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly page_size: number;
}
interface ButtonLook {
  readonly tag: 'button';
  readonly text: PlainText;
  readonly type: Look;
  readonly behaviors: readonly [Behavior];
}
interface Button extends ButtonLook {
  readonly form_action_type?: never;
  readonly confirm?: { readonly title: PlainText; readonly text: PlainText };
}
interface Submit<N extends FormAction = FormAction> extends ButtonLook {
  readonly form_action_type: 'submit';
  readonly name: string & { readonly action?: N };
}
type FieldTag = 'select_static' | 'multi_select_static' | 'input' | 'date_picker';
export interface Field<I extends string = string> {
  readonly tag: FieldTag;
  readonly name: FieldName<I>;
  readonly required: boolean;
}
export interface Column<E> {
  readonly tag: 'column';
  readonly elements: readonly E[];
}
interface ColumnSet<E> {
  readonly tag: 'column_set';
  readonly columns: readonly Column<E>[];
}
interface Form {
  readonly tag: 'form';
  readonly name: string;
  readonly elements: readonly InForm[];
}
/** What may stand in a column outside a form: no form, no table, no submit. */
type Simple = Markdown | Plain | Hr | Chart | Button;
/** What may stand in a form: no chart, no table, no button that calls back without submitting. */
export type InForm = Markdown | Plain | Hr | Field | Submit | ColumnSet<Markdown | Field | Submit>;
/** What may stand at the root. */
export type InBody = Simple | ColumnSet<Simple> | Form | Table;
/** Conditional and repeated parts read as an expression; false and null leave nothing behind. */
type Parts<E> = readonly (E | false | null | readonly E[])[];

/** One meaning per colour. blue: running · orange: a deadline needs attention · grey: finished or moved · default: neither. */
export type Tone = 'blue' | 'orange' | 'grey' | 'default';
/** primary_filled: the one thing to do next. */
export type Look = 'primary_filled' | 'primary' | 'default';

interface CardParts {
  /** The essential sentence: header title and chat-list line. Clients before 7.20 show nothing else. */
  readonly title: string;
  /** The text command that does the same, and what more the one line under the title says. */
  readonly subtitle?: string;
  readonly command: string;
  readonly tags: readonly string[];
  readonly tone: Tone;
  readonly body: Parts<InBody>;
}

/** The whole card. Throws CardTooBig when the platform would refuse it. */
export function card(of: CardParts): Card {
  const command = `也可发送：${clean(of.command)}`;
  const subtitle = of.subtitle ? `${clean(of.subtitle)}｜${command}` : command;
  const json: Card = {
    schema: '2.0',
    config: { update_multi: true, width_mode: 'default', summary: { content: `${clean(of.title)}（${subtitle}）` } },
    header: {
      title: words(of.title),
      subtitle: words(subtitle),
      template: of.tone,
      text_tag_list: of.tags.map((tag) => ({ tag: 'text_tag', text: words(tag), color: 'neutral' })),
    },
    body: { direction: 'vertical', vertical_spacing: '8px', elements: flat(of.body) },
  };
  assertFits(json);
  return json;
}

/** A command as it is typed where the card stands. */
export const typed = (command: string, alone: boolean | undefined) => (alone ? command : `@我 ${command}`);

const words = (content: string): PlainText => ({ tag: 'plain_text', content: clean(content) });
const caption = (content: string): PlainText => ({ tag: 'plain_text', content: clip(content, 100) });
const isList = <E>(part: E | readonly E[]): part is readonly E[] => Array.isArray(part);
function flat<E>(parts: Parts<E>): E[] {
  return parts.flatMap((part) => (part === false || part === null ? [] : isList(part) ? [...part] : [part]));
}

// ── display ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const md = (text: Md): Markdown => ({ tag: 'markdown', content: text.md });
/** Somebody's words on lines of their own, as they are; where nothing is bold this reads best in every client. */
export const plain = (text: string): Plain => ({ tag: 'div', text: words(text) });
/** Small print. */
export const note = (text: string): Plain => ({ tag: 'div', text: { ...words(text), text_size: 'notation' } });
export const hr = (): Hr => ({ tag: 'hr' });

/** Columns side by side; weights share the width, e.g. [3, 2]. */
export function row<E extends Simple>(weights: readonly number[], cells: readonly E[]): ColumnSet<E> {
  const columns = cells.map((cell, i) => ({
    tag: 'column' as const,
    width: 'weighted',
    weight: weights[i] ?? 1,
    elements: [cell],
  }));
  return { tag: 'column_set', flex_mode: 'none', columns } as ColumnSet<E>;
}

/** Buttons beside each other, wrapping on a phone. */
export function buttons(parts: Parts<Button>): ColumnSet<Button> {
  const columns = flat(parts).map((b) => ({ tag: 'column' as const, elements: [b] }));
  return { tag: 'column_set', flex_mode: 'flow', columns } as ColumnSet<Button>;
}

type TableColumns<K extends string> = Readonly<Record<K, { readonly title: string; readonly kind: 'text' | 'number' }>>;
/** A native table; rows beyond ten turn over inside it. Only at the root. */
export function table<K extends string>(
  columns: TableColumns<K>,
  rows: readonly Readonly<Record<NoInfer<K>, string | number>>[],
): Table {
  const named = Object.entries<TableColumns<K>[K]>(columns).map(([name, c]) => ({
    name,
    display_name: clean(c.title),
    data_type: c.kind,
  }));
  const shown = rows.map((r) => Object.fromEntries(named.map(({ name }) => [name, cell(r[name as K])])));
  return { tag: 'table', columns: named, rows: shown, page_size: Math.min(10, Math.max(1, rows.length)) };
}
const cell = (value: string | number) => (typeof value === 'string' ? clean(value) : value);

interface Bar {
  readonly name: string; // unique, else the bars fall onto one another
  readonly parts: Readonly<Record<string, number>>;
}
/** Stacked bars from top to bottom in the order given. Pure data: the platform refuses functions. */
export function stackedBars(bars: readonly Bar[]): Chart {
  const values = bars.flatMap((bar) =>
    Object.entries(bar.parts).map(([part, n]) => ({ name: clean(bar.name), part, n })),
  );
  const spec = {
    type: 'bar',
    direction: 'horizontal',
    data: { values },
    xField: 'n',
    yField: 'name',
    seriesField: 'part',
    stack: true,
    color: ['#3370ff', '#dee0e3'],
    legends: { visible: true, orient: 'top' },
  };
  return { tag: 'chart', chart_spec: spec, height: `${Math.min(999, 80 + 28 * bars.length)}px` };
}

// ── buttons and forms ────────────────────────────────────────────────────────────────────────────────────────────────

/** A button outside a form. */
export function button(text: string, of: Call<PlainAction>, look: Look = 'default'): Button {
  return { tag: 'button', text: caption(text), type: look, behaviors: [{ type: 'callback', value: wireValue(of) }] };
}

/** The button asks once more before it calls back. */
export function confirmed(of: Button, title: string, text: string): Button {
  return { ...of, confirm: { title: words(title), text: words(text) } };
}

/** A form's submit button: name and value carry the same call, since the platform may leave the value out. */
export function submit<N extends FormAction>(text: string, of: Call<N>, look: Look = 'primary_filled'): Submit<N> {
  return {
    tag: 'button',
    text: caption(text),
    type: look,
    form_action_type: 'submit',
    name: wireName(of),
    behaviors: [{ type: 'callback', value: wireValue(of) }],
  };
}

type ItemOf<E> = E extends { readonly name: FieldName<infer I> } ? I : never;
type Missing<N extends FormAction, E> = Exclude<FieldsOf<N>, ItemOf<E>>;
/** Nothing when the form holds every field its action needs; else an object nobody can pass. */
type Complete<N extends FormAction, E> = [Missing<N, E>] extends [never]
  ? unknown
  : { readonly missingField: Missing<N, E> };

/** A form with its one submit button at the end. Only at the root. The name is unique in the card. */
export function form<N extends FormAction, E extends Exclude<InForm, Submit>>(
  name: string,
  send: Submit<N>,
  elements: readonly E[] & Complete<N, E>,
): Form {
  return { tag: 'form', name, vertical_spacing: '12px', elements: [...(elements as readonly E[]), send] } as Form;
}

/** The question above a select, which has no label of its own; close to it, so that the two read as one. */
export const label = (text: Md): Markdown => ({ tag: 'markdown', content: text.md, margin: '4px 0px -8px 0px' });

export interface Asked<I extends string> {
  readonly name: FieldName<I>;
  readonly required: boolean;
  /** Inside the empty field. '' leaves a select with the client's own words; a date picker needs one. */
  readonly hint: string;
  /** What stands in the field beforehand; on private cards only. */
  readonly initial?: string | readonly string[];
}
export function select<I extends string>(of: Asked<I>, options: readonly OptionView[]): Field<I> {
  return {
    tag: 'select_static',
    ...asked(of),
    ...begun('initial_option', of),
    options: options.map(option),
  } as Field<I>;
}
export function multiSelect<I extends string>(of: Asked<I>, options: readonly OptionView[]): Field<I> {
  return {
    tag: 'multi_select_static',
    ...asked(of),
    ...begun('selected_values', of),
    options: options.map(option),
  } as Field<I>;
}
export function datePicker<I extends string>(of: Asked<I>): Field<I> {
  return {
    tag: 'date_picker',
    ...asked({ ...of, hint: of.hint || '请选日期' }),
    ...begun('initial_date', of),
  } as Field<I>;
}
/** `lines` > 1: room for sentences. The client shows the required mark beside the label by itself. */
export function input<I extends string>(
  of: Asked<I> & { readonly label: string },
  size: { lines: number; max: number },
): Field<I> {
  const type = size.lines > 1 ? { input_type: 'multiline_text', rows: size.lines } : { input_type: 'text' };
  const look = { label: words(of.label), max_length: size.max, ...type };
  return { tag: 'input', ...asked(of), ...begun('default_value', of), ...look } as Field<I>;
}
const begun = (key: string, of: { readonly initial?: string | readonly string[] }) =>
  of.initial === undefined ? {} : { [key]: of.initial };
const asked = <I extends string>(of: Asked<I>) => ({
  name: of.name,
  required: of.required, // always said: a multi select's default is true
  ...(of.hint === '' ? {} : { placeholder: caption(of.hint) }),
  width: 'fill' as const,
});
const option = (o: OptionView) => ({ text: words(o.text), value: o.value });
