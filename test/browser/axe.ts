// Owns asking axe what keeps people from reading or using the page. Minor and moderate findings are its opinion; serious
// and critical ones are counted.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Fails with rule, place and reason of everything serious or critical on the screen. */
export async function accessible(page: Page, station: string): Promise<void> {
  // One page only: the builder's own blank page for results is refused by some Chromium builds.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const found = violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .flatMap((one) =>
      one.nodes.slice(0, 4).map((n) => `${one.id}: ${n.target.join(' ')}: ${n.any[0]?.message ?? one.help}`),
    );
  expect(found, station).toEqual([]);
}
