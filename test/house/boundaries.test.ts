// Owns the proof that the linter really refuses what the architecture forbids: every boundary has a line that fails and
// one that passes, judged by the repository's own biome.json in a folder that looks like the repository.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Boundary {
  readonly rule: string; // of Biome, without its group
  readonly says: string; // the boundary, in words
  readonly bad: Readonly<Record<string, readonly string[]>>; // file → lines of which each must be refused
  readonly good: Readonly<Record<string, readonly string[]>>; // file → lines that must pass, all in one file
}

const use = (from: string, name = 'x') => `export { ${name} } from '${from}';`;
const useType = (from: string, name: string) => `export type { ${name} } from '${from}';`;
const longFile = Array.from({ length: 301 }, (_, i) => `export const v${i} = ${i};`).join('\n');
const longFunction = `export function f(): void {\n${'  console.assert(true);\n'.repeat(52)}}`;
const lines = (n: number) => Array.from({ length: n }, (_, i) => `export const v${i} = ${i};`).join('\n');

const importRule: readonly Boundary[] = [
  {
    rule: 'noRestrictedImports',
    says: 'the domain imports itself, zod/mini and shapes of ports',
    bad: {
      'src/domain/a.ts': [
        use('../http.ts'),
        use('../usecases/x.ts'),
        use('../feishu/inbound.ts'),
        use('../bot/clicks.ts'),
        use('../config.ts'),
        use('../../cards/kit.ts'),
        useType('../../cards/views.ts', 'HelpView'),
        use('../../db/store.ts'),
        use('../ports.ts', 'PlatformError'),
        use('zod', 'z'),
        use('hono', 'Hono'),
        use('drizzle-orm', 'sql'),
        "export const later = () => import('../http.ts');",
      ],
    },
    good: { 'src/domain/b.ts': [use('./time.ts'), useType('../ports.ts', 'Clock'), use('zod/mini', 'string')] },
  },
  {
    rule: 'noRestrictedImports',
    says: 'cards import themselves and zod/mini',
    bad: {
      'cards/a.ts': [
        use('../src/domain/campaign.ts'),
        useType('../src/ports.ts', 'CardJson'),
        use('../src/usecases/x.ts'),
        use('../db/store.ts'),
        use('zod', 'z'),
      ],
    },
    good: { 'cards/b.ts': [use('./kit.ts'), use('zod/mini', 'string')] },
  },
  {
    rule: 'noRestrictedImports',
    says: 'use-cases import domain, ports and of cards only views',
    bad: {
      'src/usecases/a.ts': [
        use('../../cards/village.ts', 'villageCard'),
        use('../../cards/actions.ts', 'actions'),
        use('../feishu/client.ts'),
        use('../bot/clicks.ts'),
        use('../http.ts'),
        use('../sheets/rows.ts'),
        use('../../db/store.ts'),
        use('libsql', 'Database'),
        use('exceljs', 'Workbook'),
      ],
    },
    good: {
      'src/usecases/b.ts': [
        use('./c.ts'),
        useType('../store.ts', 'Store'),
        use('../domain/time.ts', 'dayOf'),
        use('../ports.ts', 'PlatformError'),
        useType('../../cards/views.ts', 'VillageView'),
        useType('../../cards/actions.ts', 'ActionValue'),
      ],
    },
  },
  {
    rule: 'noRestrictedImports',
    says: 'only db/ knows drizzle and libSQL',
    bad: {
      'src/bot/a.ts': [use('drizzle-orm'), use('drizzle-orm/libsql'), use('@libsql/client/web'), use('libsql')],
      'src/sheets/a.ts': [use('libsql')],
      'src/worker.ts': [use('@libsql/client/web')],
      'src/node.ts': [use('libsql')],
      'simulator/a.ts': [use('libsql')],
    },
    good: {
      'simulator/storage.ts': [use('libsql', 'Database')],
      'db/a.ts': [use('drizzle-orm', 'sql'), use('@libsql/client/web', 'createClient'), use('libsql', 'Database')],
    },
  },
  {
    rule: 'noRestrictedImports',
    says: 'only src/http.ts knows hono; only the Node entry starts its server',
    bad: {
      'src/bot/b.ts': [use('hono'), use('hono/body-limit')],
      'src/node.ts': [use('hono')],
      'src/http.ts': [use('@hono/node-server')],
      'src/worker.ts': [use('hono'), use('@hono/node-server')],
      'db/b.ts': [use('hono')],
    },
    good: {
      'src/http.ts': [use('hono', 'Hono')],
      'src/node.ts': [use('@hono/node-server', 'serve')],
      'simulator/api.ts': [use('hono', 'Hono'), use('./state.ts')],
    },
  },
  {
    rule: 'noRestrictedImports',
    says: 'production code never imports the simulator, tests or benchmarks',
    bad: {
      'src/bot/c.ts': [use('../../simulator/wire.ts'), use('../../test/support/world.ts'), use('../../bench/run.ts')],
      'src/cli.ts': [use('../simulator/demo.ts')],
      'src/worker.ts': [use('../simulator/demo.ts')],
      'db/c.ts': [use('../simulator/state.ts')],
    },
    good: { 'src/node.ts': ["export const demo = () => import('../simulator/demo.ts');"] },
  },
  {
    rule: 'noRestrictedImports',
    says: 'only src/sheets/ reads and writes files of people; only the Node entry has a cron',
    bad: {
      'src/cli.ts': [use('exceljs'), use('csv-parse/sync'), use('yaml')],
      'src/bot/d.ts': [use('yaml'), use('node-cron')],
      'src/worker.ts': [use('node-cron')],
      'src/http.ts': [use('node-cron')],
    },
    good: { 'src/sheets/b.ts': [use('exceljs', 'Workbook'), use('yaml', 'parse')], 'src/node.ts': [use('node-cron')] },
  },
  {
    rule: 'noRestrictedImports',
    says: 'src/feishu/ knows the wire and ports; bot, sheets and http get the store handed in',
    bad: {
      'src/feishu/a.ts': [
        use('../domain/campaign.ts'),
        use('../usecases/x.ts'),
        use('../bot/x.ts'),
        use('../../cards/kit.ts'),
      ],
      'src/bot/e.ts': [use('../../db/store.ts')],
      'src/sheets/c.ts': [use('../../db/store.ts'), use('../feishu/client.ts')],
      'db/d.ts': [use('../src/usecases/x.ts'), use('../src/feishu/client.ts'), use('../cards/kit.ts')],
    },
    good: {
      'src/feishu/b.ts': [use('./c.ts'), use('../ports.ts', 'PlatformError')],
      'src/bot/f.ts': [use('../usecases/x.ts'), use('../feishu/inbound.ts', 'y'), use('../../cards/kit.ts', 'z')],
    },
  },
  {
    rule: 'noRestrictedImports',
    says: 'of the product only the long connection knows the stock SDK',
    bad: {
      'src/bot/g.ts': [use('@larksuiteoapi/node-sdk')],
      'src/node.ts': [use('@larksuiteoapi/node-sdk')],
      'src/feishu/client.ts': [use('@larksuiteoapi/node-sdk')],
    },
    good: {
      'src/feishu/longConnection.ts': ["export const sdk = () => import('@larksuiteoapi/node-sdk');"],
      'bench/a.ts': [use('@larksuiteoapi/node-sdk', 'Client')],
    },
  },
  {
    rule: 'noRestrictedImports',
    says: 'the page knows the simulator by its wire alone',
    bad: { 'simulator/page/a.ts': [use('../state.ts'), use('../../src/ports.ts'), use('../../cards/kit.ts')] },
    good: { 'simulator/page/b.ts': [useType('../wire.ts', 'PageState'), use('preact', 'render'), use('./c.ts')] },
  },
];

const otherRules: readonly Boundary[] = [
  {
    rule: 'noNodejsModules',
    says: 'the core uses web standards: node modules only in entry points and Node adapters',
    bad: {
      'src/domain/n.ts': [use('node:fs')],
      'cards/n.ts': [use('node:util')],
      'src/usecases/n.ts': [use('node:crypto')],
      'src/bot/n.ts': [use('node:timers')],
      'src/feishu/n.ts': [use('node:crypto')],
      'src/http.ts': [use('node:http')],
      'src/worker.ts': [use('node:crypto')],
      'src/config.ts': [use('node:process')],
      'db/store.ts': [use('node:path')],
      'db/remote.ts': [use('node:fs')],
      'simulator/page/n.ts': [use('node:fs')],
    },
    good: {
      'src/node.ts': [use('node:fs')],
      'src/cli.ts': [use('node:fs')],
      'src/nodeServer.ts': [use('node:http')],
      'src/sheets/n.ts': [use('node:worker_threads')],
      'db/local.ts': [use('node:fs')],
      'simulator/n.ts': [use('node:http')],
      'test/n.ts': [use('node:fs')],
    },
  },
  {
    rule: 'noRestrictedGlobals',
    says: 'only the entry points see the process',
    bad: Object.fromEntries(
      [
        'src/domain/p.ts',
        'src/config.ts',
        'src/worker.ts',
        'src/nodeServer.ts',
        'src/sheets/p.ts',
        'db/local.ts',
        'simulator/p.ts',
      ].map((file) => [file, ['export const x = process.env.X;']]),
    ),
    good: Object.fromEntries(
      ['src/node.ts', 'src/cli.ts', 'simulator/demo.ts', 'test/p.ts', 'bench/p.ts'].map((file) => [
        file,
        ['export const x = process.env.X;'],
      ]),
    ),
  },
  {
    rule: 'noRestrictedGlobals',
    says: 'only domain/time.ts and the entry points say Date',
    bad: Object.fromEntries(
      [
        'src/domain/d.ts',
        'src/usecases/d.ts',
        'src/bot/d.ts',
        'src/feishu/d.ts',
        'cards/d.ts',
        'db/store.ts',
        'src/http.ts',
      ].map((file) => [
        file,
        ['export const x = Date.now();', 'export const y = new Date(0);', 'export const z = globalThis.Date;'],
      ]),
    ),
    good: Object.fromEntries(
      ['src/domain/time.ts', 'src/node.ts', 'src/worker.ts', 'src/cli.ts', 'simulator/d.ts', 'test/d.ts'].map(
        (file) => [file, ['export const x = Date.now();']],
      ),
    ),
  },
  {
    rule: 'noRestrictedGlobals',
    says: 'code that Workers run has no Buffer',
    bad: {
      'src/bot/u.ts': ["export const x = Buffer.from('');"],
      'db/remote.ts': ["export const x = Buffer.from('');"],
    },
    good: {
      'db/local.ts': ["export const x = Buffer.from('');"],
      'src/sheets/u.ts': ["export const x = Buffer.from('');"],
    },
  },
  {
    rule: 'noUndeclaredDependencies',
    says: 'the product imports nothing that only development installs',
    bad: { 'src/bot/v.ts': [use('playwright-core', 'chromium'), use('left-pad')] },
    good: { 'test/v.ts': [use('playwright-core', 'chromium')], 'src/http.ts': [use('hono', 'Hono')] },
  },
  {
    rule: 'noExcessiveLinesPerFile',
    says: 'a file has at most 300 lines',
    bad: {
      'src/bot/long.ts': [longFile],
      'cards/long.ts': [longFile],
      'db/long.ts': [longFile],
      'simulator/long.ts': [longFile],
    },
    good: { 'src/bot/short.ts': [lines(299)] },
  },
  {
    rule: 'noExcessiveLinesPerFunction',
    says: 'a function has at most 50 lines',
    bad: { 'src/bot/fn.ts': [longFunction], 'simulator/fn.ts': [longFunction] },
    good: { 'src/bot/fn2.ts': ['export function f(): number {\n  return 1;\n}'] },
  },
  {
    rule: 'useMaxParams',
    says: 'a function has at most 3 parameters',
    bad: { 'src/bot/w.ts': ['export const f = (a: 1, b: 1, c: 1, d: 1) => [a, b, c, d];'] },
    good: { 'src/bot/w2.ts': ['export const f = (a: 1, b: 1, c: 1) => [a, b, c];'] },
  },
  {
    rule: 'noExplicitAny',
    says: 'nothing is any',
    bad: { 'src/bot/any.ts': ['export const x: any = 1;'], 'test/any.ts': ['export const x: any = 1;'] },
    good: { 'src/bot/known.ts': ['export const x: unknown = 1;'] },
  },
  {
    rule: 'noConsole',
    says: 'the product says nothing but through its log; a Worker logs to the console',
    bad: { 'src/bot/say.ts': ["console.log('x');"], 'src/node.ts': ["console.log('x');"] },
    good: { 'src/worker.ts': ["console.log('x');"], 'simulator/demo.ts': ["console.log('x');"] },
  },
  {
    rule: 'noBarrelFile',
    says: 'no file only hands on others',
    bad: { 'src/bot/index.ts': [`${use('./a.ts', 'a')}\n${use('./b.ts', 'b')}`] },
    good: { 'src/bot/one.ts': ["export const a = 'a';"] },
  },
];

const boundaries = [...importRule, ...otherRules];

// All snippets of a file stand in it one below the other, so that one run of the linter judges them all.
const sources = new Map<string, string[]>();
interface Snippet {
  readonly file: string;
  readonly text: string;
  readonly from: number; // first line
  readonly to: number; // last line
}
function place(file: string, text: string): Snippet {
  const own = sources.get(file) ?? [];
  sources.set(file, own);
  const from = own.length + 1;
  own.push(...text.split('\n'));
  return { file, text, from, to: own.length };
}
const placeAll = (files: Boundary['bad']): Snippet[] =>
  Object.entries(files).flatMap(([file, texts]) => texts.map((text) => place(file, text)));
const cases = boundaries.map((b) => ({ rule: b.rule, says: b.says, bad: placeAll(b.bad), good: placeAll(b.good) }));

let folder = '';
let refused: { readonly rule: string; readonly file: string; readonly line: number }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookback-house-'));
  for (const own of ['biome.json', 'package.json', '.gitignore']) await cp(join(root, own), join(folder, own));
  for (const [file, text] of sources) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `${text.join('\n')}\n`);
  }
  refused = await lint(folder);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function lint(tree: string): Promise<typeof refused> {
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const said = await new Promise<string>((done) => {
    const biome = join(root, 'node_modules/.bin/biome');
    execFile(biome, args, { cwd: tree, maxBuffer: 64_000_000 }, (_error, stdout) => done(stdout));
  });
  interface Diagnostic {
    readonly category: string;
    readonly location: { readonly path: string; readonly start?: { readonly line: number } };
  }
  const { diagnostics } = JSON.parse(said) as { readonly diagnostics: readonly Diagnostic[] };
  return diagnostics.map((d) => ({
    rule: d.category.split('/').at(-1) ?? '',
    file: d.location.path,
    line: d.location.start?.line ?? 1,
  }));
}

const isRefused = (rule: string, { file, from, to }: Snippet): boolean =>
  refused.some((r) => r.rule === rule && r.file === file && r.line >= from && r.line <= to);
const show = ({ file, text }: Snippet): string => `${file}: ${text.slice(0, 80)}`;

test.each(cases)('$says ($rule)', ({ rule, bad, good }) => {
  expect(bad.filter((snippet) => !isRefused(rule, snippet)).map(show), 'should be refused').toEqual([]);
  expect(good.filter((snippet) => isRefused(rule, snippet)).map(show), 'should pass').toEqual([]);
  expect(bad.length * good.length).toBeGreaterThan(0);
});
