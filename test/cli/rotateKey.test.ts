// Owns changing DATA_KEY: beside a running bot nothing sealed stays under the old key, nothing sealed is missed by the list of
// sealed columns, numbers are still found, and a change that was cut short goes on.

import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { sealedColumns, sealedMeta } from '../../db/sealed.ts';
import { rotationStore } from '../../db/storeRotation.ts';
import { rotate } from '../../src/keyRotation.ts';
import { sealedTokens } from '../../src/sealedTokens.ts';
import { createVault, newDataKey } from '../../src/vault.ts';
import { daaGroup, people } from '../support/people.ts';
import { cadrePhone, csv, type Desk, familyRows, filledDesk, secrets, startBeside } from './office.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await filledDesk();
}, 120_000);
afterEach(() => desk.close());

const sealedText = /v1\.[0-9a-f]{8}\.[\w-]{20,}/g;

/** Every sealed text of the database by the table and column it stands in. */
async function scan(engine: Engine): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const tables = await engine.read(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
    [],
  );
  for (const [table] of tables) {
    const columns = (await engine.read('select name from pragma_table_info(?)', [table ?? ''])).map((r) =>
      String(r[0]),
    );
    for (const row of await engine.read(`select ${columns.map((c) => `"${c}"`).join(', ')} from "${table}"`, [])) {
      row.forEach((value, i) => {
        const texts = typeof value === 'string' ? (value.match(sealedText) ?? []) : [];
        const where = `${table}.${columns[i]}`;
        if (texts.length > 0) found.set(where, [...(found.get(where) ?? []), ...texts]);
      });
    }
  }
  return found;
}

const opened = async <T>(work: (engine: Engine) => Promise<T>): Promise<T> => {
  const engine = await openLocal(desk.database);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
};
const idOf = (sealed: string) => sealed.split('.')[1];

test('everything sealed stands on the list of sealed columns, and nothing secret stands anywhere unsealed', async () => {
  const found = await opened(scan);
  const listed = sealedColumns.map((c) =>
    c.value.startsWith('json_extract') ? `${c.table}.facts` : `${c.table}.${c.value}`,
  );
  expect([...found.keys()].sort()).toEqual([...new Set(listed)].sort());
  const everything = await opened(async (engine) => {
    const rows = await Promise.all(
      ['household', 'member', 'person', 'event', 'import_stage', 'import_job', 'meta'].map((t) =>
        engine.read(`select * from ${t}`, []),
      ),
    );
    return JSON.stringify(rows);
  });
  expect(everything).toContain('许家例');
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
});

test('beside a running bot all is sealed anew, digests as well; the old key is not needed any more', async () => {
  const beside = await startBeside(desk);
  beside.sim.addBot(daaGroup, people.cadre);
  await beside.settle();
  const before = await opened(async (engine) => {
    await sealedTokens(beside.running.store, await createVault(desk.key)).set({ value: 't-old', expiresAt: 1 });
    return scan(engine);
  });
  const fresh = newDataKey();
  const env = { DATA_KEY: fresh, DATA_KEY_PREVIOUS: desk.key };
  const said = await desk.run('rotate-key --json', env);
  expect(said.code, said.err).toBe(0);
  await beside.sim.say(people.cadre, daaGroup, '绑定 大阿村', { mentionBot: true });
  await beside.settle();
  expect(beside.sim.messages(daaGroup).filter((m) => m.from.bot).length, 'the bot went on').toBeGreaterThan(1);
  await beside.stop();

  const vault = await createVault(fresh); // the new key alone
  const after = await opened(scan);
  const count = (map: Map<string, string[]>) => [...map].map(([where, texts]) => [where, texts.length]);
  const kept = new Map([...before].filter(([where]) => where !== 'meta.value'));
  expect(count(after)).toEqual(count(kept));
  expect(sealedMeta).toEqual(['tenantToken']);
  for (const sealed of [...after.values()].flat()) expect(await vault.open(sealed)).toMatch(/^[\dX*B]{11,22}$/i);
  const [digest] = await desk.rows('select name from person where phone_hash = ?', [await vault.digest(cadrePhone)]);
  expect(digest).toEqual(['王例']);
  const id = familyRows[0]?.户主证件号码 ?? '';
  expect(await desk.rows('select code from household where id_hash = ?', [await vault.digest(id)])).toEqual([
    ['大阿-01-020'],
  ]);
  expect(JSON.parse((await desk.run('doctor --json', { DATA_KEY: fresh })).out).checks).toContainEqual({
    id: 'dataKey',
    ok: true,
    fix: '',
  });
});

test('after the change the same file still changes nothing, and one changed row is one update', async () => {
  const fresh = { DATA_KEY: newDataKey() };
  writeFileSync(desk.path('old.key'), `${desk.key}\n`);
  const said = await desk.run(`rotate-key --from-file ${desk.path('old.key')}`, fresh);
  expect(said.code, said.err).toBe(0);
  const again = await desk.run(`import households ${desk.rosterFile} --json`, fresh);
  expect(JSON.parse(again.out)).toMatchObject({ created: 0, updated: 0, unchanged: 15 });
  const changed = familyRows.map((r) => ({ ...r, 家庭人口数: '3' }));
  writeFileSync(desk.path('changed.csv'), csv(changed));
  const update = await desk.run(`import households ${desk.path('changed.csv')} --json`, fresh);
  expect(JSON.parse(update.out)).toMatchObject({ created: 0, updated: 1 });
});

test('cut short after any step it goes on where it was, and the other key is refused meanwhile', async () => {
  const fresh = newDataKey();
  const [vault, previous] = [await createVault(fresh, [desk.key]), await createVault(desk.key)];
  const keys = async () => [...new Set([...(await opened(scan)).values()].flat().map(idOf))].sort();
  for (const lives of [1, 2]) {
    await opened(async (engine) => {
      let left = lives;
      const dying: Engine = {
        ...engine,
        read: (sql, args) => engine.read(sql, args),
        version: (tables) => engine.version(tables),
        commit: (unit) => (left-- > 0 ? engine.commit(unit) : Promise.reject(new Error('the process died'))),
      };
      await expect(rotate({ store: rotationStore(dying), vault, previous, now: () => 1 })).rejects.toThrow('died');
    });
    expect(await keys(), `after ${lives} steps`).toContain(previous.keyId);
  }
  const env = { DATA_KEY: fresh, DATA_KEY_PREVIOUS: desk.key };
  const refused = await desk.run(`import households ${desk.rosterFile}`, env);
  expect(refused.err).toContain('正在更换密钥');
  const doctor = JSON.parse((await desk.run('doctor --json', env)).out);
  expect(doctor.checks).toContainEqual({ id: 'dataKey', ok: false, fix: expect.stringContaining('再运行一次') });
  expect(await desk.run('rotate-key', env)).toMatchObject({ code: 0 });
  expect(await keys()).toEqual([vault.keyId]);
});

test('the wrong old key changes nothing, and no old key is asked for by name', async () => {
  const before = await opened(scan);
  const wrong = await desk.run('rotate-key', { DATA_KEY: newDataKey(), DATA_KEY_PREVIOUS: newDataKey() });
  expect(wrong).toMatchObject({ code: 78, out: '' });
  expect(wrong.err).toContain('请填原来的那把，没有改动');
  const none = await desk.run('rotate-key', { DATA_KEY: newDataKey() });
  expect(none.code).toBe(78);
  expect(none.err).toContain('DATA_KEY_PREVIOUS');
  expect(await opened(scan)).toEqual(before);
});
