// Owns the log: one JSON object a line, without personal data. Where a line goes is the entry point's choice; a log
// never throws, never waits, and knows nothing of what it reports.
import { dayOf, minute, timeOf } from './domain/time.ts';
import type { Clock, Log } from './ports.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogSettings {
  readonly level: LogLevel;
  /** Gets whole lines without the line end. Node: a buffered writer to stderr (see `bufferedLines`); Workers: console. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
}

type Fields = Record<string, unknown>;

/** Fields named like a secret or like a person's data are dropped; texts lose what looks like such a number. */
export function createLog({ level, write, clock }: LogSettings): Log {
  const least = logLevels.indexOf(level);
  const stamp = stamps();
  const at =
    (own: LogLevel) =>
    (message: string, fields?: Fields): void => {
      if (logLevels.indexOf(own) < least) return;
      try {
        write(line({ time: stamp(clock.now()), level: own, message, fields }));
      } catch {
        // A log that cannot be written must not stop the work it reports on.
      }
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/**
 * Gathers lines and hands them on together: one write per turn of the loop instead of one per line. `flush` hands on what
 * is left (call it before the process ends); `later` is setImmediate or the like.
 */
export function bufferedLines(out: (text: string) => void, later: (run: () => void) => void) {
  let waiting: string[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const text = `${waiting.join('\n')}\n`;
    waiting = [];
    out(text);
  };
  return {
    write(text: string): void {
      if (waiting.push(text) === 1) later(flush);
    },
    flush,
  };
}

/** Instants as '2023-07-12T00:31:05.123Z'; the minute is formatted once, since lines come in bursts. */
function stamps(): (at: number) => string {
  let from = Number.NaN;
  let head = '';
  return (at) => {
    const start = at - (((at % minute) + minute) % minute);
    if (start !== from) {
      from = start;
      head = `${dayOf(at, 'UTC')}T${timeOf(at, 'UTC')}`;
    }
    const rest = at - start;
    return `${head}:${String(Math.floor(rest / 1000)).padStart(2, '0')}.${String(rest % 1000).padStart(3, '0')}Z`;
  };
}

interface Entry {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Fields | undefined;
}

function line(entry: Entry): string {
  try {
    return lineOf(entry);
  } catch {
    return lineOf({ ...entry, fields: { fields: '[unreadable]' } }); // a getter that throws
  }
}

function lineOf({ time, level, message, fields }: Entry): string {
  const said = fields ? (clean(fields, 0) as Fields) : {};
  return JSON.stringify({ time, level, message: cleanText(message), ...without(said) });
}

/** The three names of a line are ours; a field of the same name goes beside them. */
function without(fields: Fields): Fields {
  const taken = ['time', 'level', 'message'];
  return Object.fromEntries(Object.entries(fields).map(([k, v]) => [taken.includes(k) ? `${k}_` : k, v]));
}

const secretName =
  /secret|token|password|authorization|cookie|api_?key|data_?key|encrypt_?key|signature|ticket|credential/i;
const personName =
  /^(full_?name|head_?name|user_?name|person_?name|id_?(no|number|card)|phone|mobile|tel|answers?|address)$/i;
const gone = '[removed]';
const deepest = 6;
const longest = 2_000;

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) && looksPersonal(String(value)) ? gone : value;
  if (typeof value === 'bigint') return cleanText(String(value));
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (value === null || typeof value !== 'object') return value;
  if (depth >= deepest) return '[deeper]';
  if (value instanceof Error) return cleanError(value, depth);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, 50).map((v) => clean(v, depth + 1));
  return cleanObject(value, depth);
}

function cleanObject(value: object, depth: number): Fields {
  const entries = Object.entries(value).map(([name, v]): [string, unknown] => {
    const hidden = (secretName.test(name) || personName.test(name)) && v !== null && v !== undefined;
    return [cleanText(name), hidden ? gone : clean(v, depth + 1)];
  });
  return Object.fromEntries(entries);
}

/** An error says its name, message, own fields (code, log id) and where it happened. */
function cleanError(error: Error, depth: number): Fields {
  return {
    ...cleanObject({ ...error }, depth),
    name: error.name,
    message: cleanText(error.message),
    ...(error.stack && { stack: cleanText(error.stack) }),
    ...(error.cause !== undefined && { cause: clean(error.cause, depth + 1) }),
  };
}

// Ordered: an ID number holds what would pass for a phone number.
const personal: readonly RegExp[] = [
  /(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])/g, // ID, 18
  /(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)/g, // ID, 15
  /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)/g, // mobile phone
  /(?<!\d)0\d{2,3}-\d{7,8}(?!\d)/g, // landline
  /(?<!\d)62\d{14,17}(?!\d)/g, // bank card
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi,
  /\b[tu]-[\w.-]{16,}/g, // the platform's access tokens
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, // JWT: the token of a remote database
  /(?<=\/\/)[^/@\s]+:[^/@\s]+(?=@)/g, // user and password in an address
  /(?<=[?&](?:\w*token|\w*secret|\w*key|ticket|authkey)=)[^&\s"']+/gi,
];

const looksPersonal = (text: string): boolean => personal.some((pattern) => text.search(pattern) >= 0);

function cleanText(text: string): string {
  let shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  for (const pattern of personal) shown = shown.replace(pattern, gone);
  return shown;
}
