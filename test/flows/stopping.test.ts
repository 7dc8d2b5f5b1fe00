// Owns the stories of a bot that is asked to stop while it is at work.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { daaGroup, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { boundGroup } from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

const note = (n: number) => ({
  key: `note/${n}`,
  kind: 'send' as const,
  target: { kind: 'chat' as const, id: daaGroup },
  lane: daaGroup,
  payload: { type: 'text' as const, text: `第${n}条` },
  dueAt: w.clock.now(),
});

test('a tick under way ends before the database closes, and what it had not sent is sent once after the next start', async () => {
  await boundGroup(w);
  const numbers = Array.from({ length: 9 }, (_, i) => i + 1);
  const act = { eventId: 'notes', actor: people.cadre, at: w.clock.now() };
  await w.running.store.clickChange(act, [], numbers.map(note));
  w.sim.faults.apiDelayMs = 50;
  const ticking = w.running.bot.tick();
  await w.restart();
  await expect(ticking).resolves.toBeUndefined();
  w.sim.faults.apiDelayMs = 0;
  await w.settle();
  const said = w.heard(daaGroup).map((m) => w.reads(m));
  expect(said.filter((text) => text.startsWith('第'))).toEqual(numbers.map((n) => `第${n}条`));
});
