// Owns the proof that the build holds what it promises: the bot without the simulator, the Worker without Node, and
// nothing built twice.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
let out = '';

const node = (...args: string[]) => run(process.execPath, ['build.mjs', ...args], { cwd: root });

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'lookback-build-'));
  await node('--production', '--out', out);
}, 60_000);
afterAll(() => rm(out, { recursive: true, force: true }));

test('a production build contains no simulator code', async () => {
  const ledger = JSON.parse(await readFile(join(out, '.build.json'), 'utf8'));
  const inputs = Object.keys(ledger.node.inputs);
  expect(inputs).toContain('src/node.ts');
  expect(inputs.filter((path) => path.startsWith('simulator/'))).toEqual([]);
  expect(await readdir(out)).not.toContain('demo.js');
  expect(await readdir(out)).not.toContain('page');
});

test('the operator CLI can be run as it lies', async () => {
  expect((await readFile(join(out, 'cli.js'), 'utf8')).split('\n')[0]).toBe('#!/usr/bin/env node');
  expect((await stat(join(out, 'cli.js'))).mode & 0o111).toBe(0o111);
});

test('a build writes nothing on stdout, and nothing at all when nothing changed', async () => {
  const before = await stat(join(out, 'node.js'));
  const again = await node('--production', '--out', out);
  expect(again).toEqual({ stdout: '', stderr: '' });
  expect((await stat(join(out, 'node.js'))).mtimeMs).toBe(before.mtimeMs);
});

test('what was lost is built again, and only that', async () => {
  await rm(join(out, 'cli.js'));
  const again = await node('--production', '--out', out);
  expect(again.stdout).toBe('');
  expect(again.stderr).toMatch(/^built cli in \d+ ms$/m);
});

test('the Worker is built without any Node module and stays under 200 KiB zipped', async () => {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/worker.ts'],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser', // a node: import is an error here
    conditions: ['workerd', 'worker', 'browser'],
    logLevel: 'silent',
  });
  const inputs = Object.keys(result.metafile.inputs);
  expect(inputs.filter((path) => path.startsWith('simulator/') || path.includes('node-cron'))).toEqual([]);
  expect(gzipSync(result.outputFiles[0]?.contents ?? '').length).toBeLessThan(200 * 1024);
}, 60_000);
