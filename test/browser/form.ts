// Owns filling in a working card by hand: opens every list, taps options, types. What is normal comes from the campaign;
// what a household is like beyond that, the story says.
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { xinfeng } from '../support/xinfeng.ts';
import { button, patience, press } from './hands.ts';

/** Question as the card words it → the options to tap, or the one text to type. */
export type Told = Readonly<Record<string, readonly string[]>>;

const campaign = xinfeng();
const normal = new Set([
  ...campaign.switches.map((s) => s.normal),
  ...campaign.items.flatMap((i) => (i.options ?? []).filter((o) => o.normal).map((o) => o.value)),
]);

/** Whether a household without trouble is answered so. */
export const isNormal = (option: string): boolean => normal.has(option);

/** Questions on the card, in order, as they are worded. */
export const questions = async (card: Locator): Promise<string[]> => (await fieldsOf(card)).map((f) => f.label);

/** What stands on the card to be answered, in order. */
const fieldsOf = (card: Locator) =>
  card.locator('.form [data-label]').evaluateAll((fields) =>
    fields.map((f) => ({
      label: f.getAttribute('data-label') ?? '',
      required: f.getAttribute('aria-required') === 'true',
      list: f.getAttribute('role') === 'combobox',
      date: f.getAttribute('type') === 'date',
    })),
  );

/** Fills every field that is required or told; the others stay empty. */
export async function fill(card: Locator, told: Told = {}): Promise<void> {
  for (const [at, { label, required, list, date }] of (await fieldsOf(card)).entries()) {
    const wanted = told[label];
    if (wanted === undefined && !required) continue;
    const field = card.locator('.form [data-label]').nth(at);
    if (list) await choose(field, wanted);
    else await field.fill(wanted?.[0] ?? (date ? '2023-07-12' : '已当面核对'));
  }
}

/** Opens the list and taps what is wanted, else the normal answer, else the first. */
async function choose(field: Locator, wanted: readonly string[] | undefined): Promise<void> {
  const page = field.page();
  await press(field);
  const list = page.locator('dialog[open]');
  await list.getByRole('option').first().waitFor();
  const texts = (await list.getByRole('option').allTextContents()).map((t) => t.trim());
  const found = wanted ?? [texts.find((t) => normal.has(t)) ?? texts[0] ?? ''];
  for (const text of found) await press(list.getByRole('option', { name: text, exact: true }));
  const done = list.getByRole('button', { name: /^确定/ });
  if (await done.isVisible()) await press(done);
  await list.waitFor({ state: 'detached' });
}

/** Unchecks one option of a question with several. */
export async function untap(card: Locator, label: string, option: string): Promise<void> {
  const page = card.page();
  await press(card.locator(`.form [data-label="${label}"]`));
  const list = page.locator('dialog[open]');
  await press(list.getByRole('option', { name: option, exact: true }));
  await press(list.getByRole('button', { name: /^确定/ }));
  await list.waitFor({ state: 'detached' });
}

/** What a question's field shows now. */
export async function shown(card: Locator, label: string): Promise<string> {
  return (await card.locator(`.form [data-label="${label}"] .pick-text`).textContent())?.trim() ?? '';
}

/** The form's name: another one with every step and every household; '' where nothing is asked any more. */
const formOf = (card: Locator): Promise<string> =>
  card.locator('.form').evaluateAll(([form]) => form?.getAttribute('data-form') ?? '');

/** Does something to the card and waits until another form stands on it. */
export async function turning(card: Locator, act: () => Promise<void>): Promise<void> {
  const before = await formOf(card);
  await act();
  await expect.poll(() => formOf(card), { timeout: patience }).not.toBe(before);
}

export const title = async (card: Locator): Promise<string> => (await card.getAttribute('aria-label')) ?? '';

/** Fills and submits step after step until the next household is on the card; resolves to the number of steps. */
export async function answer(card: Locator, told: Told = {}): Promise<number> {
  const household = await title(card);
  for (let steps = 1; steps <= 4; steps++) {
    await fill(card, told);
    await turning(card, () => press(button(card, '提交')));
    if ((await title(card)) !== household) return steps;
  }
  throw new Error(`${household} asks for more than four steps`);
}

/** 跳过 until the card asks this question. */
export async function skipTo(card: Locator, wanted: (asked: readonly string[]) => boolean): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    if (wanted(await questions(card))) return;
    await turning(card, () => press(button(card, '跳过')));
  }
  throw new Error('no such household in this village');
}
