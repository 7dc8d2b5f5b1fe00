// Owns what a sound county is: every acknowledged household stored once, every count equal to the full count.
import { expect } from 'vitest';
import type { Engine } from '../../db/engine.ts';
import { createStore } from '../../db/store.ts';
import type { Area } from '../../src/ports.ts';

const answered =
  'select h.code, c.rev, c.state, coalesce(e.n, 0) from screening c join household h on h.no = c.household_no ' +
  'left join (select subject, count(*) as n from event where verb = ?2 group by subject) e on e.subject = ?1 || c.id where c.rev > 0';

/** Each stored household has rev 1 and one event, and all of `codes` are among them. Resolves to how many are stored. */
export async function storedOnce(engine: Engine, codes: readonly string[]): Promise<number> {
  const rows = await engine.read(answered, ['screening:', 'submit']);
  expect(rows.filter(([, rev, state, events]) => rev !== 1 || state !== 'clear' || events !== 1)).toEqual([]);
  expect(await engine.read("select count(*) from event where verb = 'submit'", [])).toEqual([[rows.length]]);
  const stored = new Set(rows.map(([code]) => code));
  expect(codes.filter((code) => !stored.has(code))).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
  return rows.length;
}

/** `storedOnce`, and the file itself, the tallies and the guards are as they must be. */
export async function expectSound(engine: Engine, codes: readonly string[]): Promise<void> {
  await storedOnce(engine, codes);
  expect(await engine.read('pragma integrity_check', [])).toEqual([['ok']]);
  expect(await engine.read('select count(*) from guard', [])).toEqual([[0]]);
  const store = createStore(engine);
  const line = (t: { areaCode: string; section: string; state: string; n: number }) => Object.values(t).join(' ');
  for (const { id } of await store.campaigns()) {
    const full = await store.fullCount(id);
    const villages = [...new Set(full.map((t) => t.areaCode))];
    const tallies = await Promise.all(villages.map((code) => store.tallies(id, { level: 'village', code } as Area)));
    const counted = tallies.flat().filter((t) => t.n !== 0);
    expect(counted.map(line).sort()).toEqual(full.map(line).sort());
  }
}
