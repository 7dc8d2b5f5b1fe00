// Owns the long connection's promise about power cuts: an event that was stored and never acked comes again and runs once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from '../support/people.ts';
import { newWorld } from '../support/world.ts';
import { type Script, startable } from './county.ts';

let script: Script;
beforeAll(async () => {
  script = await startable();
}, 60_000);
afterAll(() => script.close());

test('killed between storing an event and its ack: the event comes again and is answered once', async () => {
  const w = await newWorld({ transport: 'websocket' });
  await w.running.stop();
  const dying = await script.start('line', w.path, w.sim.url);
  await w.sim.say(people.cadre, w.privateChat('cadre'), '帮助');
  await dying.rest;
  expect(dying.child.signalCode).toBe('SIGKILL');
  await w.sim.idle();
  await w.restart();
  expect(await w.rows('select count(*) from inbox')).toEqual([[1]]); // stored, not run
  expect(w.heard(w.privateChat('cadre'))).toEqual([]);
  await w.until('2023-07-12T08:31:00+08:00'); // past the platform's second try after 15 s
  await w.until('2023-07-12T16:00:00+08:00'); // and past its last
  expect(w.heard(w.privateChat('cadre'))).toHaveLength(1);
  await w.end();
}, 60_000);
