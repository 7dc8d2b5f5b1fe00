// Owns who works in the demo's county: cadres of every village, clerks of every township, the county's people, and the
// few worth playing first. Ids depend on the seed and the post alone, so both scales have the same people.
import type { Featured } from './county.ts';
import type { Area } from './countyAreas.ts';
import { Chance, hashOf, hexOf, nameOf } from './countyInvent.ts';

export interface Crew {
  readonly people: readonly Record<string, string>[];
  readonly featured: readonly Featured[];
  readonly outsiders: ReadonlyMap<string, readonly string[]>; // area code → open ids in its group but in no list
  readonly showVillage: string; // code of the village the demo opens with: it has a household of every kind
  /** Open ids of an area, its first contact first. */
  of(areaCode: string): readonly string[];
  chatId(areaCode: string): string;
}

const show = { village: '360722108', villageName: '大阿村', communityName: '大阿社区' };

export function crewOf(seed: number, areas: readonly Area[]): Crew {
  const build = new CrewBuilder(seed);
  for (const area of areas) build.village(area);
  for (const [code] of new Map(areas.map((a) => [a.township, a]))) build.township(code);
  build.county((areas[0]?.code ?? '').slice(0, 6));
  return build.done(areas);
}

class CrewBuilder {
  private readonly people: Record<string, string>[] = [];
  private readonly byArea = new Map<string, string[]>();
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  private add(area: string, role: string, n: number): void {
    const key = `${this.seed}/${area}/${role}/${n}`;
    const openId = `ou_${hexOf(key)}`;
    this.people.push({ 姓名: nameOf(new Chance(hashOf(key))), 角色: role, 区划代码: area, open_id: openId });
    this.byArea.set(area, [...(this.byArea.get(area) ?? []), openId]);
  }

  private many(area: string, role: string, count: number): void {
    for (let n = 1; n <= count; n++) this.add(area, role, n);
  }

  village(area: Area): void {
    const chance = new Chance(hashOf(`${this.seed}/${area.code}`));
    this.many(area.code, '村干部', chance.int(2, 4));
    this.many(area.code, '驻村工作队', chance.int(1, 2));
  }

  township(code: string): void {
    this.many(code, '乡镇干部', 13);
    this.many(code, '乡镇负责人', 2);
  }

  county(code: string): void {
    this.many(code, '县办', 5);
    this.many(code, '县级督查', 20);
    this.many(code, '县领导', 3);
    this.many(code, '行业部门', 12);
  }

  done(areas: readonly Area[]): Crew {
    const village = areas.find((a) => a.township === show.village && a.name === show.villageName) ?? areas[0];
    const community = areas.find((a) => a.township === show.village && a.name === show.communityName) ?? areas[1];
    const outsider = {
      openId: `ou_${hexOf(`${this.seed}/outsider`)}`,
      name: nameOf(new Chance(hashOf(`${this.seed}/outsider`))),
    };
    const one = (area: string, role: string, note: string): Featured[] => {
      const p = this.people.find((x) => x.区划代码 === area && x.角色 === role);
      return p ? [{ openId: p.open_id ?? '', name: p.姓名 ?? '', note }] : [];
    };
    const county = (village?.code ?? '').slice(0, 6);
    const featured = [
      ...one(village?.code ?? '', '村干部', `${village?.name} 村干部`),
      ...one(village?.code ?? '', '驻村工作队', `${village?.name} 驻村工作队`),
      ...one(community?.code ?? '', '村干部', `${community?.name} 村干部`),
      ...one(village?.township ?? '', '乡镇干部', `${village?.townshipName} 乡镇干部`),
      ...one(county, '县办', '县办'),
      ...one(county, '县领导', '县领导'),
      ...one(county, '县级督查', '县级督查'),
      { ...outsider, note: `在${village?.name}群里，不在名单` },
    ];
    return {
      people: this.people,
      featured,
      showVillage: village?.code ?? '',
      outsiders: new Map([[village?.code ?? '', [outsider.openId]]]),
      of: (code) => this.byArea.get(code) ?? [],
      chatId: (code) => `oc_${hexOf(`${this.seed}/chat/${code}`)}`,
    };
  }
}
