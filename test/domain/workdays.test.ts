// Which days are worked: the published table against facts, the county's own days before it, and no guess where it ends.
import { describe, expect, test } from 'vitest';
import { addDays, instantAt, instantOf, weekdayOf } from '../../src/domain/time.ts';
import {
  type Calendar,
  calendarOf,
  isWorkingTime,
  nextWorkday,
  previousWorkday,
  workdayAfter,
} from '../../src/domain/workdays.ts';

const published = calendarOf([]);
const zone = 'Asia/Shanghai';

describe('the State Council’s notices of 2023 to 2026', () => {
  test.each([
    // rest on weekdays
    ['2023-01-23', false],
    ['2023-01-27', false],
    ['2023-05-01', false],
    ['2023-06-22', false],
    ['2023-09-29', false],
    ['2023-10-06', false],
    ['2024-02-12', false],
    ['2024-02-16', false],
    ['2024-05-03', false],
    ['2025-01-28', false],
    ['2025-10-08', false],
    ['2026-02-17', false],
    ['2026-02-23', false],
    // work on weekends
    ['2023-01-28', true],
    ['2023-06-25', true],
    ['2023-10-07', true],
    ['2023-10-08', true],
    ['2024-02-04', true],
    ['2024-02-18', true],
    ['2024-09-14', true],
    ['2025-01-26', true],
    ['2025-09-28', true],
    ['2026-01-04', true],
    ['2026-02-28', true],
    // and as every week
    ['2023-07-14', true],
    ['2023-07-15', false],
    ['2023-07-16', false],
    ['2023-07-17', true],
    ['2024-02-09', true], // New Year's Eve of 2024 was no public holiday
  ])('%s: worked %s', (day, worked) => {
    expect(published.isWorkday(day)).toBe(worked);
  });

  test.each([
    [2023, 249],
    [2024, 251],
    [2025, 248],
    [2026, 248],
  ])('%i has %i working days', (year, n) => {
    const days = Array.from({ length: 366 }, (_, i) => addDays(`${year}-01-01`, i)).filter((d) =>
      d.startsWith(String(year)),
    );
    expect(days.filter((d) => published.isWorkday(d))).toHaveLength(n);
  });
});

describe('a year without a table', () => {
  test('has no working day at all, whatever the weekday', () => {
    expect(published.covers(2040)).toBe(false);
    expect(weekdayOf('2040-07-11')).toBe(3);
    expect(published.isWorkday('2040-07-11')).toBe(false);
    expect(nextWorkday(published, '2040-07-11')).toBeNull();
  });

  test('is covered once the county wrote its own', () => {
    const own = calendarOf([{ extraWorkdays: ['2040-10-07'], extraRestDays: ['2040-10-01'] }]);
    expect(own.covers(2040)).toBe(true);
    expect(['2040-10-01', '2040-10-02', '2040-10-07'].map((d) => own.isWorkday(d))).toEqual([false, true, true]);
  });
});

const county: Calendar = calendarOf([
  { extraWorkdays: ['2023-07-15'], extraRestDays: ['2023-07-19'] },
  { extraWorkdays: [], extraRestDays: ['2023-07-20'] },
]);

describe('the county’s own days go before the published ones', () => {
  test.each([
    ['2023-07-15', true],
    ['2023-07-16', false],
    ['2023-07-19', false],
    ['2023-07-20', false],
  ])('%s: worked %s', (day, worked) => {
    expect(county.isWorkday(day)).toBe(worked);
  });

  test('what comes next and before steps over them', () => {
    expect(nextWorkday(county, '2023-07-18')).toBe('2023-07-21');
    expect(previousWorkday(county, '2023-07-21')).toBe('2023-07-18');
    expect(nextWorkday(published, '2023-09-28')).toBe('2023-10-07');
    expect(previousWorkday(published, '2024-02-18')).toBe('2024-02-09');
    expect(workdayAfter(published, '2023-07-20', 2)).toBe('2023-07-24');
  });
});

describe('unasked only in working hours', () => {
  test.each([
    ['2023-07-12T08:59:59+08:00', false],
    ['2023-07-12T09:00:00+08:00', true],
    ['2023-07-12T17:59:59+08:00', true],
    ['2023-07-12T18:00:00+08:00', false],
    ['2023-07-15T10:00:00+08:00', false],
    ['2023-10-07T10:00:00+08:00', true],
  ])('%s: %s', (iso, allowed) => {
    expect(isWorkingTime(published, instantOf(iso), zone)).toBe(allowed);
  });

  test('a clock time of the county is the same instant wherever the machine stands', () => {
    expect(instantAt('2023-07-12', '09:02', zone)).toBe(instantOf('2023-07-12T09:02:00+08:00'));
    expect(instantAt('2023-01-01', '00:00', 'Asia/Urumqi')).toBe(instantOf('2023-01-01T00:00:00+06:00'));
    expect(instantAt('2023-07-12', '09:02', 'America/New_York')).toBe(instantOf('2023-07-12T09:02:00-04:00'));
  });
});
