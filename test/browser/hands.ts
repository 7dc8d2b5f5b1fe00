// Owns what a person does on the chat page: open it, be somebody else, open a chat, type, press, look. Knows the page by
// its words and its test ids, nothing behind it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const folder = (path: string): string => {
  const dir = fileURLToPath(new URL(path, import.meta.url));
  mkdirSync(dir, { recursive: true });
  return dir;
};

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 800 };

/** What may take a busy machine's two cores a while; on a quiet one nothing takes a second. */
export const patience = 60_000;

export interface Screen {
  readonly page: Page;
  /** How many clicks on cards this page has sent so far. */
  clicks(): number;
  /** What the browser found wrong since it was last asked: errors in the console, uncaught ones, answers of 400 and above. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

/** The browser stands in another time zone than the county on purpose: the page must show the county's time. */
export async function openScreen(browser: Browser, url: string, size: typeof phone): Promise<Screen> {
  const small = size.width < 721;
  const context = await browser.newContext({
    viewport: size,
    locale: 'zh-CN',
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce', // a moving list is pressed only when it stands still
    ...(small && { isMobile: true, hasTouch: true, deviceScaleFactor: 2 }),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const complaints: string[] = [];
  let clicks = 0;
  page.on('console', (m) => m.type() === 'error' && complaints.push(`console: ${m.text()}`));
  page.on('pageerror', (e) => complaints.push(`uncaught: ${e.message}`));
  page.on('response', (r) => r.status() >= 400 && complaints.push(`${r.status()} ${r.url()}`));
  page.on('request', (r) => {
    if (r.url().endsWith('/sim/click')) clicks++;
  });
  await page.goto(url);
  await page.getByTestId('clock').waitFor();
  return { page, clicks: () => clicks, complaints: () => complaints.splice(0), close: () => context.close() };
}

/** A finger on a phone, a mouse elsewhere. */
export async function press(target: Locator): Promise<void> {
  const width = target.page().viewportSize()?.width ?? 0;
  await (width < 721 ? target.tap() : target.click());
}

/** Becomes the person whose line in the switcher says this. */
export async function become(page: Page, note: string): Promise<void> {
  await press(page.getByTestId('person-switcher'));
  const choice = page.locator('dialog[open] .option').filter({ hasText: note });
  const id = await choice.first().getAttribute('data-open-id');
  await press(choice.first());
  await page.locator(`[data-testid=person-switcher][data-open-id="${id}"]`).waitFor();
}

/** On a phone the list comes first; on a computer it stands beside the chat. */
export async function openChat(page: Page, name: string): Promise<void> {
  const back = page.getByRole('button', { name: '返回会话列表' });
  if (await back.isVisible()) await press(back);
  await press(page.getByTestId('chat-item').filter({ hasText: name }).first());
  await page.locator('[data-testid=chat] .chat-title h2').filter({ hasText: name }).waitFor();
}

export async function openPrivate(page: Page): Promise<void> {
  const back = page.getByRole('button', { name: '返回会话列表' });
  if (await back.isVisible()) await press(back);
  await press(page.getByTestId('open-p2p'));
  await page.locator('[data-testid=chat] .chat-title p').filter({ hasText: '私聊' }).waitFor();
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: '写消息' }).fill(text);
  await press(page.getByRole('button', { name: '发送', exact: true }));
}

/** The newest card whose title says this, once it is there. */
export async function card(page: Page, title: string | RegExp): Promise<Locator> {
  const found = page.getByRole('article', { name: title }).last();
  await found.waitFor();
  return found;
}

/** The card of this message, whatever it says now. */
export async function sameCard(of: Locator): Promise<Locator> {
  const id = await of.getAttribute('data-card');
  return of.page().locator(`[data-card="${id}"]`);
}

/** One of the clock's buttons, or of the places and paces behind 快进到…. */
export async function turn(page: Page, what: string): Promise<void> {
  const wanted = page.locator(`[data-do=${what}]`);
  if (!(await wanted.isVisible())) await press(page.locator('[data-do=forward]'));
  await press(wanted);
}

/** Hurries there; resolves when time is back at its usual pace. */
export async function hurry(page: Page, to: string): Promise<void> {
  await Promise.all([page.waitForResponse((r) => r.url().endsWith('/sim/clock')), turn(page, to)]);
  const hurries = () => page.evaluate(async () => (await (await fetch('/sim/state')).json()).clock.forward !== null);
  await expect.poll(hurries, { timeout: 350_000, interval: 100 }).toBe(false);
  await page.getByTestId('forward').waitFor({ state: 'detached' });
}

/** Waits until a card's title says this. */
export async function titled(of: Locator, title: RegExp): Promise<void> {
  await expect.poll(() => of.getAttribute('aria-label'), { timeout: patience }).toMatch(title);
}

export const button = (of: Locator, name: string): Locator => of.getByRole('button', { name, exact: true });

/** Waits for a short message that says this; resolves to all of it. */
export async function toast(page: Page, text: string | RegExp): Promise<string> {
  const found = page.getByTestId('toast').filter({ hasText: text }).last();
  await found.waitFor();
  return (await found.textContent()) ?? '';
}

/** Keeps what is on the screen, below artefacts/browser/, when SHOTS=1 asks for it: a hundred pictures cost a minute. */
export async function shot(page: Page, name: string): Promise<void> {
  if (process.env.SHOTS !== '1') return;
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(folder('../../artefacts/browser'), `${name}.png`), animations: 'disabled' });
}

/** What reaches past the window's right edge, tables made to be swiped and shortened lines apart. */
export function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const edge = document.documentElement.clientWidth + 1;
    const meant = (el: Element | null): boolean =>
      el !== null &&
      (el.matches('.table-scroll') || getComputedStyle(el).textOverflow === 'ellipsis' || meant(el.parentElement));
    const out = [...document.querySelectorAll('body *')].filter((el) => {
      const box = el.getBoundingClientRect();
      return box.width > 0 && box.right > edge && !meant(el.parentElement);
    });
    const sideways = [...document.querySelectorAll('main, section, .messages, .card')].filter(
      (el) => el.scrollWidth > el.clientWidth + 1,
    );
    return [...out, ...sideways].slice(0, 5).map((el) => `${el.tagName}.${el.className}`);
  });
}
