// Owns the small county of the flow tests on people's screens: the real bot, its database and the simulator with the built
// page in this process, one browser. Does what a running product does by itself: sends what is due while people look.
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { boundGroup } from '../flows/story.ts';
import { launchChromium } from '../support/chromium.ts';
import type { WorldOptions } from '../support/countyFile.ts';
import { daaGroup, people, type Who } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { openScreen, type phone, type Screen, sticksOut } from './hands.ts';

const page = fileURLToPath(new URL('../../dist/page', import.meta.url));
const beat = 100; // real ms between two rounds of due work

export class County {
  #world: TestWorld | null = null;
  #browser: Browser | null = null;
  #heart: NodeJS.Timeout | null = null;
  #beating: Promise<void> | null = null;
  readonly #failures: string[] = [];
  readonly #screens = new Map<string, Screen>();
  readonly #options: WorldOptions;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  get world(): TestWorld {
    if (this.#world === null) throw new Error('the county is not there yet');
    return this.#world;
  }

  /** 大阿村 with its ten households, its group bound. */
  async open(): Promise<void> {
    [this.#browser, this.#world] = await Promise.all([
      launchChromium(inject('chromium')),
      newWorld({ ...this.#options, page }),
    ]);
    await boundGroup(this.world);
    this.#heart = setInterval(() => this.#beat(), beat);
  }

  /** While time hurries, every minute does its own work. */
  #beat(): void {
    if (this.world.sim.forward.underWay) return;
    this.#beating ??= this.world
      .settle()
      .catch((error: unknown) => void this.#failures.push(String(error)))
      .finally(() => {
        this.#beating = null;
      });
  }

  /** This person's screen, with a chat open: the village's group unless said otherwise. Opened once for each size. */
  async screen(who: Who, size: typeof phone): Promise<Page> {
    const key = `${who} ${size.width}`;
    const known = this.#screens.get(key);
    if (known) return known.page;
    if (this.#browser === null) throw new Error('no browser');
    const screen = await openScreen(this.#browser, `${this.world.sim.url}/?as=${people[who]}&chat=${daaGroup}`, size);
    this.#screens.set(key, screen);
    await screen.page.getByTestId('composer').waitFor();
    await screen.page.getByText('正在取消息').waitFor({ state: 'detached' });
    return screen.page;
  }

  /** Everything on its way has arrived, and the groups were watched meanwhile. */
  async rest(): Promise<void> {
    await this.#beating;
    await this.world.settle();
  }

  async check(): Promise<void> {
    await this.rest();
    expect(this.#failures, 'what was due was sent').toEqual([]);
    for (const { page: one, complaints } of this.#screens.values()) {
      expect(complaints(), 'the browser has nothing to complain about').toEqual([]);
      expect(await sticksOut(one), 'nothing sticks out of the window').toEqual([]);
    }
  }

  /** Tallies equal a full count, groups saw no secret, nothing failed: what every story of this world ends with. */
  async close(): Promise<void> {
    if (this.#heart) clearInterval(this.#heart);
    await this.#beating;
    await this.#browser?.close();
    await this.#world?.end();
  }
}

/** One county and one browser for the file or the group of tests; what holds after each of them is checked. */
export function newCounty(options: WorldOptions = {}): County {
  const county = new County(options);
  beforeAll(() => county.open());
  afterEach(() => county.check());
  afterAll(() => county.close());
  return county;
}
