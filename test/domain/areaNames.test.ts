import { describe, expect, it } from 'vitest';
import { findAreas, plain, showWithTownship } from '../../src/domain/areaNames.ts';
import type { Area } from '../../src/ports.ts';

const place = (code: string, name: string, level: Area['level'] = 'village'): Area => ({
  code,
  level,
  name,
  fullName: level === 'village' ? name.replace(/村$/, '村委会').replace(/社区$/, '居委会') : name,
  parent: level === 'county' ? null : level === 'township' ? '360722' : code.slice(0, 9),
  township: level === 'county' ? null : code.slice(0, 9),
});
const county = place('360722', '信丰县', 'county');
const daaTown = place('360722108', '大阿镇', 'township');
const hillTown = place('360722109', '油山镇', 'township');
const daa = place('360722108200', '大阿村');
const daaHome = place('360722108001', '大阿社区');
const upper = place('360722108202', '上坪村');
const upperToo = place('360722109202', '上坪村');
const all = [county, daaTown, hillTown, daa, daaHome, upper, upperToo];
const found = (text: string, within: readonly Area[] = all) => findAreas(text, within, all).map((a) => a.code);

describe('what was typed names an area', () => {
  it.each([
    ['大阿村', ['360722108200']],
    ['大阿村委会', ['360722108200']],
    ['大阿 社区', ['360722108001']],
    ['３６０７２２１０８２００', ['360722108200']],
    ['「大阿镇」', ['360722108']],
    ['信丰', ['360722']],
    ['油', ['360722109']], // part of a name, and of one only
    ['大阿镇大阿村', ['360722108200']],
    ['上坪村', ['360722108202', '360722109202']], // two villages of one name: the asker picks
    ['油山镇上坪村', ['360722109202']],
    ['月亮', []],
    ['', []],
    ['。', []],
  ])('%s → %j', (text, codes) => expect(found(text)).toEqual(codes));

  it('a bare stem means the township when the scope contains it, else the villages of that stem', () => {
    expect(found('大阿')).toEqual(['360722108']);
    expect(found('大阿', [daa])).toEqual(['360722108200']);
    expect(found('大阿', [daa, daaHome])).toEqual(['360722108200', '360722108001']);
  });

  it('only the scope is searched, though a township outside of it may be named', () => {
    expect(found('油山镇', [daa])).toEqual([]);
    expect(found('大阿镇大阿村', [daa])).toEqual(['360722108200']);
  });
});

it('compared are letters and digits alone, of any width and case', () => {
  expect(plain(' Ｂｉｎｄ　《大阿》-村 ')).toBe('bind大阿村');
});

it('a village is shown with its township, a township without', () => {
  expect(showWithTownship(upper, all)).toBe('大阿镇上坪村');
  expect(showWithTownship(daaTown, all)).toBe('大阿镇');
});
