// Owns the proof that settings are checked all at once, in plain Chinese, and that no secret is ever repeated.
import { expect, test } from 'vitest';
import {
  type BotConfig,
  type Config,
  type ConfigProblems,
  type DemoConfig,
  type Env,
  readConfig,
} from '../src/config.ts';

const dataKey = Buffer.alloc(32, 3).toString('base64');
const bot: Env = {
  LARK_APP_ID: 'cli_a1b2c3d4e5f60718',
  LARK_APP_SECRET: 'app-secret-7Hq2',
  LARK_ENCRYPT_KEY: 'encrypt-key-9Zx1',
  LARK_VERIFICATION_TOKEN: 'verification-5Tt3',
  DATA_KEY: dataKey,
};
const noFile = (path: string): string => {
  throw new Error(`ENOENT ${path}`);
};
const read = (env: Env, files: Record<string, string> = {}): Config | ConfigProblems =>
  readConfig(env, (path) => files[path] ?? noFile(path));
const asBot = (env: Env, files?: Record<string, string>) => read({ ...bot, ...env }, files) as BotConfig;
const asDemo = (env: Env) => read(env) as DemoConfig;
const named = (found: Config | ConfigProblems): string[] =>
  found.mode === 'invalid' ? found.problems.map((p) => p.split('：')[0] ?? '') : [];

test('without LARK_APP_ID it is the demo, on its own database, on loopback', () => {
  expect(read({})).toEqual({
    mode: 'demo',
    host: '127.0.0.1',
    port: 8787,
    simulatorPort: 8788,
    logLevel: 'info',
    metricsToken: null,
    monthlyCalls: 10_000,
    transport: 'webhook',
    rehearsalNow: null,
    dataKeyPrevious: null,
    dataKey: null,
    database: { kind: 'file', path: 'data/demo.db' },
    databaseChosen: false,
  });
  expect(asDemo({ LARK_APP_ID: '  ' }).mode).toBe('demo');
});

test('with LARK_APP_ID it is the bot, with the defaults of the contract', () => {
  expect(read(bot)).toEqual({
    mode: 'bot',
    host: '127.0.0.1',
    port: 8787,
    simulatorPort: 8788,
    logLevel: 'info',
    metricsToken: null,
    monthlyCalls: 10_000,
    rehearsalNow: null,
    dataKeyPrevious: null,
    app: { id: 'cli_a1b2c3d4e5f60718', secret: 'app-secret-7Hq2' },
    baseUrl: 'https://open.feishu.cn',
    transport: 'webhook',
    encryptKey: 'encrypt-key-9Zx1',
    verificationToken: 'verification-5Tt3',
    dataKey,
    database: { kind: 'file', path: 'data/lookback.db' },
  });
});

test('all problems come at once, one sentence per variable', () => {
  const found = read({
    LARK_APP_ID: 'app_1',
    LARK_TRANSPORT: 'carrier pigeon',
    LARK_BASE_URL: 'open.feishu.cn',
    LARK_MONTHLY_CALLS: '0',
    DATABASE_URL: 'mysql://db',
    HOST: 'http://x',
    PORT: '99999',
    SIMULATOR_PORT: 'x',
    LOG_LEVEL: 'loud',
    REHEARSAL_NOW: '2023-07-12 08:30',
    METRICS_TOKEN: 'two words',
  });
  expect(named(found).sort()).toEqual([
    'DATABASE_URL',
    'DATA_KEY',
    'HOST',
    'LARK_APP_ID',
    'LARK_APP_SECRET',
    'LARK_BASE_URL',
    'LARK_ENCRYPT_KEY',
    'LARK_MONTHLY_CALLS',
    'LARK_TRANSPORT',
    'LARK_VERIFICATION_TOKEN',
    'LOG_LEVEL',
    'METRICS_TOKEN',
    'PORT',
    'REHEARSAL_NOW',
    'SIMULATOR_PORT',
  ]);
  for (const line of (found as ConfigProblems).problems) expect(line).toMatch(/^[A-Z_]+：.*[\u4e00-\u9fff].*。$/);
});

test('no sentence repeats a value, neither of a secret nor of an address that may hold one', () => {
  const env = {
    LARK_APP_ID: 'wrong-id-55',
    LARK_APP_SECRET: 'se cret-11',
    LARK_ENCRYPT_KEY: 'se cret-22',
    LARK_VERIFICATION_TOKEN: 'se cret-33',
    DATABASE_AUTH_TOKEN: 'se cret-44',
    DATA_KEY: 'c2VjcmV0LTU1',
    METRICS_TOKEN: 'se cret-66',
    DATABASE_URL: 'libsql://user:hunter2@db.example',
    LARK_BASE_URL: 'https://user:hunter3@feishu.example',
  };
  const found = read(env) as ConfigProblems;
  expect(named(found).sort()).toEqual(Object.keys(env).sort());
  const said = found.problems.join('\n');
  for (const value of [...Object.values(env), 'hunter']) expect(said).not.toContain(value);
});

test('a secret may lie in a file; the line end of the file does not belong to it', () => {
  const found = asBot(
    { LARK_APP_SECRET: undefined, LARK_APP_SECRET_FILE: '/run/s', DATA_KEY: '', DATA_KEY_FILE: '/run/k' },
    { '/run/s': 'from-file\r\n', '/run/k': `${dataKey}\n` },
  );
  expect(found.app.secret).toBe('from-file');
  expect(found.dataKey).toBe(dataKey);
});

test('a file that cannot be read, is empty, or stands beside the value itself is one problem of that variable', () => {
  const both = { LARK_APP_SECRET_FILE: '/run/s' };
  expect(named(asBot(both, { '/run/s': 'x' }))).toEqual(['LARK_APP_SECRET']);
  const gone = { LARK_APP_SECRET: undefined, LARK_APP_SECRET_FILE: '/run/gone' };
  expect(named(asBot(gone))).toEqual(['LARK_APP_SECRET']);
  expect(named(asBot(gone, { '/run/gone': ' \n' }))).toEqual(['LARK_APP_SECRET']);
});

test('only secrets are looked for in files', () => {
  expect(asBot({ PORT_FILE: '/run/port' }, { '/run/port': '1' }).port).toBe(8787);
});

test('webhook transport needs both webhook secrets, the long connection neither', () => {
  const without = { LARK_ENCRYPT_KEY: undefined, LARK_VERIFICATION_TOKEN: undefined };
  expect(named(asBot(without))).toEqual(['LARK_ENCRYPT_KEY', 'LARK_VERIFICATION_TOKEN']);
  const long = asBot({ ...without, LARK_TRANSPORT: 'websocket' });
  expect([long.mode, long.transport, long.encryptKey]).toEqual(['bot', 'websocket', '']);
});

test('an app id the stock client would silently not connect with is named', () => {
  const long = { LARK_TRANSPORT: 'websocket', LARK_APP_ID: 'cli_a1b2c3d4e5f6g7h8' };
  expect(named(asBot(long))).toEqual(['LARK_APP_ID']);
});

test('the demo can show the long connection, too', () => {
  expect(asDemo({}).transport).toBe('webhook');
  expect(asDemo({ LARK_TRANSPORT: 'websocket' }).transport).toBe('websocket');
});

test('the demo is refused in production and on any address others can reach', () => {
  expect(named(read({ NODE_ENV: 'production' }))).toEqual(['LARK_APP_ID']);
  for (const HOST of ['0.0.0.0', '::', '192.168.1.9', 'example.org'])
    expect(named(read({ HOST })), HOST).toEqual(['HOST']);
  for (const HOST of ['127.0.0.1', '127.1.2.3', 'localhost', '::1', '[::1]'])
    expect(asDemo({ HOST }).mode, HOST).toBe('demo');
  expect(asBot({ NODE_ENV: 'production', HOST: '0.0.0.0' })).toMatchObject({ mode: 'bot', host: '0.0.0.0' });
});

test('a secret without an app id is a slip of the operator, not a demo', () => {
  expect(named(read({ LARK_APP_SECRET: 'x' }))).toEqual(['LARK_APP_ID']);
});

test('the page of the demo gets the port after the bot, unless another one is given', () => {
  expect(asDemo({ PORT: '9000' }).simulatorPort).toBe(9001);
  expect(asDemo({ PORT: '9000', SIMULATOR_PORT: '9100' }).simulatorPort).toBe(9100);
  expect(asDemo({ PORT: '0' })).toMatchObject({ port: 0, simulatorPort: 0 });
  expect(named(read({ PORT: '9000', SIMULATOR_PORT: '9000' }))).toEqual(['SIMULATOR_PORT']);
  expect(named(read({ PORT: '65535' }))).toEqual(['SIMULATOR_PORT']);
  expect(asBot({ PORT: '65535' }).port).toBe(65_535);
  for (const PORT of ['-1', '80.5', '0x50', '65536', 'eighty']) expect(named(asBot({ PORT })), PORT).toEqual(['PORT']);
});

test('a data key is exactly 32 bytes', () => {
  for (const bytes of [16, 31, 33, 64]) {
    expect(named(asBot({ DATA_KEY: Buffer.alloc(bytes, 1).toString('base64') })), String(bytes)).toEqual(['DATA_KEY']);
  }
  expect(named(read({ DATA_KEY: 'short' }))).toEqual(['DATA_KEY']);
  expect(asDemo({ DATA_KEY: dataKey }).dataKey).toBe(dataKey);
});

const databases: [string, unknown][] = [
  ['file:data/x.db', { kind: 'file', path: 'data/x.db' }],
  ['file:///srv/lookback/x.db', { kind: 'file', path: '/srv/lookback/x.db' }],
  ['file:/srv/x.db', { kind: 'file', path: '/srv/x.db' }],
  ['libsql://county.example', { kind: 'remote', url: 'libsql://county.example', authToken: 'tok' }],
  ['http://127.0.0.1:8080/', { kind: 'remote', url: 'http://127.0.0.1:8080', authToken: 'tok' }],
  ['https://db.example:8443', { kind: 'remote', url: 'https://db.example:8443', authToken: 'tok' }],
];
test.each(databases)('DATABASE_URL %s is understood', (url, expected) => {
  expect(asBot({ DATABASE_URL: url, DATABASE_AUTH_TOKEN: 'tok' }).database).toEqual(expected);
});

test.each([
  'data/x.db',
  'file:',
  'file::memory:',
  'file:x.db?mode=ro',
  'file://host/x.db',
  'postgres://x/y',
  'libsql://',
])('DATABASE_URL %s is refused', (url) => expect(named(asBot({ DATABASE_URL: url }))).toEqual(['DATABASE_URL']));

test('a token in the address of the database is refused: addresses are shown and logged', () => {
  expect(named(asBot({ DATABASE_URL: 'libsql://db.example?authToken=abc' }))).toEqual(['DATABASE_URL']);
});

test('the demo says whether a database was chosen, so that the mark can be asked for', () => {
  expect(asDemo({ DATABASE_URL: 'file:data/mine.db' })).toMatchObject({
    database: { kind: 'file', path: 'data/mine.db' },
    databaseChosen: true,
  });
});

test('a rehearsal starts at an instant with an offset, and at no day that does not exist', () => {
  expect(asBot({ REHEARSAL_NOW: '2023-07-12T08:30:00+08:00' }).rehearsalNow).toBe(Date.UTC(2023, 6, 12, 0, 30));
  expect(asBot({ REHEARSAL_NOW: '2023-07-12T08:30Z' }).rehearsalNow).toBe(Date.UTC(2023, 6, 12, 8, 30));
  for (const text of ['2023-07-12T08:30:00', '2023-07-12', '2023-02-30T08:30:00+08:00', '2023-07-12T25:00:00+08:00']) {
    expect(named(asBot({ REHEARSAL_NOW: text })), text).toEqual(['REHEARSAL_NOW']);
  }
});

test('the address of the platform keeps its path and loses its last slash', () => {
  expect(asBot({ LARK_BASE_URL: 'https://feishu.county.example/open/' }).baseUrl).toBe(
    'https://feishu.county.example/open',
  );
  expect(asBot({ LARK_BASE_URL: 'http://127.0.0.1:8788' }).baseUrl).toBe('http://127.0.0.1:8788');
});

test('a level is a level in any case of letters', () => {
  expect(asBot({ LOG_LEVEL: 'WARN' }).logLevel).toBe('warn');
});

test('on Workers there is no file, no demo and no long connection', () => {
  const remote = { ...bot, DATABASE_URL: 'libsql://county.example' };
  expect(readConfig(remote).mode).toBe('bot');
  expect(named(readConfig(bot))).toEqual(['DATABASE_URL']);
  expect(named(readConfig({ ...remote, LARK_TRANSPORT: 'websocket' }))).toEqual(['LARK_TRANSPORT']);
  expect(named(readConfig({ ...remote, LARK_APP_ID: undefined }))).toContain('LARK_APP_ID');
  expect(named(readConfig({ ...remote, DATA_KEY: undefined, DATA_KEY_FILE: '/x' }))).toEqual(['DATA_KEY']);
});

test('DATA_KEY_PREVIOUS is a key, another one than DATA_KEY, and may lie in a file', () => {
  const other = Buffer.alloc(32, 4).toString('base64');
  expect(readConfig({ ...bot, DATA_KEY_PREVIOUS_FILE: '/run/old' }, () => `${other}\n`)).toMatchObject({
    dataKey,
    dataKeyPrevious: other,
  });
  for (const [value, says] of [
    ['short', '原来的 DATA_KEY'],
    [dataKey, '和 DATA_KEY 相同'],
  ] as const) {
    const found = read({ ...bot, DATA_KEY_PREVIOUS: value });
    expect(found).toMatchObject({ mode: 'invalid', problems: [expect.stringContaining(says)] });
  }
});
