// Owns walking the page by keyboard alone: where the focus is, whether a person can see it, Tab until it is somewhere, and
// filling in what is asked on the way.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { isNormal } from './form.ts';

export interface Focus {
  readonly tag: string;
  readonly role: string;
  readonly type: string; // of an input
  readonly text: string; // what it says, or its label
  readonly name: string; // data-name of a field
  readonly label: string; // what a field asks
  readonly card: string; // message id of the card around it
  readonly inDialog: boolean;
  readonly visible: boolean; // a ring around it, or around the frame it fills
}

export function focusOf(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const el = document.activeElement ?? document.body;
    const ringed = (one: Element | null): boolean => {
      if (!one) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
    };
    const box = el.getBoundingClientRect();
    const inSight = box.bottom > 0 && box.top < window.innerHeight && box.width > 0;
    const framed =
      el.matches(':focus-visible') && el.parentElement?.matches('.sheet-search, .date, .field-box') === true;
    const ring = ringed(el) || ringed(el.firstElementChild) || ringed(el.parentElement) || framed;
    return {
      tag: el.tagName,
      role: el.getAttribute('role') ?? '',
      type: el.getAttribute('type') ?? '',
      text: el.getAttribute('aria-label') ?? el.textContent?.trim() ?? '',
      name: el.getAttribute('data-name') ?? '',
      label: el.getAttribute('data-label') ?? '',
      card: el.closest('.card-place')?.querySelector('[data-card]')?.getAttribute('data-card') ?? '',
      inDialog: el.closest('dialog') !== null,
      visible: inSight && (ring || el.matches('dialog')),
    };
  });
}

/** Presses one key; wherever the focus is then, it is somewhere and seen. */
export async function key(page: Page, name: string): Promise<Focus> {
  const before = await focusOf(page);
  await page.keyboard.press(name);
  const focus = await focusOf(page);
  expect(focus.tag, `the focus is lost after ${name} on ${before.text}`).not.toBe('BODY');
  expect(focus.visible, `the focus is not seen after ${name}: ${JSON.stringify(focus)}`).toBe(true);
  return focus;
}

/** Tab until it is there; past the end of the page, once, through the browser's own bar and on from the page's top. */
export async function tabTo(page: Page, there: (focus: Focus) => boolean): Promise<Focus> {
  const passed: string[] = [];
  for (let n = 0; n < 80; n++) {
    if (await isLast(page)) await page.keyboard.press('Tab');
    const focus = await key(page, 'Tab');
    if (there(focus)) return focus;
    passed.push(focus.text.slice(0, 20));
  }
  throw new Error(`80 times Tab and not there: ${passed.join(' → ')}`);
}

/** Whether the focus is on the last thing of the page that can have it: a short message still shown, else 发送. */
const isLast = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('button, input, textarea, [tabindex="0"]')];
    return all.findLast((el) => el.checkVisibility() && el.tabIndex >= 0) === document.activeElement;
  });

export const says = (text: string) => (focus: Focus) => focus.text.includes(text);

/** 12 July 2023 as the packaged browser, which knows English only, asks for it. */
const inEnglish = '07122023';

/** Goes through one step of a form, normal answers and `told` by question; ends with the focus on its submit button. */
export async function answerStep(
  page: Page,
  told: Readonly<Record<string, string>> = {},
  submit = '提交',
): Promise<void> {
  for (let focus = await focusOf(page); focus.text !== submit; focus = await key(page, 'Tab')) {
    if (focus.tag === 'INPUT' && focus.type === 'date') await page.keyboard.type(inEnglish);
    else if (focus.tag === 'INPUT' || focus.tag === 'TEXTAREA')
      await page.keyboard.type(told[focus.label] ?? '已当面核对');
    else await answerHere(page, focus);
  }
}

/** Answers the required list the focus is on: arrows to the normal answer, Enter, and 确定 where several can be chosen. */
async function answerHere(page: Page, field: Focus): Promise<void> {
  if (field.role !== 'combobox' || !field.text.includes('必填')) return;
  let option = await key(page, 'Enter');
  expect(option.role, 'an option has the focus').toBe('option');
  for (let n = 0; n < 20 && !isNormal(option.text); n++) option = await key(page, 'ArrowDown');
  await page.keyboard.press('Enter');
  if (await page.locator('dialog[open]').isVisible()) {
    await tabTo(page, says('确定'));
    await page.keyboard.press('Enter');
  }
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  const after = await focusOf(page);
  expect([after.name, after.visible], 'back on the question').toEqual([field.name, true]);
  expect(after.text).not.toContain('未选择');
}
