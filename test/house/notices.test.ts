// Owns the proof that THIRD-PARTY-NOTICES names what is installed, each with a licence this product may use.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => readFile(`${root}/${name}`, 'utf8');

test('the notices are those of the packages that are installed', async () => {
  await promisify(execFile)(process.execPath, ['notices.mjs', '--check'], { cwd: root });
});

test('every package named in package.json that runs in production is among them, with its version', async () => {
  const [notices, own] = await Promise.all([read('THIRD-PARTY-NOTICES'), read('package.json').then(JSON.parse)]);
  const dependencies = Object.entries<string>(own.dependencies);
  expect(dependencies.length).toBeGreaterThan(5);
  for (const [name, version] of dependencies) expect(notices).toContain(`\n${name} ${version} (`);
});

test('every licence is one that allows what we do', async () => {
  const notices = await read('THIRD-PARTY-NOTICES');
  const licences = [...notices.matchAll(/^\S+ \d\S* \((.+?)(?:, text \d+)?\)$/gm)].map((m) => m[1] ?? '');
  expect(licences.length).toBeGreaterThan(100);
  const allowed =
    /^(MIT|MIT\/X11|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|Unlicense|OFL-1\.1|\(MIT (OR|AND) .+\))$/;
  expect([...new Set(licences.filter((licence) => !allowed.test(licence)))]).toEqual([]);
});
