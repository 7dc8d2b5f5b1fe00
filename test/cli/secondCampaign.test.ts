// A second campaign comes into a county whose first one is under way, by the operator's own commands.
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flood, floodRoles } from '../support/otherCampaigns.ts';
import { csv, type Desk, filledDesk } from './office.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await filledDesk();
}, 60_000);
afterAll(() => desk.close());

const write = (name: string, text: string): string => {
  writeFileSync(desk.path(name), text);
  return desk.path(name);
};
const states = (campaign: string) =>
  desk.rows('select state, count(*) from screening where campaign_id = ? group by state order by state', [campaign]);
const tally = (campaign: string) =>
  desk.rows("select state, sum(n) from tally where campaign_id = ? and section = 'ALL' and n <> 0 group by state", [
    campaign,
  ]);

test('its roles are known once it is loaded; the first one keeps every row as it was', async () => {
  await desk.damage("update screening set submitted_by = 'someone', rev = 3 where id = 'xinfeng-2023-13:1'");
  const first = await desk.rows("select * from screening where campaign_id = 'xinfeng-2023-13' order by id");
  const people = write('汛期人员.csv', csv(floodRoles));

  const early = await desk.run(`import people ${people}`);
  expect(early.code).toBe(1);
  expect(early.err).toContain('“网格员”不是可用的角色');

  const loaded = await desk.run(`campaign load ${write('汛期.yaml', JSON.stringify(flood()))} --json`);
  expect(JSON.parse(loaded.out)).toEqual({ id: 'flood-2023', items: 6, phases: 3 });
  const imported = await desk.run(`import people ${people} --json`);
  expect(JSON.parse(imported.out)).toMatchObject({ created: 5, refused: [] });

  expect(await desk.rows("select * from screening where campaign_id = 'xinfeng-2023-13' order by id")).toEqual(first);
  expect(await states('flood-2023')).toEqual(await tally('flood-2023'));
  expect(await states('flood-2023')).toEqual([['todo', 14]]); // 13 of the roster and the family, one is in no population
  const again = await desk.run(`campaign load ${desk.path('汛期.yaml')}`);
  expect(again.code).toBe(0);
  expect(await states('flood-2023')).toEqual([['todo', 14]]);
  expect((await desk.run('campaign list')).out).toContain('flood-2023  关于做好汛期农村住房安全再排查工作的通知');
});

test('one that could not be told from it is refused with a sentence, and nothing of it stays', async () => {
  const same = { ...flood(), id: 'flood-2024', short: '防返贫回头看' };
  const said = await desk.run(`campaign load ${write('同名.yaml', JSON.stringify(same))}`);
  expect(said.code).toBe(1);
  expect(said.err).toContain('同名.yaml: 简称“防返贫回头看”和活动 xinfeng-2023-13 一样');
  expect(await desk.rows("select count(*) from campaign where id = 'flood-2024'")).toEqual([[0]]);
});
