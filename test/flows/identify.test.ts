// People of whom the file gives a mobile number only: the tick asks the platform who they are, rarely and in one call.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { importStore } from '../../db/storeImport.ts';
import { newId } from '../../src/newId.ts';
import { createImports } from '../../src/usecases/imports.ts';
import { createVault } from '../../src/vault.ts';
import { dataKey, tableOf } from '../support/countyFile.ts';
import { daa, names, people, type Row } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { scheduled } from './digestStory.ts';

const mobile = '13900799077';
const byPhone: Row = { 姓名: names.stranger, 角色: '村干部', 区划代码: daa, 手机号: mobile };
const wrong: Row = { 姓名: '错号例', 角色: '村干部', 区划代码: daa, 手机号: '13900799078' };

let w: TestWorld;
const begin = async (roles: readonly Row[]) => {
  w = await newWorld({ campaigns: [scheduled()], roles });
};
const has = (number: string, who: 'stranger' | 'cadre' = 'stranger') =>
  w.sim.addUser({ name: names[who], openId: people[who], mobile: number });
const tick = () => w.running.bot.tick();
const asked = () => w.sim.calls.filter((c) => c.path.includes('batch_get_id')).length;
const openIdOf = async (name: string) => (await w.rows('select open_id from person where name = ?', name))[0]?.[0];
const identified = () => w.rows("select actor, after from event where verb = 'identify'");
const missingScope = {
  permission_violations: [{ type: 'action_scope_required', subject: 'contact:user.id:readonly' }],
};

/** The people file once more, on the file the bot is running on. */
async function importAgain(row: Row): Promise<void> {
  const engine = await openLocal(w.path);
  const vault = await createVault(dataKey);
  const imports = createImports({ store: importStore(engine), vault, clock: w.clock, newId });
  expect((await imports.people(tableOf([row]))).refused).toEqual([]);
  await engine.close();
}

afterEach(() => w.end());

describe('a person imported by phone', () => {
  beforeEach(() => begin([byPhone]));

  it('is nobody before the tick, and works after it', async () => {
    has(mobile);
    expect(w.reads(await w.asks('stranger', '排查'))).toContain('您还不在名单里');
    await tick();
    expect(w.reads(await w.asks('stranger', '排查'))).toContain('大阿村');
    expect(await identified()).toEqual([['cron', JSON.stringify({ openId: people.stranger })]]);
  });

  it('is asked for once, however often the tick comes', async () => {
    has(mobile);
    await Promise.all([tick(), tick()]);
    await tick();
    expect(asked()).toBe(1);
  });

  it('stays known when the file is imported again', async () => {
    has(mobile);
    await tick();
    await importAgain({ ...byPhone, 姓名: '外人例' });
    expect(await openIdOf('外人例')).toBe(people.stranger);
    await tick();
    expect(asked()).toBe(1);
  });

  it('does not get an open_id that somebody else already has', async () => {
    has(mobile, 'cadre');
    await tick();
    expect(await openIdOf(names.stranger)).toBeNull();
    expect(await openIdOf(names.cadre)).toBe(people.cadre);
    expect(await identified()).toEqual([]);
  });

  it('outside the app’s range is not known', async () => {
    has(mobile).reachable = false;
    await tick();
    expect(await openIdOf(names.stranger)).toBeNull();
  });

  it('is asked for again ten minutes after an outage', async () => {
    has(mobile);
    w.sim.faults.apiFailures.push({ on: 'batch_get_id', code: 2200, times: 1 });
    await tick();
    await tick();
    expect(asked()).toBe(1);
    await w.until('2023-07-12T08:40:00+08:00');
    expect(asked()).toBe(2);
    expect(await openIdOf(names.stranger)).toBe(people.stranger);
  });

  it('costs no call a minute while the scope is missing', async () => {
    has(mobile);
    w.sim.faults.apiFailures.push({ on: 'batch_get_id', code: 99991672, times: 1, error: missingScope });
    await tick();
    await w.until('2023-07-12T14:29:00+08:00');
    expect(asked()).toBe(1);
    await w.until('2023-07-12T14:31:00+08:00');
    expect(await openIdOf(names.stranger)).toBe(people.stranger);
  });
});

describe('a number nobody has', () => {
  it('is asked again only after a day', async () => {
    await begin([wrong]);
    await tick();
    await w.until('2023-07-13T08:29:00+08:00');
    expect(asked()).toBe(1);
    await w.until('2023-07-13T08:31:00+08:00');
    expect(asked()).toBe(2);
  });

  it('is never asked when the person’s role has ended', async () => {
    await begin([wrong]);
    const engine = await openLocal(w.path);
    await engine.commit([
      {
        sql: 'update person_role set active = 0 where person_id in (select id from person where name = ?)',
        args: ['错号例'],
      },
    ]);
    await engine.close();
    await tick();
    expect(asked()).toBe(0);
  });
});

it('sixty people cost one call a tick', async () => {
  await begin(
    Array.from({ length: 60 }, (_, i) => ({ ...wrong, 姓名: `错号${i}例`, 手机号: String(13900700000 + i) })),
  );
  await tick();
  expect(asked()).toBe(1);
  await tick();
  await tick();
  expect(asked()).toBe(2);
});

it('with nobody to ask for, nobody is asked', async () => {
  await begin([]);
  await tick();
  expect(asked()).toBe(0);
});

it('who was recognised gets reminders as everybody else', async () => {
  await begin([byPhone]);
  has(mobile);
  await w.until('2023-07-12T08:31:00+08:00');
  await w.until('2023-07-12T09:02:00+08:00');
  expect(w.heard(w.privateChat('stranger'))).toHaveLength(1);
});
