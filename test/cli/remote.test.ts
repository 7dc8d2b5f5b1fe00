// Owns the operator's commands on a remote database: prepared and confirmed once, filled, looked at, its key changed.
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRemote } from '../../db/remote.ts';
import { operatorStore } from '../../db/storeOperator.ts';
import { createVault, newDataKey } from '../../src/vault.ts';
import { type Bridge, startBridge } from '../support/bridge.ts';
import { areaRows } from '../support/people.ts';
import { csv, type Desk, newDesk, roster } from './office.ts';

let bridge: Bridge;
let desk: Desk;
let there: Record<string, string>;
beforeAll(async () => {
  bridge = await startBridge({ token: 'secret' });
  desk = newDesk();
  there = { DATABASE_URL: bridge.url('county'), DATABASE_AUTH_TOKEN: 'secret' };
  writeFileSync(desk.path('区划.csv'), csv(areaRows()));
  writeFileSync(desk.rosterFile, csv(roster));
});
afterAll(async () => {
  desk.close();
  await bridge.close();
});

interface Report {
  readonly checks: readonly { readonly id: string; readonly ok: boolean; readonly fix: string }[];
}
const failed = async (env: Record<string, string> = {}) => {
  const said = await desk.run('doctor --json', { ...there, ...env });
  return (JSON.parse(said.out) as Report).checks.filter((c) => !c.ok).map((c) => c.id);
};

test('nothing is done before `migrate`, and the doctor says so', async () => {
  const early = await desk.run(`import areas ${desk.path('区划.csv')}`, there);
  expect(early).toMatchObject({ code: 78, out: '' });
  expect(early.err).toContain('npx lookback migrate');
  expect(await failed()).toContain('database');
  expect(await desk.run('migrate', there)).toMatchObject({ code: 0 });
  expect(await failed()).not.toContain('database');
});

test('where the data lie is confirmed once', async () => {
  expect(await failed()).toContain('location');
  const text = (await desk.run('doctor', there)).out;
  expect(text).toContain(`在 ${new URL(bridge.url('county')).host}（远程数据库）。含真实名单的数据不得存放在境外`);
  await desk.run('migrate --confirm-remote', there);
  expect(await failed()).not.toContain('location');
});

test('a county is filled and its key changed as on a file', async () => {
  for (const file of [`areas ${desk.path('区划.csv')}`, `households ${desk.rosterFile}`])
    expect(await desk.run(`import ${file}`, there)).toMatchObject({ code: 0 });
  const fresh = newDataKey();
  const said = await desk.run('rotate-key --json', { ...there, DATA_KEY: fresh, DATA_KEY_PREVIOUS: desk.key });
  expect(said.code, said.err).toBe(0);
  const engine = openRemote(bridge.url('county'), 'secret');
  const vault = await createVault(fresh);
  expect([...(await operatorStore(engine).keyIds()).keys()]).toEqual([vault.keyId]);
  await engine.close();
  const again = await desk.run(`import households ${desk.rosterFile} --json`, { ...there, DATA_KEY: fresh });
  expect(JSON.parse(again.out)).toMatchObject({ created: 0, updated: 0, unchanged: 15 });
  expect(await failed({ DATA_KEY: fresh })).not.toContain('dataKey');
  expect((await desk.run('outbox', there)).out).toContain('没有发不出去的消息');
});
