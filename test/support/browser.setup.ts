// Owns what the browser's tests need before the first one: the product built as it stands, and Chromium unpacked once for
// all of them. A build or a browser that is missing fails the run, it never skips a test.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { type Unpacked, unpackChromium } from './chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly chromium: Unpacked;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function setup(project: TestProject): Promise<() => void> {
  const built = spawnSync(process.execPath, ['build.mjs', 'node', 'campaigns', 'demo', 'page'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the product does not build: ${built.stderr}`);
  const chromium = await unpackChromium();
  project.provide('chromium', chromium);
  return () => rmSync(chromium.dir, { recursive: true, force: true });
}
