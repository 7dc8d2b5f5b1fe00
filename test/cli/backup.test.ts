// Owns the proof that a backup is one whole moment of a county that goes on working, that it holds no key, and that only a
// sound backup gets into an empty place.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { createStore } from '../../db/store.ts';
import { newDataKey } from '../../src/vault.ts';
import { type County, newCounty } from '../kill/county.ts';
import { startCrowd } from '../kill/crowd.ts';
import { storedOnce } from '../kill/sound.ts';
import { xinfeng } from '../support/xinfeng.ts';
import { type Desk, filledDesk, newDesk, secrets, startAlone } from './office.ts';

const sha = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('while 64 cadres submit', () => {
  let county: County;
  let desk: Desk;
  beforeAll(async () => {
    county = await newCounty(xinfeng());
    desk = newDesk();
  }, 60_000);
  afterAll(() => {
    desk.close();
    county.close();
  });

  test('a backup holds everything acknowledged before it, is sound, and costs nobody an answer', async () => {
    const file = county.copy();
    const bot = await county.start('bot', file);
    let enough = () => {};
    const underWay = new Promise<void>((done) => {
      enough = done;
    });
    const crowd = startCrowd(bot.said, county.cadres, (n) => n === 200 && enough());
    await underWay;
    const before = crowd.acknowledged.map((a) => a.code);
    const said = await desk.run(`backup --out ${desk.path('under-load.db')} --json`, { DATABASE_URL: `file:${file}` });
    const meanwhile = crowd.acknowledged.length - before.length;
    crowd.stop();
    await crowd.done;
    bot.child.kill('SIGTERM');
    await bot.rest;
    expect(said.code, said.err).toBe(0);
    expect(meanwhile, 'the bot went on answering').toBeGreaterThan(50);
    expect(crowd.others, 'nobody was told anything but saved').toEqual([]);
    const made = JSON.parse(said.out) as { file: string; bytes: number; sha256: string };
    expect(made).toMatchObject({ bytes: statSync(made.file).size, sha256: sha(made.file), households: 2000 });
    expect(readFileSync(`${made.file}.sha256`, 'utf8')).toBe(`${made.sha256}  under-load.db\n`);
    const engine = await openLocal(made.file);
    const stored = await storedOnce(engine, before);
    expect(stored, 'and nothing from after it').toBeLessThanOrEqual(before.length + meanwhile);
    const store = createStore(engine);
    const tallies = await engine.read('select village_code, section, state, n from tally where n <> 0', []);
    const counted = (await store.fullCount(county.campaign.id)).map((t) => [t.areaCode, t.section, t.state, t.n]);
    expect(tallies.sort()).toEqual(counted.sort());
    await store.close();
    process.stderr.write(`backup under load: ${stored} of 2000 in it, ${meanwhile} more answered meanwhile\n`);
  }, 120_000);
});

describe('a county', () => {
  let desk: Desk;
  let file: string;
  beforeAll(async () => {
    desk = await filledDesk();
    file = desk.path('backup.db');
    expect(await desk.run(`backup --out ${file}`)).toMatchObject({ code: 0 });
  }, 120_000);
  afterAll(() => desk.close());

  test('the backup holds neither the key nor a number that was sealed', () => {
    const bytes = readFileSync(file);
    const raw = Buffer.from(desk.key, 'base64');
    for (const form of [raw, Buffer.from(desk.key), Buffer.from(raw.toString('hex')), raw.subarray(0, 16)])
      expect(bytes.includes(form)).toBe(false);
    for (const secret of secrets) expect(bytes.includes(Buffer.from(secret)), secret).toBe(false);
    expect(bytes.includes(Buffer.from('v1.')), 'sealed values are there').toBe(true);
  });

  test('the backup is for the operator alone, and another one never takes its name', async () => {
    expect(statSync(file).mode & 0o077).toBe(0);
    const before = sha(file);
    const again = await desk.run(`backup --out ${file}`);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain('没有覆盖');
    expect(sha(file)).toBe(before);
  });

  test('a remote database is refused kindly, with where its backups are', async () => {
    for (const command of [`backup --out ${desk.path('remote.db')}`, `restore ${file}`]) {
      const said = await desk.run(command, { DATABASE_URL: 'https://db.example.org' });
      expect(said.code).toBe(1);
      expect(said.err).toContain('db.example.org');
      expect(said.err).toContain('请用数据库服务自己的');
    }
    expect(existsSync(desk.path('remote.db'))).toBe(false);
  });

  test('a county whose counts are off gets no backup that looks sound', async () => {
    const shift = (n: number) =>
      desk.damage(
        "update tally set n = n + ? where section = 'ALL' and state = 'todo' and village_code = '360722108200'",
        n,
      );
    await shift(1);
    const said = await desk.run(`backup --out ${desk.path('off.db')}`);
    await shift(-1);
    expect(said.code).toBe(1);
    expect(said.err).toContain('统计数与逐户清点不一致：大阿村');
    expect(existsSync(desk.path('off.db'))).toBe(false);
  });

  describe('restored', () => {
    let place: Desk;
    let here: Record<string, string>;
    beforeEach(() => {
      place = newDesk();
      here = { DATABASE_URL: `file:${place.database}` };
    });
    afterEach(() => place.close());

    test('says the same, row by row, and opens with the same key', async () => {
      const said = await desk.run(`restore ${file}`, here);
      expect(said, said.err).toMatchObject({ code: 0 });
      const all = 'select * from household order by no';
      expect(await place.rows(all)).toEqual(await desk.rows(all));
      const doctor = JSON.parse((await desk.run('doctor --json', here)).out) as {
        checks: { id: string; ok: boolean }[];
      };
      for (const id of ['integrity', 'tallies', 'dataKey'])
        expect(doctor.checks.find((c) => c.id === id)).toMatchObject({ ok: true });
    });

    test('with another key at hand says whose key is missing', async () => {
      const said = await desk.run(`restore ${file}`, { ...here, DATA_KEY: newDataKey() });
      expect(said.code).toBe(0);
      expect(said.err).toMatch(/用密钥 [0-9a-f]{8} 加密的，现在的 DATA_KEY 打不开/);
    });

    test('goes into a place where a bot was only started, but not while it runs', async () => {
      expect(await desk.run('migrate', here)).toMatchObject({ code: 0 });
      const stop = await startAlone({ ...desk.env, ...here, PORT: '0' });
      const refused = await desk.run(`restore ${file}`, here);
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('请先停掉机器人');
      await stop();
      expect(await desk.run(`restore ${file}`, here)).toMatchObject({ code: 0 });
      expect((await place.rows('select count(*) from household'))[0]?.[0]).toBeGreaterThan(10);
    });

    test('never overwrites a county', async () => {
      const before = await desk.rows('select count(*), max(id) from event');
      const said = await desk.run(`restore ${file}`);
      expect(said.code).toBe(1);
      expect(said.err).toContain('库里已有数据');
      expect(await desk.rows('select count(*), max(id) from event')).toEqual(before);
      writeFileSync(place.database, 'something else');
      const other = await desk.run(`restore ${file}`, here);
      expect(other.code).toBe(1);
      expect(other.err).toContain('没有动它');
      expect(readFileSync(place.database, 'utf8')).toBe('something else');
    });

    test('a damaged file is refused by name before anything is touched', async () => {
      const bad = place.path('bad.db');
      const cases: [() => void, string][] = [
        [() => writeFileSync(bad, flipped(readFileSync(file))), '和备份时的校验值不一致'],
        [() => truncateSync(bad, 8192), '和备份时的校验值不一致'],
        [() => writeFileSync(`${bad}.sha256`, 'no sum\n'), '里面没有校验值'],
        // a wrong file with a right checksum: looked into as well
        [() => writeFileSync(`${bad}.sha256`, `${sha(bad)}  bad.db\n`), '文件已损坏'],
        [
          () =>
            [bad, `${bad}.sha256`].forEach((path, i) =>
              writeFileSync(path, i === 0 ? 'hello' : `${sha(bad)}  bad.db\n`),
            ),
          '文件已损坏',
        ],
      ];
      writeFileSync(bad, '');
      const none = await desk.run(`restore ${bad}`, here);
      expect(none.err).toContain('旁边没有');
      writeFileSync(`${bad}.sha256`, readFileSync(`${file}.sha256`));
      for (const [spoil, says] of cases) {
        spoil();
        const said = await desk.run(`restore ${bad}`, here);
        expect(said, says).toMatchObject({ code: 1, out: '' });
        expect(said.err).toContain(bad);
        expect(said.err).toContain(says);
        expect(existsSync(place.database)).toBe(false);
      }
    });

    test('demo and bot never mix: each refuses the other’s backup', async () => {
      const said = await desk.run(`restore ${file}`, { ...here, LARK_APP_ID: '', LARK_APP_SECRET: '' });
      expect(said).toMatchObject({ code: 78 });
      await desk.damage("insert into meta (key, value) values ('mode', 'demo')");
      const sample = desk.path('demo.db');
      await desk.run(`backup --out ${sample}`);
      await desk.damage("delete from meta where key = 'mode'");
      const refused = await desk.run(`restore ${sample}`, here);
      expect(refused.code).toBe(78);
      expect(refused.err).toContain('演示库的备份');
      expect(existsSync(place.database)).toBe(false);
    });
  });
});

/** The same bytes but for one in the middle of a page. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = 3 * 4096 + 100;
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
