import { describe, expect, it } from 'vitest';
import type { Capability } from '../../src/domain/campaign.ts';
import { may, rolesWith, showRoles } from '../../src/domain/scope.ts';
import type { Area, Person, RoleHeld } from '../../src/ports.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const county: Area = { code: '360722', level: 'county', name: '信丰县', fullName: '', parent: null, township: null };
const town: Area = {
  ...county,
  code: '360722108',
  level: 'township',
  name: '大阿镇',
  parent: '360722',
  township: '360722108',
};
const village: Area = { ...town, code: '360722108200', level: 'village', name: '大阿村', parent: '360722108' };
const other: Area = { ...village, code: '360722108201', name: '金星村' };
const places = { county, town, village, other };

const holding = (role: string, area: Area): Person => {
  const held: RoleHeld = { role, areaCode: area.code, level: area.level, township: area.township };
  return { id: 'p', name: '王例', openId: null, roles: [held] };
};

describe('who may do what where', () => {
  it.each<[string, keyof typeof places, Capability, keyof typeof places, boolean]>([
    ['村干部', 'village', 'answer', 'village', true],
    ['村干部', 'village', 'answer', 'other', false],
    ['村干部', 'village', 'bind', 'village', true],
    ['村干部', 'village', 'progress', 'town', false],
    ['驻村工作队', 'village', 'answer', 'village', true],
    ['乡镇干部', 'town', 'answer', 'village', false],
    ['乡镇干部', 'town', 'bind', 'other', true],
    ['乡镇干部', 'town', 'progress', 'town', true],
    ['乡镇负责人', 'town', 'progress', 'county', false],
    ['县办', 'county', 'answer', 'village', true],
    ['县办', 'county', 'progress', 'county', true],
    ['县领导', 'county', 'progress', 'village', true],
    ['县领导', 'county', 'bind', 'village', false],
    ['县级督查', 'county', 'answer', 'village', false],
    ['行业部门', 'county', 'progress', 'county', false],
    ['支书', 'village', 'answer', 'village', false], // a role the campaign does not know
  ])('%s of %s: %s in %s is %s', (...[role, of, capability, where, allowed]) => {
    expect(may({ campaign, person: holding(role, places[of]) }, capability, places[where])).toBe(allowed);
  });

  it('nobody without a role may do anything', () => {
    const nobody: Person = { id: 'p', name: '外人', openId: null, roles: [] };
    expect(rolesWith(campaign, nobody, 'progress')).toEqual([]);
    expect(showRoles(nobody, () => '')).toBe('未登记');
  });

  it('several roles are shown side by side', () => {
    const both = {
      ...holding('村干部', village),
      roles: [...holding('村干部', village).roles, ...holding('县办', county).roles],
    };
    const names = new Map(Object.values(places).map((a) => [a.code, a.name]));
    expect(showRoles(both, (code) => names.get(code) ?? code)).toBe('大阿村 村干部、信丰县 县办');
  });
});
