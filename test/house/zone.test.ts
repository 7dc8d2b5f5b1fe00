// Owns the proof that the zone projects of vitest.config.ts run under the zone they name.
import { expect, test } from 'vitest';

test('a process runs in the zone that TZ names', () => {
  const zone = process.env.TZ ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const noon = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', hour: '2-digit', day: '2-digit' });
  const shown = noon.formatToParts(0);
  const part = (type: string) => Number(shown.find((p) => p.type === type)?.value);
  expect([new Date(0).getDate(), new Date(0).getHours()]).toEqual([part('day'), part('hour')]);
});
