// Several campaigns in one county: their names, their roles, and the groups of the roster they share.
import { describe, expect, it, test } from 'vitest';
import { checkBeside } from '../../src/domain/campaignBeside.ts';
import { splitCampaign } from '../../src/domain/campaignNames.ts';
import { keyGroupsOf } from '../../src/domain/importFacts.ts';
import { parsePeople, rolesOf } from '../../src/domain/importPeople.ts';
import { tableOf } from '../../src/domain/importTable.ts';
import { firstStep } from '../../src/domain/questions.ts';
import type { Area } from '../../src/ports.ts';
import { flood, oneWell } from '../support/otherCampaigns.ts';
import { xinfeng } from '../support/xinfeng.ts';

const area = (code: string, level: Area['level'], name: string): Area => ({
  code,
  level,
  name,
  fullName: name,
  parent: null,
  township: level === 'county' ? null : code.slice(0, 9),
});
const areas = [
  area('360722', 'county', '信丰县'),
  area('360722108', 'township', '大阿镇'),
  area('360722108200', 'village', '大阿村'),
];
const both = [xinfeng(), flood()];

describe('what an argument speaks of', () => {
  it.each([
    ['', '', []],
    ['大阿村', '大阿村', []],
    ['信丰', '信丰', []], // the county, though a title says it too
    ['防返贫“回头看”', '', ['xinfeng-2023-13']],
    ['回头看', '', ['xinfeng-2023-13']],
    ['大阿镇 汛期住房安全', '大阿镇', ['flood-2023']],
    ['大阿镇汛期', '大阿镇', ['flood-2023']],
    ['防返贫 大阿', '大阿', ['xinfeng-2023-13']],
    ['360722108200 flood-2023', '360722108200', ['flood-2023']],
    ['大阿村 工作', '大阿村', ['xinfeng-2023-13', 'flood-2023']], // a word of both titles: asked which
    ['大阿村 汛', '大阿村 汛', []], // one letter names nothing
    ['月亮村 汛期', '月亮村 汛期', []],
  ])('%s', (argument, wanted, campaigns) => {
    const spoken = splitCampaign(argument, both, areas);
    expect([spoken.area, spoken.campaigns.map((c) => c.id)]).toEqual([wanted, campaigns]);
  });
});

test('beside a household only a whole name is a campaign’s', () => {
  const spoken = (text: string) => {
    const { area, campaigns } = splitCampaign(text, both, null);
    return [area, ...campaigns.map((c) => c.id)];
  };
  expect(spoken('大阿-01-001')).toEqual(['大阿-01-001']);
  expect(spoken('大阿-01-001 汛期住房安全')).toEqual(['大阿01001', 'flood-2023']);
  expect(spoken('防返贫“回头看” 赵一例')).toEqual(['赵一例', 'xinfeng-2023-13']);
  expect(spoken('汛期')).toEqual(['汛期']); // somebody's name, for all we know
});

describe('a campaign beside others', () => {
  it('goes with the county’s own, and with itself loaded again', () => {
    expect(checkBeside(flood(), [xinfeng(), flood(), oneWell()])).toEqual([]);
  });

  it('may not be called the same, nor mean another group by a code', () => {
    const other = { ...flood(), short: '防返贫回头看', keyGroups: [{ code: 'KG2', label: '独居老人户' }] };
    expect(checkBeside(other, [xinfeng()])).toEqual([
      '简称“防返贫回头看”和活动 xinfeng-2023-13 一样，发命令时分不清，请改 short',
      'keyGroups 的编号 KG2 在活动 xinfeng-2023-13 里是“低收入农户”，这里是“独居老人户”，请换一个编号',
    ]);
  });
});

describe('the people file', () => {
  const columns = ['姓名', '角色', '区划代码', 'open_id'];
  const index = new Map(areas.map((a) => [a.code, a]));
  const rows = [{ 姓名: '王例', 角色: '网格员', 区划代码: '360722108200', open_id: 'ou_1' }];

  it('knows the roles of a loaded campaign, each in its own kind of area, beside the usual ones', () => {
    const roles = rolesOf([flood()]);
    expect(parsePeople(tableOf(columns, rows), index, roles).refused).toEqual([]);
    const township = [{ ...rows[0], 区划代码: '360722108' }];
    expect(parsePeople(tableOf(columns, township), index, roles).refused).toMatchObject([{ code: 'level' }]);
    expect(roles).toMatchObject({ 村干部: ['village'], 镇巡查员: ['township'], 县住建局: ['county'] });
  });

  it('refuses them before it is loaded, and says what to do first', () => {
    const [refused] = parsePeople(tableOf(columns, rows), index).refused;
    expect(refused?.message).toContain('“网格员”不是可用的角色');
    expect(refused?.message).toContain('请先载入那项活动再导入名单');
    const strange = [{ ...rows[0], 角色: 'constructor' }];
    expect(parsePeople(tableOf(columns, strange), index).refused).toMatchObject([{ code: 'role' }]);
  });
});

test('a group two campaigns both name is the group of each; one only one of them names is its own', () => {
  const groups = keyGroupsOf(both.flatMap((c) => c.keyGroups));
  const refuse = (name: string) => {
    throw new Error(name);
  };
  expect(groups.read('脱贫户', refuse)).toEqual(['KG1', 'D1']);
  expect(groups.read('低收入农户、独居老人户', refuse)).toEqual(['D2', 'KG2']);
  expect(groups.lifted).toEqual(['KG1', 'D1']);
  expect(keyGroupsOf([{ code: 'X', label: '别的' }]).lifted).toEqual([]);
});

test('a question whose id ends in no number has none; a switch of one item has the item’s', () => {
  const facts = {};
  const asked = firstStep(flood(), { lookbacks: ['plain'], form: 'short', facts });
  expect(asked.map((q) => [q.id, q.number])).toEqual([
    ['seen', ''],
    ['wall', ''],
  ]);
  const items = xinfeng().items.filter((i) => !['L1-07', 'L1-08', 'L1-09'].includes(i.id));
  const one = firstStep({ ...xinfeng(), items }, { lookbacks: ['LB1'], form: 'short', facts });
  expect(one.find((q) => q.id === 'L1-S1')?.number).toBe('第6题');
});
