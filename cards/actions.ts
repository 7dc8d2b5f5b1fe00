// Owns the button contract: every button's name, the shape of its value and of its form. The card makes it, the handler
// table in src/bot/clicks.ts is a mapped type over it, so neither end can drift. The person is never in a value.
import * as z from 'zod/mini';

const id = z.string().check(z.minLength(1), z.maxLength(64));
const rev = z.int().check(z.gte(0));
/** A working card: sitting, short id of the household on it, sitting's rev. */
const working = z.object({ s: id, h: z.string().check(z.maxLength(16)), r: rev });
const none = z.object({});

/** name → value schema; `form: true` = a submit button whose form_value travels along. */
export const actions = {
  'group.bind': { value: z.object({ area: z.optional(id), move: z.optional(z.boolean()) }), form: false },
  'group.pick': { value: none, form: true }, // form field: area
  'village.open': { value: z.object({ c: id, v: id }), form: false }, // 继续排查: campaign, village
  'village.refresh': { value: z.object({ c: id, v: id }), form: false },
  'screening.submit': { value: working, form: true }, // 提交 (first step)
  'screening.more': { value: working, form: true }, // 提交 (second step)
  'screening.skip': { value: working, form: false }, // 跳过
  'screening.back': { value: working, form: false }, // 上一户
  'screening.defer': { value: working, form: false }, // 联系不上: shows the reason form
  'screening.deferred': { value: working, form: true }, // fields: reason, day
  'screening.return': { value: working, form: false }, // 返回 to the form
  'progress.open': { value: z.object({ c: id, a: id, p: z.optional(z.int().check(z.gte(0))) }), form: false },
  'help.open': { value: none, form: false },
} as const;

export type ActionName = keyof typeof actions;
export type ActionValue<N extends ActionName> = z.infer<(typeof actions)[N]['value']>;
