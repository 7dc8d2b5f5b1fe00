// Owns walking the page by keyboard alone: where the focus is, whether a person can see it, and Tab until it is somewhere.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export interface Focus {
  readonly tag: string;
  readonly role: string;
  readonly type: string; // of an input
  readonly text: string; // what it says, or its label
  readonly name: string; // data-name of a field
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
      card: el.closest('.card-place')?.querySelector('[data-card]')?.getAttribute('data-card') ?? '',
      inDialog: el.closest('dialog') !== null,
      visible: inSight && (ring || el.matches('dialog')),
    };
  });
}

/** Presses one key; wherever the focus is then, it is somewhere and seen. */
export async function key(page: Page, name: string): Promise<Focus> {
  await page.keyboard.press(name);
  const focus = await focusOf(page);
  expect(focus.tag, `the focus is lost after ${name}`).not.toBe('BODY');
  expect(focus.visible, `the focus is not seen after ${name}: ${JSON.stringify(focus)}`).toBe(true);
  return focus;
}

/** Tab until it is there. */
export async function tabTo(page: Page, there: (focus: Focus) => boolean): Promise<Focus> {
  const passed: string[] = [];
  for (let n = 0; n < 80; n++) {
    const focus = await key(page, 'Tab');
    if (there(focus)) return focus;
    passed.push(focus.text.slice(0, 20));
  }
  throw new Error(`80 times Tab and not there: ${passed.join(' → ')}`);
}
