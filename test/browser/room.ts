// Owns a small world for the page alone: the simulator in this process with the built page, a bot made of the stock SDK,
// one browser. What a page must show when the platform misbehaves needs no county and no product.
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest';
import { demoHooks, type Scene, scene } from '../simulator/bot.ts';
import { launchChromium } from '../support/chromium.ts';
import { desktop, openScreen, type phone, press, type Screen, sticksOut } from './hands.ts';

const pageDir = fileURLToPath(new URL('../../dist/page', import.meta.url));

export class Room {
  #scene: Scene | null = null;
  #browser: Browser | null = null;
  #screens: Screen[] = [];
  readonly me = 'ou_zhang';
  readonly other = 'ou_li';
  chatId = '';

  get scene(): Scene {
    if (this.#scene === null) throw new Error('the room is not open');
    return this.#scene;
  }

  async openBrowser(): Promise<void> {
    this.#browser = await launchChromium(inject('chromium'));
  }

  async open(): Promise<void> {
    this.#scene = await scene({ pageDir, demo: demoHooks });
    const { sim } = this.scene;
    sim.addUser({ openId: this.me, name: '张三', note: '大阿村 村干部' });
    sim.addUser({ openId: this.other, name: '李四', note: '大阿村 村干部' });
    this.chatId = sim.addChat({ name: '大阿村工作群', members: [this.me, this.other], hasBot: true }).chatId;
  }

  /** The group on this person's screen. */
  async screen(as = this.me, size: typeof phone = desktop): Promise<Page> {
    if (this.#browser === null) throw new Error('no browser');
    const screen = await openScreen(this.#browser, `${this.scene.sim.url}/?as=${as}&chat=${this.chatId}`, size);
    this.#screens.push(screen);
    await screen.page.getByTestId('composer').waitFor();
    await screen.page.getByText('正在取消息').waitFor({ state: 'detached' });
    return screen.page;
  }

  /** Sends as a careful bot does: the same uuid again until it is told that it went well. Resolves to the message's id. */
  async send(card: Record<string, unknown>): Promise<string> {
    const uuid = crypto.randomUUID();
    const params = { receive_id_type: 'chat_id' as const };
    const data = { receive_id: this.chatId, msg_type: 'interactive', content: JSON.stringify(card), uuid };
    for (let tries = 1; ; tries++) {
      try {
        const sent = await this.scene.client.im.v1.message.create({ params, data });
        return sent.data?.message_id ?? '';
      } catch (error) {
        if (tries === 3) throw error;
        const { response } = error as { response?: { data?: { code?: number } } };
        // The stock SDK keeps a revoked token until its time is over.
        if (response?.data?.code === 99991663) await this.scene.clock.advanceBy(7_200_000);
      }
    }
  }

  async check(): Promise<void> {
    for (const { page, complaints } of this.#screens) {
      expect(complaints(), 'the browser has nothing to complain about').toEqual([]);
      expect(await sticksOut(page), 'nothing sticks out of the window').toEqual([]);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#screens.splice(0).map((screen) => screen.close()));
    await this.#scene?.close();
    this.#scene = null;
  }

  async closeBrowser(): Promise<void> {
    await this.#browser?.close();
  }
}

/** One browser for the file, a new world for each test. */
export function newRoom(): Room {
  const room = new Room();
  beforeAll(() => room.openBrowser());
  beforeEach(() => room.open());
  afterEach(async () => {
    await room.check().finally(() => room.close());
  });
  afterAll(() => room.closeBrowser());
  return room;
}

/** Opens 「故障演练」, presses one choice of one switch, closes it. */
export async function turn(page: Page, drill: string, choice: string): Promise<void> {
  if (!(await page.getByTestId('faults').isVisible())) await press(page.getByRole('button', { name: '调时间' }));
  await press(page.getByTestId('faults'));
  const wanted = page.locator(`[data-drill=${drill}]`).getByRole('button', { name: choice, exact: true });
  await press(wanted);
  await expect.poll(() => wanted.getAttribute('aria-pressed')).toBe('true');
  await press(page.getByRole('button', { name: '收起' }));
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
}
