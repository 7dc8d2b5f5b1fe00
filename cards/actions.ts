// Owns the button contract: every button's name, the shape of its value and of its form. The card makes it, the handler
// table in src/bot/clicks.ts is a mapped type over it, so neither end can drift. The person is never in a value.
import * as z from 'zod/mini';

const id = z.string().check(z.minLength(1), z.maxLength(64));
const rev = z.int().check(z.gte(0));
/** A working card: sitting, short id of the household on it, sitting's rev. */
const working = z.object({ s: id, h: z.string().check(z.maxLength(16)), r: rev });
/** A village's card: campaign, village; p: in somebody's private chat, where the working card is private too. */
const opened = z.object({ c: id, v: id, p: z.optional(z.boolean()) });
/** A village's own affairs: campaign, village; with the rev of its hand-in where that is decided. */
const village = z.object({ c: id, v: id });
const task = z.object({ c: id, v: id, r: rev });
/** A village's form: look-back, rev of the form, step (0 from the start, 1 what is still missing; 2 and 3: in private). */
const areaForm = z.object({ c: id, v: id, l: id, r: rev, s: rev });
/** What somebody chose in 提醒, as the card knew it: epoch ms of the last change, 0 for none. */
const chosen = z.object({ r: rev });
const none = z.object({});

/** name → value schema; `form: true` = a submit button whose form_value travels along; `fields` = what its form must hold. */
export const actions = {
  'group.bind': { value: z.object({ area: z.optional(id), move: z.optional(z.boolean()) }), form: false, fields: [] },
  'group.pick': { value: none, form: true, fields: ['area'] },
  'village.open': { value: opened, form: false, fields: [] }, // 继续排查
  'village.refresh': { value: opened, form: false, fields: [] },
  'screening.submit': { value: working, form: true, fields: [] }, // 提交 (first step)
  'screening.more': { value: working, form: true, fields: [] }, // 提交 (second step)
  'screening.skip': { value: working, form: false, fields: [] }, // 跳过
  'screening.back': { value: working, form: false, fields: [] }, // 上一户
  'screening.defer': { value: working, form: false, fields: [] }, // 联系不上: shows the reason form
  'screening.deferred': { value: working, form: true, fields: ['reason', 'day'] },
  'screening.return': { value: working, form: false, fields: [] }, // 返回 to the form
  'screening.private': { value: working, form: false, fields: [] }, // 转到私聊
  'progress.open': {
    value: z.object({ c: id, a: id, p: z.optional(z.int().check(z.gte(0))) }),
    form: false,
    fields: [],
  },
  'household.open': { value: z.object({ c: id, p: rev }), form: false, fields: [] }, // a page: 下一页, 返回
  'household.correct': { value: z.object({ c: id }), form: false, fields: [] }, // 更正, 代录
  'correct.submit': { value: working, form: true, fields: [] }, // 提交 of a correction
  'correct.return': { value: working, form: false, fields: [] }, // 返回
  'correct.mine': { value: working, form: false, fields: [] }, // 用我的
  'correct.theirs': { value: working, form: false, fields: [] }, // 保留对方的
  'areaForm.open': { value: opened, form: false, fields: [] }, // 村级表
  'areaForm.back': { value: opened, form: false, fields: [] }, // 返回
  'areaForm.pick': { value: areaForm, form: false, fields: [] },
  'areaForm.submit': { value: areaForm, form: true, fields: [] },
  'handIn.open': { value: village, form: false, fields: [] }, // 村级提交
  'handIn.reasons': { value: village, form: false, fields: [] }, // why it was sent back, to the asker alone
  'handIn.submit': { value: task, form: true, fields: [] },
  'township.open': { value: z.object({ c: id, a: id, p: rev }), form: false, fields: [] },
  'review.open': { value: village, form: false, fields: [] }, // a village that waits, shown in private
  'review.accept': { value: task, form: false, fields: [] }, // 接收
  'review.reject': { value: task, form: false, fields: [] }, // 退回: shows the form
  'review.back': { value: task, form: false, fields: [] }, // 返回
  'review.return': { value: task, form: true, fields: [] }, // 退回 with reasons
  'digest.area': { value: z.object({ c: id, a: id }), form: false, fields: [] }, // 看各村, 看全县: a card below
  'reminders.open': { value: none, form: false, fields: [] }, // 提醒设置: a card below
  'reminders.leave': { value: chosen, form: true, fields: [] }, // 请假
  'reminders.mute': { value: chosen, form: true, fields: [] }, // 静音
  'reminders.quiet': { value: chosen, form: false, fields: [] }, // 本轮不再提醒
  'reminders.resume': { value: chosen, form: false, fields: [] }, // 恢复提醒
  'reminders.group': { value: z.object({ c: id, a: id, on: z.boolean() }), form: false, fields: [] },
  'reminders.trial': { value: z.object({ c: id }), form: false, fields: [] }, // 试算
  'reminders.back': { value: none, form: false, fields: [] }, // 返回
  'feedback.open': { value: z.object({ c: id }), form: false, fields: [] }, // 这项负担重/填不了: a card below
  'feedback.send': { value: z.object({ c: id }), form: true, fields: [] },
  'help.open': { value: none, form: false, fields: [] },
} as const;

export type ActionName = keyof typeof actions;
export type ActionValue<N extends ActionName> = z.infer<(typeof actions)[N]['value']>;
/** Actions of a submit button; every other action belongs to an ordinary button. */
export type FormAction = { [N in ActionName]: (typeof actions)[N]['form'] extends true ? N : never }[ActionName];
export type PlainAction = Exclude<ActionName, FormAction>;
/** Names of the fields the action's form must hold, as the handler will look for them. */
export type FieldsOf<N extends FormAction> = (typeof actions)[N]['fields'][number];

// ── the way out: what a button carries ───────────────────────────────────────────────────────────────────────────────

const version = 1;
const nameLimit = 100;

export interface Call<N extends ActionName = ActionName> {
  readonly action: N;
  readonly value: ActionValue<N>;
}

export function call<N extends ActionName>(action: N, value: ActionValue<N>): Call<N> {
  return { action, value };
}

/** The object a click brings back: action, version, payload (apart, so that no key of a payload hides ours). Throws when the value does not match its own schema: the card would be dead. */
export function wireValue(of: Call): Readonly<Record<string, unknown>> {
  return { a: of.action, v: version, p: z.parse(schemaOf(of.action), of.value) };
}

/**
 * The submit button's name, `screening.submit~s~h~r`: the same call once more, since the platform may leave the value
 * out on submit. At most 100 characters, else RangeError.
 */
export function wireName(of: Call<FormAction>): string {
  const value: Record<string, unknown> = z.parse(schemaOf(of.action), of.value);
  const name = [of.action, ...keysOf(of.action).map((k) => coded(String(value[k])))].join('~');
  if (name.length > nameLimit) throw new RangeError(`button name of ${name.length} characters: ${of.action}`);
  return name;
}

const coded = (text: string) => encodeURIComponent(text).replaceAll('~', '%7E');
const schemaOf = (name: ActionName): z.ZodMiniObject => actions[name].value;
const keysOf = (name: ActionName) => Object.keys(actions[name].value.shape);
const isNumber = (name: ActionName, key: string) => schemaOf(name).shape[key]?._zod.def.type === 'number';

// ── the way in: what a click brings ──────────────────────────────────────────────────────────────────────────────────

export type FormValue = Readonly<Record<string, unknown>>;
export type ParsedAction = {
  [N in ActionName]: { readonly ok: true; readonly name: N; readonly value: ActionValue<N>; readonly form: FormValue };
}[ActionName];
type UnreadAction = { readonly ok: false; readonly reason: 'unknown' | 'shape' };

/**
 * Reads a click: `value` when it is one of ours, else the button's `name`. Never throws. unknown: no such action, or of
 * another version (an old card) · shape: the action exists, its value does not fit. `form` is {} for ordinary buttons.
 */
export function parseAction(click: {
  readonly value: unknown;
  readonly name: string | null | undefined;
  readonly form: FormValue | null | undefined;
}): ParsedAction | UnreadAction {
  const found = fromValue(click.value) ?? fromName(click.name);
  if (!found || !isAction(found.name)) return { ok: false, reason: 'unknown' };
  const read = z.safeParse(schemaOf(found.name), found.payload);
  if (!read.success) return { ok: false, reason: 'shape' };
  const form = actions[found.name].form && isRecord(click.form) ? click.form : {};
  return { ok: true, name: found.name, value: read.data, form } as ParsedAction;
}

const isAction = (name: string): name is ActionName => Object.hasOwn(actions, name);
const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);

interface Found {
  readonly name: string;
  readonly payload: unknown;
}

function fromValue(value: unknown): Found | null {
  if (!isRecord(value) || typeof value.a !== 'string') return null;
  return { name: value.v === version ? value.a : '', payload: value.p };
}

function fromName(name: unknown): Found | null {
  if (typeof name !== 'string' || name.length > nameLimit) return null;
  const [action = '', ...rest] = name.split('~');
  if (!isAction(action)) return { name: '', payload: null };
  const keys = keysOf(action);
  if (!actions[action].form || rest.length !== keys.length) return { name: action, payload: null };
  return {
    name: action,
    payload: Object.fromEntries(keys.map((k, i) => [k, decoded(rest[i] ?? '', isNumber(action, k))])),
  };
}

function decoded(text: string, number: boolean): unknown {
  if (number) return /^\d{1,15}$/.test(text) ? Number(text) : null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // a broken percent sequence: nobody of ours wrote it
  }
}

// ── field names ──────────────────────────────────────────────────────────────────────────────────────────────────────

declare const item: unique symbol;
/** Name of a form field on the wire; I = the item it stands for, so that a form's missing field does not compile. */
export type FieldName<I extends string = string> = string & { readonly [item]: I };

/** A field of a form without a household (fixed word, letters only). */
export const bareName = <I extends 'area'>(name: I): FieldName<I> => name as string as FieldName<I>;

/**
 * Item, household and rev in [A-Za-z0-9_] alone, reversible: `q_zL1_m04_pcause_zk7_z3`. Clients may keep typed values
 * by name, so that the next household's fields must be called otherwise.
 */
export function fieldName<I extends string>(itemId: I, h: string, r: number): FieldName<I> {
  return `q_z${encode(itemId)}_z${encode(h)}_z${r}` as string as FieldName<I>;
}

/** Item id → raw value. Fields of another household, of another rev and foreign names are dropped. */
export function parseFields(form: FormValue, h: string, r: number): Record<string, unknown> {
  const end = endOf(h, r);
  const read: [string, unknown][] = [];
  for (const name of Object.keys(form)) {
    const id = idIn(name, end);
    if (id !== null) read.push([id, form[name]]);
  }
  return Object.fromEntries(read);
}

/** The item id inside a field name of this household and rev; null for anything else. */
export const itemOf = (name: string, h: string, r: number): string | null => idIn(name, endOf(h, r));

const start = 'q_z';
const endOf = (h: string, r: number) => `_z${encode(h)}_z${r}`;
function idIn(name: string, end: string): string | null {
  if (!name.startsWith(start) || !name.endsWith(end)) return null;
  const code = name.slice(start.length, -end.length);
  const known = codes.get(code);
  if (known !== undefined) return known;
  const id = code.replace(/_m|_p|_u[0-9a-f]{4}/g, fromCode);
  if (id === '' || encode(id) !== code) return null;
  if (codes.size < 1000) codes.set(code, id); // the questions of a few campaigns; what strangers invent is not kept for ever
  return id;
}
const codes = new Map<string, string>();

// `_` always opens an escape: _m is -, _p is ., _u0000 any other unit; _z is left for the seams.
const encode = (text: string) => text.replace(/[^A-Za-z0-9]/g, toCode);
function toCode(c: string): string {
  if (c === '-') return '_m';
  return c === '.' ? '_p' : `_u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
function fromCode(code: string): string {
  if (code === '_m') return '-';
  return code === '_p' ? '.' : String.fromCharCode(Number.parseInt(code.slice(2), 16));
}
