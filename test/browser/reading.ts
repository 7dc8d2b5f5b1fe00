// Owns finding the story's own cards on the page, and reading numbers and times off it.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { card, patience, sameCard } from './hands.ts';

/** Does what sends the cadre's working card; resolves to the one that came, whatever stood there before. */
export async function opening(page: Page, act: () => Promise<void>): Promise<Locator> {
  const newest = () =>
    page
      .getByRole('article', { name: /｜请填写$/ })
      .evaluateAll((cards) => cards.at(-1)?.getAttribute('data-card') ?? '');
  const before = ['', await newest()];
  await act();
  await expect.poll(newest, { timeout: patience }).not.toSatisfy((id: string) => before.includes(id));
  return working(page);
}

/** The cadre's working card, whichever household is on it later. */
export const working = (page: Page): Promise<Locator> => card(page, /｜请填写$/).then(sameCard);
export const village = (page: Page): Promise<Locator> => card(page, /^大阿社区：已排查/).then(sameCard);

/** 大阿社区-01-001 of a working card's title. */
export const codeIn = (title: string): string => title.split(' ')[0] ?? '';

export const foundIn = async (of: Locator): Promise<string> =>
  /发现线索 (\d+) 户/.exec((await of.textContent()) ?? '')?.[1] ?? '';

/** The numbers of an area's line in the card's table: done, all, not reached, with a finding. */
export async function rowOf(of: Locator, area: string): Promise<string[]> {
  const row = of.locator('tbody tr').filter({ has: of.page().getByText(area, { exact: true }) });
  return (await row.locator('td').allTextContents()).map((t) => t.trim()).slice(1);
}

/** 「虚拟时间 2023年7月12日 星期三 08:30」 */
export const clockOf = async (page: Page): Promise<string> =>
  (await page.getByTestId('clock').getAttribute('aria-label')) ?? '';

/** Epoch ms of the virtual clock. */
export const nowOf = async (page: Page): Promise<number> =>
  Number(await page.getByTestId('clock').getAttribute('data-now'));
