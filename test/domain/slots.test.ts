// When messages nobody asked for go out: spread, within the platform's limits, never at its busiest minutes.
import { describe, expect, test } from 'vitest';
import { apart, speakable, spread, wave } from '../../src/domain/slots.ts';
import { instantOf, timeOf } from '../../src/domain/time.ts';
import { calendarOf } from '../../src/domain/workdays.ts';

const zone = 'Asia/Shanghai';
const nine = instantOf('2023-07-12T09:02:00+08:00');

test('311 groups and 2,000 people are through within the platform’s 1,000 a minute plus 20 %', () => {
  const instants = spread(nine, 2311);
  const seconds = ((instants.at(-1) ?? 0) - nine) / 1000;
  expect(seconds).toBeLessThanOrEqual((2311 / 1000) * 60 * 1.2);
  expect(60_000 / apart).toBeLessThan(1000);
});

test.each([9, 29, 58])(
  'a cause of 4,200 messages that begins at minute %i: within five minutes, none at :00 or :30',
  (m) => {
    const start = instantOf(`2023-07-12T09:${String(m).padStart(2, '0')}:00+08:00`);
    const instants = spread(start, 4200);
    const minutes = new Set(instants.map((at) => timeOf(at, zone).slice(3)));
    expect(minutes.has('00') || minutes.has('30')).toBe(false);
    expect((instants.at(-1) ?? 0) - (instants[0] ?? 0)).toBeLessThanOrEqual(wave + 60_000);
  },
);

describe('when the bot may speak again', () => {
  const hours = { calendar: calendarOf([]), zone, morning: '09:02' };
  test.each([
    ['2023-07-12T08:10', '2023-07-12T09:02'],
    ['2023-07-12T09:00', '2023-07-12T09:02'], // not before the first slot
    ['2023-07-12T10:00', '2023-07-12T10:01'], // not at the full hour
    ['2023-07-12T10:15', '2023-07-12T10:15'],
    ['2023-07-12T10:30', '2023-07-12T10:31'],
    ['2023-07-12T18:00', '2023-07-13T09:02'],
    ['2023-07-14T19:00', '2023-07-17T09:02'],
    ['2023-07-15T12:00', '2023-07-17T09:02'],
    ['2023-09-28T18:10', '2023-10-07T09:02'],
  ])('%s: %s', (at, expected) => {
    expect(speakable(instantOf(`${at}:00+08:00`), hours)).toBe(instantOf(`${expected}:00+08:00`));
  });
  test('never, where nobody published the year', () => {
    expect(speakable(instantOf('2040-07-12T10:00:00+08:00'), hours)).toBeNull();
  });
});
