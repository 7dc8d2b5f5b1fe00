// Owns what a person's fingers do on a card in the client: finding a button by what it says, filling fields by label or
// name, and the checks the client makes before anything is sent. Pure: a card in, an action out.
import type { Action } from './clicks.ts';

type Node = Readonly<Record<string, unknown>>;

/** The client itself refuses: nothing is sent. */
export class ClientRefusal extends Error {
  override readonly name = 'ClientRefusal';
  readonly reason: 'no-button' | 'disabled' | 'required' | 'no-field' | 'no-option' | 'too-long';
  constructor(reason: ClientRefusal['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export type FormInput = Readonly<Record<string, string | boolean | readonly string[]>>;

/**
 * The action of pressing the button that says `label`. A `confirm` dialog is answered with yes. `form` is keyed by field
 * label, placeholder or name; options may be given by their text or value. Throws ClientRefusal as the client would.
 */
export function pressed(card: unknown, label: string, form: FormInput = {}): Action {
  const found = findButton(card, label);
  if (found === null)
    throw new ClientRefusal('no-button', `卡片上没有「${label}」按钮；有：${buttonLabels(card).join('、')}`);
  const { button, formNode } = found;
  if (button.disabled === true) throw new ClientRefusal('disabled', `「${label}」现在按不了`);
  const value = callbackValue(button);
  const name = typeof button.name === 'string' ? { name: button.name } : {};
  const base = { tag: 'button', ...name, ...(value === undefined ? {} : { value }) };
  if (formNode === null || button.form_action_type !== 'submit') {
    if (Object.keys(form).length > 0) throw new ClientRefusal('no-field', `「${label}」不是提交按钮，没有可填的项`);
    return base;
  }
  return { ...base, form_value: fill(fieldsOf(formNode), form) };
}

/** What every button on the card says, in order. */
function buttonLabels(card: unknown): string[] {
  return [...nodes(card)].filter((n) => n.node.tag === 'button').map((n) => textOf(n.node.text));
}

function callbackValue(node: Node): unknown {
  const behaviors = Array.isArray(node.behaviors) ? node.behaviors : [];
  const callback = behaviors.find((b: unknown) => isNode(b) && b.type === 'callback');
  return isNode(callback) ? callback.value : undefined;
}

function findButton(card: unknown, label: string): { button: Node; formNode: Node | null } | null {
  for (const { node, formNode } of nodes(card)) {
    if (node.tag === 'button' && textOf(node.text) === label) return { button: node, formNode };
  }
  return null;
}

function* nodes(value: unknown, formNode: Node | null = null): Generator<{ node: Node; formNode: Node | null }> {
  if (Array.isArray(value)) for (const item of value) yield* nodes(item, formNode);
  if (!isNode(value)) return;
  if (typeof value.tag === 'string') yield { node: value, formNode };
  const inner = value.tag === 'form' ? value : formNode;
  for (const child of Object.values(value)) if (typeof child === 'object') yield* nodes(child, inner);
}

const FIELD_TAGS = new Set([
  'input',
  'select_static',
  'multi_select_static',
  'select_person',
  'multi_select_person',
  'date_picker',
  'picker_time',
  'picker_datetime',
  'checker',
  'select_img',
]);

/** Fields in reading order; one without a label of its own is called by the text right above it, as people do. */
function fieldsOf(formNode: Node): Node[] {
  const fields: Node[] = [];
  let above = '';
  for (const { node } of nodes(formNode.elements)) {
    if (node.tag === 'markdown') above = seen(node.content);
    if (!FIELD_TAGS.has(String(node.tag))) continue;
    fields.push(above === '' || isNode(node.label) ? node : { ...node, above });
    above = '';
  }
  return fields;
}

/** What a person reads of a line of markdown: entities decoded, marks and tags gone. */
function seen(content: unknown): string {
  const text = String(content ?? '').replace(/<[^>]*>|\*\*/g, '');
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/\s*\*$/, '')
    .trim();
}

function fill(fields: readonly Node[], form: FormInput): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const used = new Set<string>();
  for (const field of fields) {
    const called = [textOf(field.label), String(field.above ?? ''), String(field.name), textOf(field.placeholder)];
    const key = [...called, textOf(field.text)].find((k) => k !== '' && k in form);
    const given = key === undefined ? undefined : form[key];
    if (key !== undefined) used.add(key);
    out[String(field.name)] = given === undefined ? initialOf(field) : valueFor(field, given);
  }
  const unknown = Object.keys(form).find((k) => !used.has(k));
  if (unknown !== undefined)
    throw new ClientRefusal('no-field', `表单里没有「${unknown}」；有：${fields.map(nameOf).join('、')}`);
  const missing = fields.find((f) => isRequired(f) && isEmpty(out[String(f.name)]));
  if (missing !== undefined) throw new ClientRefusal('required', `有必填项未填写：${nameOf(missing)}`);
  return out;
}

function isRequired(field: Node): boolean {
  return field.tag === 'multi_select_static' || field.tag === 'multi_select_person'
    ? field.required !== false
    : field.required === true;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function initialOf(field: Node): unknown {
  if (field.tag === 'checker') return field.checked === true;
  if (Array.isArray(field.selected_values)) return field.selected_values;
  const initial =
    field.default_value ?? field.initial_option ?? optionAt(field) ?? field.initial_date ?? field.initial_time;
  const value = initial ?? field.initial_datetime;
  return typeof value === 'string' && value !== '' ? withOffset(field, value) : '';
}

function optionAt(field: Node): unknown {
  const options = Array.isArray(field.options) ? field.options : [];
  const option: unknown = typeof field.initial_index === 'number' ? options[field.initial_index - 1] : undefined;
  return isNode(option) ? option.value : undefined;
}

function valueFor(field: Node, given: string | boolean | readonly string[]): unknown {
  if (field.disabled === true) throw new ClientRefusal('disabled', `「${nameOf(field)}」现在填不了`);
  if (typeof given === 'boolean') return given;
  if (typeof given !== 'string') return given.map((g) => optionValue(field, g));
  if (field.tag === 'multi_select_static' || field.tag === 'multi_select_person') return [optionValue(field, given)];
  if (Array.isArray(field.options) && given !== '') return optionValue(field, given);
  const longest = typeof field.max_length === 'number' ? field.max_length : 1000;
  if (field.tag === 'input' && [...given].length > longest) {
    throw new ClientRefusal('too-long', `「${nameOf(field)}」最多 ${longest} 个字`);
  }
  return given === '' ? '' : withOffset(field, given);
}

function optionValue(field: Node, given: string): string {
  const options = Array.isArray(field.options) ? field.options.filter(isNode) : [];
  // A person picker without options offers everyone in the chat.
  if (options.length === 0 && String(field.tag).includes('person')) return given;
  const option = options.find((o) => textOf(o.text) === given) ?? options.find((o) => o.value === given);
  if (option !== undefined) return String(option.value);
  const all = options.map((o) => textOf(o.text)).join('、');
  throw new ClientRefusal('no-option', `「${nameOf(field)}」里没有「${given}」；有：${all}`);
}

/** Pickers send the client's offset along. */
function withOffset(field: Node, value: string): string {
  const picker = field.tag === 'date_picker' || field.tag === 'picker_time' || field.tag === 'picker_datetime';
  return picker && !/[+-]\d{4}$/.test(value) ? `${value} +0800` : value;
}

function nameOf(field: Node): string {
  return textOf(field.label) || String(field.above ?? '') || textOf(field.placeholder) || String(field.name);
}

function textOf(node: unknown): string {
  return isNode(node) && typeof node.content === 'string' ? node.content : '';
}

function isNode(v: unknown): v is Node {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}
