// `tick --at`: sets the command's clock, runs what came due and sends it; never repeats, never goes behind.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, filledDesk, startPlatform } from './office.ts';

let desk: Desk;
let platform: Awaited<ReturnType<typeof startPlatform>>;
beforeAll(async () => {
  desk = await filledDesk();
  platform = await startPlatform();
}, 120_000);
afterAll(async () => {
  await platform.stop();
  desk.close();
});

const tick = (at: string) => desk.run(`tick --at ${at}:00+08:00 --json`, platform.env);
const figures = async (at: string) => {
  const said = await tick(at);
  expect(said.err, said.err).not.toContain('"level":"error"');
  const { due, sent, deferred } = JSON.parse(said.out) as Record<string, number>;
  return { due, sent, deferred };
};
const digests = () => desk.rows("select count(*) from outbox where key like 'dig/%' and state = 'sent'");

test('the first says nothing of the past, the slot’s sends every digest, the next ones none', async () => {
  expect(await figures('2023-07-12T08:31')).toEqual({ due: 0, sent: 0, deferred: 0 });
  expect(await figures('2023-07-12T09:02')).toEqual({ due: 5, sent: 5, deferred: 0 });
  expect(await digests()).toEqual([[5]]);
  expect(await figures('2023-07-12T09:03')).toEqual({ due: 0, sent: 0, deferred: 0 });
  const behind = await tick('2023-07-12T09:02');
  expect([behind.code, behind.out]).toEqual([1, '']);
  expect(await digests()).toEqual([[5]]);
}, 120_000);

test('six days later it is one digest each', async () => {
  expect(await figures('2023-07-18T08:00')).toMatchObject({ sent: 0 });
  expect(await figures('2023-07-24T10:14')).toEqual({ due: 5, sent: 5, deferred: 0 });
  expect(await digests()).toEqual([[10]]);
}, 120_000);
