#!/usr/bin/env node
// Owns the way from `npx lookback` to the operator CLI: in a checkout it rebuilds what changed first, quietly (stdout
// belongs to the result), then hands over. In an installed copy without sources it hands over at once.
import { existsSync } from 'node:fs';

if (existsSync(new URL('./src/cli.ts', import.meta.url))) {
  const { build } = await import('./build.mjs');
  await build({ only: ['cli', 'readWorker', 'campaigns'] });
}
await import('./dist/cli.js');
