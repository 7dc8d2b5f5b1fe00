// Owns the settings: the only reader of the environment's names, pure. Everything is checked at once; a problem names the
// variable and what to write there, never the value of a secret. The same function serves Node and Workers.
import * as z from 'zod/mini';
import { instantOf, isDay } from './domain/time.ts';
import { type LogLevel, logLevels } from './log.ts';
import { isDataKey } from './vault.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What both modes share. */
interface Common {
  readonly host: string;
  readonly port: number;
  readonly simulatorPort: number;
  readonly logLevel: LogLevel;
  readonly metricsToken: string | null;
  readonly monthlyCalls: number;
  /** How events and clicks come in; the demo can show both. */
  readonly transport: 'webhook' | 'websocket';
  /** Where the process's one clock starts, epoch ms; null: real time. */
  readonly rehearsalNow: number | null;
  /** The key before DATA_KEY, while it is being changed: it only opens. */
  readonly dataKeyPrevious: string | null;
  readonly database: Database;
}

/** `file`: path of an embedded database, relative to the working folder. `remote`: libSQL over HTTP. */
export type Database =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'remote'; readonly url: string; readonly authToken: string | null };

export interface DemoConfig extends Common {
  readonly mode: 'demo';
  /** DATA_KEY when one was given; else the demo makes its own. */
  readonly dataKey: string | null;
  /** DATABASE_URL was given: `database` is it, to be used only when it carries the demo mark (else `demoDatabase`). */
  readonly databaseChosen: boolean;
}

export interface BotConfig extends Common {
  readonly mode: 'bot';
  readonly app: { readonly id: string; readonly secret: string };
  readonly baseUrl: string;
  /** Empty texts are possible in websocket transport only: the long connection carries no webhook. */
  readonly encryptKey: string;
  readonly verificationToken: string;
  readonly dataKey: string;
}

export type Config = DemoConfig | BotConfig;

export interface ConfigProblems {
  readonly mode: 'invalid';
  /** One simple Chinese sentence each, beginning with the variable's name. */
  readonly problems: readonly string[];
}

/** The demo's own database. */
const demoDatabase: Database = { kind: 'file', path: 'data/demo.db' };

const botDatabase: Database = { kind: 'file', path: 'data/lookback.db' };

/** What a process that cannot use its settings exits with. */
export const configExit = 78;

type Text = z.ZodMiniType<string, string>;
const text = (ok: (value: string) => boolean, sentence: string): Text => z.string().check(z.refine(ok, sentence));

const oneWord = (value: string): boolean => !/\s/.test(value);
const secret = text(oneWord, '里面有空格或换行，请重新完整复制一次');
const port = text((v) => /^\d{1,5}$/.test(v) && Number(v) <= 65_535, '请填 0 到 65535 之间的整数');

/** Every variable: its shape, and what to write when it has another one. The sentence never repeats the value. */
const shapes = {
  LARK_APP_ID: text((v) => /^cli_\w{4,60}$/.test(v), '请填开放平台上这个应用的 App ID，以 cli_ 开头'),
  LARK_APP_SECRET: secret,
  LARK_ENCRYPT_KEY: secret,
  LARK_VERIFICATION_TOKEN: secret,
  LARK_BASE_URL: text(
    isBaseUrl,
    '请填开放平台的地址，如 https://open.feishu.cn，以 http:// 或 https:// 开头，不带参数',
  ),
  LARK_TRANSPORT: text((v) => v === 'webhook' || v === 'websocket', '请填 webhook 或 websocket'),
  LARK_MONTHLY_CALLS: text((v) => /^[1-9]\d{0,8}$/.test(v), '请填大于 0 的整数，如 10000'),
  DATABASE_URL: text(
    (v) => databaseOf(v) !== null,
    '请填 file:路径，或 libsql://、http://、https:// 开头的地址；用户名、密码和令牌不要写在地址里，令牌填到 DATABASE_AUTH_TOKEN',
  ),
  DATABASE_AUTH_TOKEN: secret,
  DATA_KEY: text(isDataKey, '请填 32 字节密钥的 base64（44 个字符），可以用 openssl rand -base64 32 生成'),
  DATA_KEY_PREVIOUS: text(isDataKey, '换密钥时填原来的 DATA_KEY（44 个字符的 base64），换完请去掉'),
  HOST: text((v) => /^[\w.:[\]-]{1,253}$/.test(v), '请填一个 IP 地址或主机名，如 127.0.0.1'),
  PORT: port,
  SIMULATOR_PORT: port,
  METRICS_TOKEN: secret,
  LOG_LEVEL: text((v) => logLevels.some((l) => l === v), `请填 ${logLevels.join('、')} 中的一个`),
  REHEARSAL_NOW: text(isInstant, '请填带时区的时间，如 2023-07-12T08:30:00+08:00'),
} satisfies Record<string, Text>;

type Name = keyof typeof shapes;
type Values = Partial<Record<Name, string>>;
const secrets: readonly Name[] = [
  'LARK_APP_SECRET',
  'LARK_ENCRYPT_KEY',
  'LARK_VERIFICATION_TOKEN',
  'DATABASE_AUTH_TOKEN',
  'DATA_KEY',
  'DATA_KEY_PREVIOUS',
  'METRICS_TOKEN',
];

type Report = (name: Name, sentence: string) => void;

/**
 * Settings of a process, or every problem at once. `readFile` gives the text of a file (for NAME_FILE) or throws; it is
 * absent on Workers, where there are neither files nor a demo nor a long connection. The caller prints and exits.
 */
export function readConfig(env: Env, readFile?: (path: string) => string): Config | ConfigProblems {
  const problems = new Map<Name, string>();
  const report: Report = (name, sentence) => {
    if (!problems.has(name)) problems.set(name, `${name}：${sentence}。`); // the first thing to do about it is enough
  };
  const values = gather(env, { readFile, report });
  for (const [name, shape] of Object.entries(shapes) as [Name, Text][]) {
    const value = values[name];
    if (value === undefined) continue;
    const parsed = z.safeParse(shape, value);
    if (!parsed.success) report(name, parsed.error.issues.map((issue) => issue.message).join('；'));
  }
  const demo = values.LARK_APP_ID === undefined;
  if (readFile === undefined) checkWorker(values, report);
  else if (demo) checkDemo({ values, report, production: env.NODE_ENV === 'production' });
  if (!demo) checkBot(values, report);
  if (values.DATA_KEY_PREVIOUS !== undefined && values.DATA_KEY_PREVIOUS === values.DATA_KEY)
    report('DATA_KEY_PREVIOUS', '和 DATA_KEY 相同；没有在换密钥的话，请去掉它');
  if (problems.size > 0) return { mode: 'invalid', problems: [...problems.values()] };
  return demo ? demoConfig(values) : botConfig(values);
}

/** Given values: trimmed, an empty one is none; a secret may lie in the file that NAME_FILE names. */
function gather(env: Env, { readFile, report }: { readFile: ((path: string) => string) | undefined; report: Report }) {
  const values: Values = {};
  for (const name of Object.keys(shapes) as Name[]) {
    const own = env[name]?.trim() || undefined;
    const path = secrets.includes(name) ? env[`${name}_FILE`]?.trim() || undefined : undefined;
    const fromFile = path === undefined ? undefined : textOf(path, readFile);
    if (own !== undefined && path !== undefined) report(name, `和 ${name}_FILE 只填一个，请去掉另一个`);
    else if (fromFile === null) report(name, `${name}_FILE 指的文件读不到或是空的，请核对路径和读取权限`);
    const value = name === 'LOG_LEVEL' ? own?.toLowerCase() : (own ?? fromFile ?? undefined);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function textOf(path: string, readFile: ((path: string) => string) | undefined): string | null {
  try {
    return readFile?.(path).trim() || null;
  } catch {
    return null; // reported by the caller: the cause could name what the file holds
  }
}

// ── rules between variables ──────────────────────────────────────────────────────────────────────────────────────

const where = (name: Name): string => (secrets.includes(name) ? `（也可以用 ${name}_FILE 给出文件路径）` : '');
const missing: Partial<Record<Name, string>> = {
  LARK_APP_SECRET: '还没有填写，请填开放平台“凭证与基础信息”里的 App Secret',
  LARK_ENCRYPT_KEY: '还没有填写，请填开放平台“事件与回调－加密策略”里的 Encrypt Key',
  LARK_VERIFICATION_TOKEN: '还没有填写，请填开放平台“事件与回调－加密策略”里的 Verification Token',
  DATA_KEY: '还没有填写，身份证号和电话要用它加密后才保存；可以用 openssl rand -base64 32 生成，请另外妥善备份',
};

function checkBot(values: Values, report: Report): void {
  const needed: Name[] = ['LARK_APP_SECRET', 'DATA_KEY'];
  if (values.LARK_TRANSPORT !== 'websocket') needed.push('LARK_ENCRYPT_KEY', 'LARK_VERIFICATION_TOKEN');
  // The SDK, which keeps the long connection, takes no other app id and says nothing about it.
  if (values.LARK_TRANSPORT === 'websocket' && !/^cli_[0-9a-fA-F]{16}$/.test(values.LARK_APP_ID ?? ''))
    report('LARK_APP_ID', '用长连接时应是 cli_ 加 16 位字母数字，请重新完整复制一次');
  for (const name of needed) if (values[name] === undefined) report(name, `${missing[name]}${where(name)}`);
}

function checkDemo({ values, report, production }: { values: Values; report: Report; production: boolean }): void {
  if (values.LARK_APP_SECRET !== undefined)
    report('LARK_APP_ID', '填了 LARK_APP_SECRET 就要填它；只想看演示，请把两个都去掉');
  else if (production) report('LARK_APP_ID', '没有填写时是演示模式，NODE_ENV=production 时不能演示，请填应用的 App ID');
  if (!isLoopback(values.HOST ?? defaults.host)) report('HOST', '演示模式只能在本机打开，请填 127.0.0.1 或不填');
  const own = Number(values.PORT ?? defaults.port);
  const page = values.SIMULATOR_PORT === undefined ? own + 1 : Number(values.SIMULATOR_PORT);
  if (page > 65_535) report('SIMULATOR_PORT', '不填时是 PORT 加 1，已经超出 65535，请另填一个');
  if (page === own && own !== 0) report('SIMULATOR_PORT', '和 PORT 相同，请另填一个');
}

function checkWorker(values: Values, report: Report): void {
  if (values.LARK_APP_ID === undefined) report('LARK_APP_ID', '还没有填写；Workers 上没有演示模式，请填应用的 App ID');
  if (values.LARK_TRANSPORT === 'websocket') report('LARK_TRANSPORT', '长连接要在服务器上运行，Workers 上请填 webhook');
  const database = values.DATABASE_URL === undefined ? null : databaseOf(values.DATABASE_URL);
  if (database?.kind !== 'remote') report('DATABASE_URL', 'Workers 上没有文件，请填 libsql:// 或 https:// 开头的地址');
}

// ── values to settings: everything below was checked above ───────────────────────────────────────────────────────

const defaults = { host: '127.0.0.1', port: '8787', monthlyCalls: '10000', baseUrl: 'https://open.feishu.cn' };

function common(values: Values): Omit<Common, 'database'> {
  const own = Number(values.PORT ?? defaults.port);
  return {
    host: (values.HOST ?? defaults.host).replace(/^\[|\]$/g, ''),
    port: own,
    simulatorPort: values.SIMULATOR_PORT === undefined ? (own === 0 ? 0 : own + 1) : Number(values.SIMULATOR_PORT),
    logLevel: logLevels.find((l) => l === values.LOG_LEVEL) ?? 'info',
    metricsToken: values.METRICS_TOKEN ?? null,
    transport: values.LARK_TRANSPORT === 'websocket' ? 'websocket' : 'webhook',
    monthlyCalls: Number(values.LARK_MONTHLY_CALLS ?? defaults.monthlyCalls),
    rehearsalNow: values.REHEARSAL_NOW === undefined ? null : instantOf(values.REHEARSAL_NOW),
    dataKeyPrevious: values.DATA_KEY_PREVIOUS ?? null,
  };
}

function demoConfig(values: Values): DemoConfig {
  return {
    ...common(values),
    mode: 'demo',
    dataKey: values.DATA_KEY ?? null,
    database: database(values, demoDatabase),
    databaseChosen: values.DATABASE_URL !== undefined,
  };
}

function botConfig(values: Values): BotConfig {
  return {
    ...common(values),
    mode: 'bot',
    app: { id: values.LARK_APP_ID ?? '', secret: values.LARK_APP_SECRET ?? '' },
    baseUrl: (values.LARK_BASE_URL ?? defaults.baseUrl).replace(/\/+$/, ''),
    encryptKey: values.LARK_ENCRYPT_KEY ?? '',
    verificationToken: values.LARK_VERIFICATION_TOKEN ?? '',
    dataKey: values.DATA_KEY ?? '',
    database: database(values, botDatabase),
  };
}

function database(values: Values, fallback: Database): Database {
  const found = (values.DATABASE_URL === undefined ? null : databaseOf(values.DATABASE_URL)) ?? fallback;
  return found.kind === 'file' ? found : { ...found, authToken: values.DATABASE_AUTH_TOKEN ?? null };
}

// ── shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The database a DATABASE_URL names (without its token), or null. */
function databaseOf(value: string): Database | null {
  const file = /^file:(?!\/\/[^/])(?:\/\/)?([^?#]+)$/.exec(value)?.[1];
  if (file !== undefined) return file.includes(':memory:') ? null : { kind: 'file', path: file };
  if (!/^(libsql|https?):\/\//.test(value)) return null;
  const url = urlOf(value);
  const plain =
    url && url.username === '' && url.password === '' && url.hash === '' && /^(\?tls=[01])?$/.test(url.search);
  return plain ? { kind: 'remote', url: value.replace(/\/+$/, ''), authToken: null } : null;
}

function isBaseUrl(value: string): boolean {
  const url = urlOf(value);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.username === '' && url.password === '' && !/[?#\s]/.test(value);
}

function urlOf(value: string): URL | null {
  try {
    const url = new URL(value);
    return url.host === '' ? null : url;
  } catch {
    return null;
  }
}

function isInstant(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(value)) return false;
  return isDay(value.slice(0, 10)) && !Number.isNaN(instantOf(value));
}

/** Only this machine can reach it. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
