// Owns how sources become dist/. Rebuilds only the targets whose inputs changed (dist/.build.json remembers them), says
// what it does on stderr and nothing on stdout. Knows file names, never what the code does.
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
/** A change of any of these may change every output. */
const shared = ['build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** `simulator`: not part of a production build. `entry`: skipped with a note while it does not exist. */
const targets = [
  { name: 'node', entry: 'src/node.ts', out: 'node.js', make: bundle },
  { name: 'cli', entry: 'src/cli.ts', out: 'cli.js', make: bundle },
  { name: 'readWorker', entry: 'src/sheets/readWorker.ts', out: 'readWorker.js', make: bundle },
  { name: 'campaigns', entry: 'src/sheets/campaignFile.ts', out: 'campaigns', make: campaigns },
  { name: 'demo', entry: 'simulator/demo.ts', out: 'demo.js', make: bundle, simulator: true },
  { name: 'page', entry: 'simulator/page/index.html', out: 'page', make: page, simulator: true },
  { name: 'bench', entry: 'bench/run.ts', out: 'bench.js', make: bundle, onlyWhenNamed: true },
  { name: 'soak', entry: 'test/soak/run.ts', out: 'soak.js', make: bundle, onlyWhenNamed: true },
];

const nobody = () => undefined;

/**
 * Builds what changed. `only`: names of targets; `production`: leave the simulator out; `say`: gets one line per thing
 * done. Resolves to the names of the targets that were rebuilt; rejects when a source does not compile.
 */
export async function build({ only, production = false, outDir = join(root, 'dist'), say = nobody } = {}) {
  await mkdir(outDir, { recursive: true });
  const ledger = join(outDir, '.build.json');
  const built = await readJson(ledger);
  const chosen = targets.filter((t) =>
    only ? only.includes(t.name) : !t.onlyWhenNamed && !(production && t.simulator),
  );
  const done = [];
  if (production && !only)
    await leaveOut(
      targets.filter((t) => t.simulator),
      { outDir, built, ledger },
    );
  for (const target of chosen) {
    if (!(await exists(join(root, target.entry)))) {
      say(`- ${target.name}: ${target.entry} is not there, skipped`);
      continue;
    }
    if (await upToDate(built[target.name], join(outDir, target.out))) continue;
    const started = performance.now();
    const inputs = await target.make(target, outDir);
    built[target.name] = { inputs: await fingerprints([...shared, ...inputs]) };
    await writeWhole(ledger, `${JSON.stringify(built, null, 1)}\n`);
    say(`- ${target.name} ${Math.round(performance.now() - started)} ms`);
    done.push(target.name);
  }
  return done;
}

/** What an earlier full build left behind does not stay in a production build. */
async function leaveOut(unwanted, { outDir, built, ledger }) {
  for (const { name, out } of unwanted) {
    await rm(join(outDir, out), { recursive: true, force: true });
    await rm(join(outDir, `${out}.map`), { force: true });
    delete built[name];
  }
  await writeWhole(ledger, `${JSON.stringify(built, null, 1)}\n`);
}

// ── how each kind of target is made: returns its inputs, relative to the repository ──────────────────────────────

async function bundle(target, outDir) {
  const file = join(outDir, target.out);
  const source = await readFile(join(root, target.entry), 'utf8');
  const shebang = target.name === 'cli' && !source.startsWith('#!');
  const result = await esbuild(target.entry, { outfile: file, banner: shebang ? { js: '#!/usr/bin/env node' } : {} });
  for (const output of result.outputFiles) await writeWhole(output.path, output.contents);
  if (target.name === 'cli') await chmod(file, 0o755);
  return Object.keys(result.metafile.inputs);
}

/** Campaign files are checked and compiled by the product's own reader, so that a bad one stops the build. */
async function campaigns(target, outDir) {
  const tool = join(root, 'dist', `.campaignFile-${process.pid}.mjs`); // inside the repository: it finds its packages
  const out = join(outDir, `.campaigns-${process.pid}`);
  try {
    const result = await esbuild(target.entry, { outfile: tool, sourcemap: false });
    await mkdir(dirname(tool), { recursive: true });
    for (const output of result.outputFiles) await writeWhole(output.path, output.contents);
    const { compileCampaigns } = await import(pathToFileURL(tool).href);
    await mkdir(out, { recursive: true });
    await compileCampaigns(join(root, 'campaigns'), out);
    await replaceFolder(out, join(outDir, target.out));
    return [...Object.keys(result.metafile.inputs), ...(await filesUnder('campaigns'))];
  } finally {
    await rm(tool, { force: true });
    await rm(out, { recursive: true, force: true });
  }
}

async function page(target, outDir) {
  const { build: vite } = await needed('vite');
  const out = join(outDir, `.page-${process.pid}`);
  const own = 'simulator/page/vite.config.ts';
  const configFile = (await exists(join(root, own))) ? own : 'vite.config.ts';
  try {
    await vite({
      root: join(root, 'simulator/page'),
      configFile: join(root, configFile),
      logLevel: 'error',
      build: { outDir: out, emptyOutDir: true },
    });
    await replaceFolder(out, join(outDir, target.out));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
  return [...(await filesUnder('simulator/page')), 'simulator/wire.ts', configFile];
}

async function esbuild(entry, options) {
  const { build: run } = await needed('esbuild');
  return run({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'silent', // what is wrong comes with the error
    plugins: [demoStaysOutside, tablesComeAlong],
    ...options,
  });
}

/** The bot's bundle holds no simulator code: src/node.ts loads the demo from its own file, and only in demo mode. */
const demoStaysOutside = {
  name: 'demo-stays-outside',
  setup(b) {
    b.onResolve({ filter: /(^\.\/demo\.js|\/simulator\/demo\.ts)$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './demo.js', external: true },
    );
  },
};

/** Packages stay outside; a table of one (JSON) comes along, since Node 20 does not import JSON without a warning. */
const tablesComeAlong = {
  name: 'tables-come-along',
  setup(b) {
    b.onResolve({ filter: /^[^.].*\.json$/ }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) }));
  },
};

async function needed(tool) {
  try {
    return await import(tool);
  } catch {
    throw new Error(`构建需要 ${tool}，这里没有安装。请先运行 npm ci（不要带 --omit=dev），再运行一次。`);
  }
}

// ── what changed ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Size and time first, so that an unchanged tree costs no reading; content decides when those moved (fresh checkout). */
async function upToDate(known, out) {
  if (!known || !(await exists(out))) return false;
  const same = await Promise.all(
    Object.entries(known.inputs).map(async ([path, was]) => {
      const now = await stat(join(root, path)).catch(() => null);
      if (!now || now.size !== was.size) return false;
      return now.mtimeMs === was.mtimeMs || (await hash(path)) === was.hash;
    }),
  );
  if (same.includes(false)) return false;
  // A new file in a folder that is an input as a whole is a change, too.
  const folders = Object.keys(known.inputs).some((p) => p.startsWith(`campaigns${sep}`)) ? ['campaigns'] : [];
  if (known.inputs['simulator/page/index.html']) folders.push('simulator/page');
  for (const folder of folders) {
    for (const path of await filesUnder(folder)) if (!known.inputs[path]) return false;
  }
  return true;
}

async function fingerprints(paths) {
  const entries = [...new Set(paths)].sort().map(async (path) => {
    const found = await stat(join(root, path)).catch(() => null);
    return found && [path, { size: found.size, mtimeMs: found.mtimeMs, hash: await hash(path) }];
  });
  return Object.fromEntries((await Promise.all(entries)).filter((entry) => entry !== null));
}

const hash = async (path) =>
  createHash('sha256')
    .update(await readFile(join(root, path)))
    .digest('hex');

async function filesUnder(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => relative(root, join(e.parentPath ?? e.path, e.name)));
}

const exists = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );

async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return {}; // never built, or a half-written ledger of an older version: build everything
  }
}

/** Readers (a bot that is running, a second build) see the old file or the new one, never half of one. */
async function writeWhole(path, contents) {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, path);
}

async function replaceFolder(from, to) {
  await rm(to, { recursive: true, force: true });
  await rename(from, to);
}

// ── as a command: node build.mjs [--production] [--quiet] [--out DIR] [target …] ─────────────────────────────────

async function main(args) {
  const quiet = args.includes('--quiet');
  const at = args.indexOf('--out');
  const outDir = at < 0 ? undefined : resolve(args[at + 1] ?? 'dist');
  const only = args.filter((a, i) => !a.startsWith('--') && !(at >= 0 && i === at + 1));
  const started = performance.now();
  const say = (line) => quiet || process.stderr.write(`${line}\n`);
  const done = await build({
    production: args.includes('--production'),
    say,
    ...(outDir && { outDir }),
    ...(only.length > 0 && { only }),
  });
  if (done.length > 0) say(`built ${done.join(', ')} in ${Math.round(performance.now() - started)} ms`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
