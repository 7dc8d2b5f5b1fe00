import { describe, expect, it } from 'vitest';
import { addDays, dayOf, daysBetween, instantOf, isDay, showDay, showInstant, timeOf } from '../../src/domain/time.ts';

const zone = 'Asia/Shanghai';

describe('a day is the campaign’s day, wherever the machine stands', () => {
  it.each([
    ['2023-07-11T16:00:00Z', '2023-07-12', '00:00'],
    ['2023-07-11T15:59:59Z', '2023-07-11', '23:59'],
    ['2023-07-21T23:59:59+08:00', '2023-07-21', '23:59'],
    ['2023-12-31T16:00:00Z', '2024-01-01', '00:00'],
  ])('%s is %s %s', (iso, day, time) => {
    expect(dayOf(instantOf(iso), zone)).toBe(day);
    expect(timeOf(instantOf(iso), zone)).toBe(time);
  });

  it('is shown without leading zeros in the day, with them in the time', () => {
    expect(showInstant(instantOf('2023-07-02T08:05:00+08:00'), zone)).toBe('7月2日 08:05');
    expect(showDay('2023-11-30')).toBe('11月30日');
  });
});

describe('calendar days', () => {
  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2023-13-01', false],
    ['2023-7-1', false],
    ['2023-07-12T00:00', false],
    ['', false],
  ])('%s is a day: %s', (text, is) => expect(isDay(text)).toBe(is));

  it.each([
    ['2023-07-12', '2023-07-12', 0],
    ['2023-07-12', '2023-07-20', 8],
    ['2023-07-20', '2023-07-12', -8],
    ['2023-03-11', '2023-03-13', 2], // a clock change in New York lies between
    ['2024-02-28', '2024-03-01', 2],
  ])('from %s to %s are %i days', (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
    expect(addDays(from, days)).toBe(to);
  });

  it('an instant that is none is NaN', () => expect(instantOf('gestern')).toBeNaN());
});
