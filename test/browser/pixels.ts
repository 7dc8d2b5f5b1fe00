// Owns whether something is really drawn: characters in the page's own font, charts on their canvas. Looks at pixels.
import type { Locator, Page } from 'playwright-core';

/** One drawing per character, as text: equal drawings are equal texts. Rejects when the page has not loaded the font. */
export function pixelsOf(page: Page, characters: readonly string[]): Promise<string[]> {
  return page.evaluate(async (all) => {
    await document.fonts.ready;
    const own = [...document.fonts].filter((f) => f.family.includes('Noto Sans SC') && f.status === 'loaded');
    if (own.length === 0) throw new Error('the page has not loaded its font');
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 48;
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    pen.font = '40px "Noto Sans SC"';
    const drawings: string[] = [];
    for (const character of all) {
      await document.fonts.load(pen.font, character);
      pen.clearRect(0, 0, 48, 48);
      pen.fillText(character, 2, 40);
      drawings.push(canvas.toDataURL());
    }
    return drawings;
  }, characters);
}

/** Whether the canvases below show more than an empty sheet: several colours. */
export function isDrawn(of: Locator): Promise<boolean> {
  return of.evaluate((box) => {
    const colours = new Set<number>();
    for (const canvas of box.querySelectorAll('canvas')) {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      if (data) for (const pixel of new Uint32Array(data.buffer)) colours.add(pixel);
    }
    return colours.size > 8;
  });
}
