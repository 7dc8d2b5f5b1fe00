// Owns what every act of the story stands on: the product in an empty folder, a browser, the people's screens; and what
// holds after each act: the product runs, the browser has no complaint, nothing sticks out of a window.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { desktop, openScreen, phone, type Screen, sticksOut } from './hands.ts';
import { freePorts, type Ports, type Product, startProduct, terminate } from './product.ts';

export class Stage {
  readonly dir = mkdtempSync(join(tmpdir(), 'lookback-browser-'));
  ports: Ports = { bot: 0, simulator: 0 };
  #product: Product | null = null;
  #browser: Browser | null = null;
  #cadre: Screen | null = null;
  #leader: Screen | null = null;

  get product(): Product {
    return there(this.#product);
  }
  /** A phone. */
  get cadre(): Screen {
    return there(this.#cadre);
  }
  /** A computer. */
  get leader(): Screen {
    return there(this.#leader);
  }

  async open(): Promise<void> {
    this.ports = await freePorts();
    [this.#browser] = await Promise.all([launchChromium(inject('chromium')), this.startAgain()]);
    this.#cadre = await openScreen(this.#browser, this.product.url, phone);
  }

  /** The product once more, on the same data and the same ports. */
  async startAgain(): Promise<Product> {
    this.#product = await startProduct(this.dir, this.ports);
    return this.#product;
  }

  async seatLeader(): Promise<Screen> {
    this.#leader = await openScreen(there(this.#browser), this.product.url, desktop);
    return this.#leader;
  }

  async check(): Promise<void> {
    const { exitCode, signalCode } = this.product.process;
    expect([exitCode, signalCode], 'the product runs').toEqual([null, null]);
    for (const screen of [this.#cadre, this.#leader]) {
      if (!screen) continue;
      expect(screen.complaints(), 'the browser has nothing to complain about').toEqual([]);
      expect(await sticksOut(screen.page), 'nothing sticks out of the window').toEqual([]);
    }
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    if (this.#product) await terminate(this.#product, 1);
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function there<T>(thing: T | null): T {
  if (thing === null) throw new Error('not on the stage yet');
  return thing;
}

/** Opens before the first test of the file, checks after each, closes after the last. */
export function newStage(): Stage {
  const stage = new Stage();
  beforeAll(() => stage.open());
  afterEach(() => stage.check());
  afterAll(() => stage.close());
  return stage;
}
