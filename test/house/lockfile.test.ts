// Owns the proof that `npm ci` takes package-lock.json on every machine, and that what it installs is what we meant.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const json = async (name: string) => JSON.parse(await readFile(`${root}/${name}`, 'utf8'));

test('every package that exists once per platform has an entry for each of them', async () => {
  await promisify(execFile)(process.execPath, ['lockfile.mjs', '--check'], { cwd: root });
});

test('the lock file says the same as package.json', async () => {
  const [own, lock] = await Promise.all([json('package.json'), json('package-lock.json')]);
  const { dependencies, devDependencies, bin, engines } = lock.packages[''];
  expect({ dependencies, devDependencies, bin, engines }).toEqual({
    dependencies: own.dependencies,
    devDependencies: own.devDependencies,
    bin: own.bin,
    engines: own.engines,
  });
});

test('every version is exact, and every package that asks for an install script was answered', async () => {
  const [own, lock] = await Promise.all([json('package.json'), json('package-lock.json')]);
  for (const version of Object.values({ ...own.dependencies, ...own.devDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
  const asking = Object.entries<{ hasInstallScript?: boolean }>(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([place]) => place.split('node_modules/').at(-1));
  expect([...new Set(asking)].filter((name) => own.allowScripts[name ?? ''] === undefined)).toEqual([]);
});

test('the lock file names no registry', async () => {
  expect(await readFile(`${root}/package-lock.json`, 'utf8')).not.toContain('"resolved"');
});
