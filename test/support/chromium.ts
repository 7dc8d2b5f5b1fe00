// Owns starting the browser of the tests: Chromium out of an npm package, unpacked into a folder of its own.
// Knows nothing of the page. A browser that cannot start fails the test; it never skips it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packaged from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

export interface Unpacked {
  /** Holds everything that was unpacked; whoever unpacked may remove it. */
  readonly dir: string;
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

// The package's own list is for Lambda: --single-process kills the browser when its first page closes, the page is to be
// tested with the web's security switched on, and a graphics card played by the processor costs a third of all its work.
const notOurs = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
]);

let own: Promise<Unpacked> | undefined;

/**
 * A browser; close it yourself. `from` is what a global set-up unpacked for all workers; without it this process unpacks
 * once (197 MB, two to three seconds) and removes it when it exits. Throws when the browser does not start.
 */
export async function launchChromium(from?: Unpacked): Promise<Browser> {
  own ??= from ? Promise.resolve(from) : unpackChromium();
  const { executable, env } = from ?? (await own);
  return chromium.launch({
    executablePath: executable,
    args: [...packaged.args.filter((arg) => !notOurs.has(arg)), '--lang=zh-CN', '--disable-gpu'],
    env: { ...env },
    headless: true,
  });
}

/** Unpacks into a new folder below os.tmpdir(), removed when this process exits. */
export async function unpackChromium(): Promise<Unpacked> {
  const dir = mkdtempSync(join(tmpdir(), 'lookback-chromium-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const executable = await unpackInto(dir);
  const run = join(dir, 'run');
  mkdirSync(run);
  const plain = { ...definedEnv(), TMPDIR: run, FONTCONFIG_FILE: fontsOf(dir), LANG: 'C.UTF-8' };
  if (starts(executable, plain).ok) return { dir, executable, env: plain };
  const before = process.env.LD_LIBRARY_PATH;
  const libraries = join(dir, 'al2023', 'lib');
  const withLibraries = { ...plain, LD_LIBRARY_PATH: before ? `${libraries}:${before}` : libraries };
  const second = starts(executable, withLibraries);
  if (!second.ok) throw new Error(`Chromium does not start: ${second.why}`);
  return { dir, executable, env: withLibraries };
}

/** The package's own fonts.conf names folders of Lambda; where no font at all is found a date input kills the browser. */
function fontsOf(dir: string): string {
  const file = join(dir, 'lookback-fonts.conf');
  const here = join(dir, 'fonts', 'fonts');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${here}</dir><cachedir>${join(dir, 'font-cache')}</cachedir></fontconfig>`,
  );
  return file;
}

/** The package unpacks below TMPDIR, and its own copy of libnss3 only where it believes to be on Lambda. */
async function unpackInto(dir: string): Promise<string> {
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV };
  process.env.TMPDIR = dir;
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x';
  try {
    const executable = await packaged.executablePath();
    if (!executable.startsWith(dir) || !existsSync(executable))
      throw new Error(`Chromium was not unpacked: ${executable}`);
    return executable;
  } finally {
    restore('TMPDIR', before.TMPDIR);
    restore('AWS_EXECUTION_ENV', before.AWS_EXECUTION_ENV);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

function starts(executable: string, env: Record<string, string>): { ok: boolean; why: string } {
  const run = spawnSync(executable, ['--version'], { env, encoding: 'utf8', timeout: 20_000 });
  return { ok: run.status === 0, why: run.stderr || String(run.error ?? run.signal) };
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
