// Owns the proof that the log tells the operator what happened and nobody anything about a person.
import { expect, test } from 'vitest';
import { bufferedLines, createLog, type LogLevel } from '../src/log.ts';

const at = Date.parse('2023-07-12T08:31:05.007+08:00');

function logged(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLog({ level, write: (line) => lines.push(line), clock: { now: () => at } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

test('a line is one JSON object with time, level, message and the fields', () => {
  const { log, lines, last } = logged();
  log.info('sent\nsecond line', { logId: '2023', count: 3, at, code: '360722100001' });
  expect(lines[0]).not.toContain('\n');
  expect(last()).toEqual({
    time: '2023-07-12T00:31:05.007Z',
    level: 'info',
    message: 'sent\nsecond line',
    logId: '2023',
    count: 3,
    at,
    code: '360722100001',
  });
});

test('a field cannot pose as the time, the level or the message of its line', () => {
  const { log, last } = logged();
  log.warn('real', { level: 'debug', message: 'other' });
  expect(last()).toMatchObject({ level: 'warn', message: 'real', level_: 'debug', message_: 'other' });
});

test('levels below the chosen one are silent', () => {
  const { log, lines } = logged('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(['c', 'd']);
});

const personal: [string, string][] = [
  ['an ID number', '360799199001011234'],
  ['an ID number ending in X', '36079919900101123x'],
  ['an ID number of 15 digits', '360799900101123'],
  ['a mobile number', '13812345678'],
  ['a mobile number with country code', '+86 138-1234-5678'],
  ['a landline', '0797-3312345'],
  ['a bank card', '6228480012345678901'],
  ['an access token', 't-g1044ghJRUIJJ5ELPMCLXXXX'],
  ['a bearer header', 'Bearer abc.def-ghi'],
  ['a JWT', 'eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ.c2ln'],
  ['a password in an address', 'operator:hunter2'],
];

test.each(personal)('%s never reaches a line, wherever it stands', (_what, value) => {
  const text = value.startsWith('operator') ? `libsql://${value}@db.example` : `说明：${value}，完`;
  const { log, lines } = logged();
  log.error(text, { text, deep: { list: [text] }, [text]: 1 });
  log.error('failed', { error: new Error(text, { cause: new Error(text) }) });
  const asNumber = Number(value);
  if (Number.isSafeInteger(asNumber)) log.error('number', { value: asNumber });
  for (const line of lines) expect(line).not.toContain(value);
  expect(lines[0]).toContain('[removed]');
});

test('fields named like a secret or like a person are dropped whatever they hold', () => {
  const { log, last } = logged();
  const named = ['appSecret', 'accessToken', 'Authorization', 'encrypt_key', 'dataKey', 'X-Lark-Signature'];
  const people = ['fullName', 'headName', 'phone', 'idNumber', 'answers'];
  log.info('x', { nested: Object.fromEntries([...named, ...people].map((name) => [name, 'plain'])) });
  expect(Object.values(last().nested)).toEqual([...named, ...people].map(() => '[removed]'));
});

test('an error keeps its name, code and cause', () => {
  const { log, last } = logged();
  const cause = Object.assign(new TypeError('lost'), { code: 'ECONNRESET' });
  log.error('call failed', { error: new Error('outer', { cause }) });
  expect(last().error).toMatchObject({
    name: 'Error',
    message: 'outer',
    cause: { name: 'TypeError', code: 'ECONNRESET' },
  });
});

test('a log never throws: not for a loop, a getter that throws, a bigint, nor a writer that fails', () => {
  const { log, lines } = logged();
  const loop: Record<string, unknown> = { big: 12n, run: () => 1, bytes: new Uint8Array(9) };
  loop.self = loop;
  log.info('loop', loop);
  expect(lines).toHaveLength(1);
  const angry = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  log.info('angry', { angry });
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ message: 'angry', fields: '[unreadable]' });
  const full = createLog({
    level: 'info',
    clock: { now: () => at },
    write: () => {
      throw new Error('disk full');
    },
  });
  expect(() => full.info('x')).not.toThrow();
});

test('a very long text is cut, a very long list shortened', () => {
  const { log, lines } = logged();
  log.info('x'.repeat(100_000), { list: Array.from({ length: 10_000 }, (_, i) => i) });
  expect(lines[0]?.length).toBeLessThan(3_000);
});

test('buffered lines go out together, once, in order', () => {
  const written: string[] = [];
  const turns: (() => void)[] = [];
  const lines = bufferedLines(
    (text) => written.push(text),
    (run) => turns.push(run),
  );
  lines.write('1');
  lines.write('2');
  expect(written).toEqual([]);
  for (const turn of turns.splice(0)) turn();
  lines.write('3');
  lines.flush();
  for (const turn of turns.splice(0)) turn();
  expect(written).toEqual(['1\n2\n', '3\n']);
});
