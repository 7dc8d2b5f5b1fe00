// Owns what a form holds and sends: its fields, what each starts with, which required ones are empty, the form_value that
// goes out. Pure; knows nothing of how a field looks.

import { asList, asObject, asObjects, asText, asTexts, type Json, words } from './json.ts';
import { plainOf } from './markdown.ts';

export type Value = string | readonly string[] | boolean;
export type Values = Readonly<Record<string, Value>>;

export interface Field {
  readonly name: string;
  readonly tag: string;
  readonly label: string;
  readonly required: boolean;
  readonly initial: Value;
}

const many = new Set(['multi_select_static', 'multi_select_person']);
const fieldTags: ReadonlySet<string> = new Set([
  'input',
  'select_static',
  'multi_select_static',
  'select_person',
  'multi_select_person',
  'date_picker',
  'picker_time',
  'picker_datetime',
  'select_img',
  'checker',
]);

/** The named fields below these elements, in reading order. */
export function fieldsIn(elements: unknown): readonly Field[] {
  const labels = labelsIn(elements);
  return inOrder(elements).flatMap((el) => {
    const name = asText(el.name);
    if (!fieldTags.has(asText(el.tag)) || name === '') return [];
    return [
      { name, tag: asText(el.tag), label: labels.get(el) ?? '', required: isRequired(el), initial: initialOf(el) },
    ];
  });
}

/** multi_select_static is required unless it says otherwise; everything else only when it says so. */
export function isRequired(el: Json): boolean {
  return el.tag === 'multi_select_static' ? el.required !== false : el.required === true;
}

/** What a field shows before anybody touched it. */
export function initialOf(el: Json): Value {
  switch (el.tag) {
    case 'input':
      return asText(asObject(el.i18n_default_value)?.zh_cn) || asText(el.default_value);
    case 'checker':
      return el.checked === true;
    case 'multi_select_static':
    case 'multi_select_person':
      return asTexts(el.selected_values);
    case 'select_img':
      return el.multi_select === true ? [] : '';
    case 'date_picker':
      return asText(el.initial_date);
    case 'picker_time':
      return asText(el.initial_time);
    case 'picker_datetime':
      return asText(el.initial_datetime);
    default:
      return asText(el.initial_option) || indexed(el);
  }
}

/** initial_index counts from 1; 0 is none. */
function indexed(el: Json): string {
  const at = typeof el.initial_index === 'number' ? el.initial_index - 1 : -1;
  return asText(asObjects(el.options)[at]?.value);
}

/** Names of required fields that are still empty, in reading order. */
export function missing(fields: readonly Field[], values: Values): readonly string[] {
  return fields
    .filter((field) => field.required && isEmpty(values[field.name] ?? field.initial))
    .map((field) => field.name);
}

function isEmpty(value: Value): boolean {
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? value.trim() === '' : value.length === 0;
}

/** form_value as clients send it: texts as '', empty choices and dates left out, several choices as a list. */
export function formValue(fields: readonly Field[], values: Values): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name] ?? field.initial;
    if (field.tag === 'input' || field.tag === 'checker' || many.has(field.tag)) sent[field.name] = value;
    else if (!isEmpty(value)) sent[field.name] = wired(field.tag, value);
  }
  return sent;
}

/** Dates and times travel with the client's offset, here always China's. */
export function wired(tag: string, value: Value): Value {
  const picker = tag === 'date_picker' || tag === 'picker_time' || tag === 'picker_datetime';
  return picker && typeof value === 'string' ? `${value.replace('T', ' ')} +0800` : value;
}

/**
 * A select has no label of its own: it is named by its own label, else by the text just before it (or beside it, in the
 * column before), else by its placeholder. A closing * marks a required question and is no part of its name.
 */
export function labelsIn(elements: unknown): ReadonlyMap<Json, string> {
  const labels = new Map<Json, string>();
  label(asObjects(elements), labels, '');
  return labels;
}

/** Answers with the text still waiting for its field. */
function label(elements: readonly Json[], labels: Map<Json, string>, before: string): string {
  let heard = before;
  for (const el of elements) {
    const tag = asText(el.tag);
    if (fieldTags.has(tag)) {
      const own = tag === 'checker' ? plainOf(words(el.text)) : words(el.label);
      labels.set(el, (own || heard).replace(/\s*[*＊]$/, '') || words(el.placeholder) || asText(el.name));
      heard = '';
    } else if (tag === 'markdown' || tag === 'div') {
      heard = spokenOf(el);
    } else {
      const columns = asObjects(el.columns);
      heard = '';
      for (const column of columns) heard = label(asObjects(column.elements), labels, heard);
      label(asObjects(el.elements), labels, '');
    }
  }
  return heard;
}

function spokenOf(el: Json): string {
  return plainOf(el.tag === 'markdown' ? words(el) : words(el.text));
}

/** Every element below, depth first, as it is read. */
function inOrder(elements: unknown): readonly Json[] {
  return asList(elements).flatMap((item) => {
    const el = asObject(item);
    return el ? [el, ...inOrder(el.elements), ...inOrder(el.columns)] : [];
  });
}
