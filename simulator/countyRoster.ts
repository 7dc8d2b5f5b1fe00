// Owns the demo's roster: how many households a village has, who is in the register of monitored households, who belongs
// to the eight key groups. Shares follow the sizing notes of the field (97 % outside the register).
import type { Area } from './countyAreas.ts';
import { Chance, hashOf, Ids, maskedPhone, nameOf } from './countyInvent.ts';
import type { Crew } from './countyPeople.ts';

export type Household = Record<string, string>;
export interface RosterPlan {
  readonly seed: number;
  readonly size: { readonly total: number; readonly least: number; readonly most: number; readonly group: number };
  readonly areas: readonly Area[];
  readonly crew: Crew;
}

const share = { active: 0.008, eliminated: 0.01, lifted: 0.08, otherKeyGroup: 0.12, alert: 0.012 };
const risks = ['因病', '因残', '因学', '因灾', '因缺劳动力', '因意外事故', '因产业失败', '因务工就业不稳'] as const;
const alerts = [
  '医保：大额医疗支出',
  '民政：新增低保',
  '残联：新办残疾证',
  '教体：助学申请',
  '人社：就业不稳',
  '住建：房屋待鉴定',
] as const;

/** Households of every village; the sum is exactly the total, each within its bounds. */
function villageSizes({ seed, size, areas }: Pick<RosterPlan, 'seed' | 'size' | 'areas'>): number[] {
  const chance = new Chance(hashOf(`${seed}/sizes`));
  const clamp = (n: number) => Math.min(size.most, Math.max(size.least, Math.round(n)));
  const mean = size.total / areas.length;
  // Sum of three uniform numbers: a hump with tails, so that a few villages are large.
  const counts = areas.map(() =>
    clamp(mean * Math.exp(1.1 * (chance.next() + chance.next() + chance.next() - 1.5) - 0.14)),
  );
  let rest = size.total - counts.reduce((a, b) => a + b, 0);
  for (let i = 0; rest !== 0; i = (i + 1) % counts.length) {
    const before = counts[i] ?? 0;
    const after = clamp(before + Math.sign(rest));
    counts[i] = after;
    rest -= after - before;
  }
  return counts;
}

export function* householdsOf(plan: RosterPlan): Generator<Household> {
  const counts = villageSizes(plan);
  const ids = { heads: new Ids(1940, 1998, 0), others: new Ids(1936, 2018, 500) };
  for (const [i, area] of plan.areas.entries()) yield* villageOf(plan, area, { count: counts[i] ?? 0, ids });
}

interface VillageSize {
  readonly count: number;
  readonly ids: { readonly heads: Ids; readonly others: Ids };
}

function* villageOf(plan: RosterPlan, area: Area, { count, ids }: VillageSize): Generator<Household> {
  const chance = new Chance(hashOf(`${plan.seed}/roster/${area.code}`));
  const groups = Math.max(2, Math.round(count / plan.size.group));
  const marks = registerOf(chance, count, area.code === plan.crew.showVillage);
  const contacts = plan.crew.of(area.code);
  for (let i = 0; i < count; i++) {
    const group = String((i % groups) + 1).padStart(2, '0');
    const no = String(Math.floor(i / groups) + 1).padStart(3, '0');
    const head = ids.heads.next();
    const household: Household = {
      户编码: `${area.short}-${group}-${no}`,
      区划代码: area.code,
      组: `第${Number(group)}组`,
      户主姓名: nameOf(chance),
      家庭人口数: String(1 + Math.min(8, Math.floor(chance.next() * 3 + chance.next() * 4))),
      户主证件号码: head.id,
      联系电话: chance.is(0.9) ? maskedPhone(chance) : '',
    };
    const mark = marks.get(i);
    if (!mark) yield ordinary(chance, household);
    else
      yield* monitored(chance, household, {
        mark,
        head,
        ids: ids.others,
        contact: contacts[i % contacts.length] ?? '',
      });
  }
}

type Mark = 'active' | 'safetyNet' | 'eliminated';

/** Which households are in the register: at least one active, one eliminated; of the active some cannot work. */
function registerOf(chance: Chance, count: number, show: boolean): Map<number, Mark> {
  const marks = new Map<number, Mark>();
  const place = (mark: Mark, n: number) => {
    for (let left = n; left > 0; ) {
      const at = chance.int(0, count - 1);
      if (marks.has(at)) continue;
      marks.set(at, mark);
      left--;
    }
  };
  const active = Math.max(show ? 2 : 1, Math.round(count * share.active));
  const safetyNet = show || chance.is(0.15) ? Math.max(1, Math.round(active * 0.2)) : Math.round(active * 0.15);
  place('active', active);
  place('safetyNet', safetyNet);
  place('eliminated', Math.max(show ? 2 : 1, Math.round(count * share.eliminated)));
  return marks;
}

function ordinary(chance: Chance, household: Household): Household {
  const lifted = chance.is(share.lifted);
  const group =
    !lifted && chance.is(share.otherKeyGroup) ? chance.pick(['KG2', 'KG3', 'KG5', 'KG6', 'KG7', 'KG8']) : '';
  return {
    ...household,
    户类型: lifted ? '脱贫户' : '一般农户',
    八类人员: lifted ? 'KG1' : group,
    人均纯收入: chance.is(0.3) ? String(chance.int(group === 'KG2' ? 76 : 115, group === 'KG2' ? 112 : 320) * 100) : '',
    部门预警: chance.is(share.alert) ? chance.pick(alerts) : '',
  };
}

interface Monitoring {
  readonly mark: Mark;
  readonly head: { readonly id: string; readonly birthday: string; readonly sex: string };
  readonly ids: Ids;
  readonly contact: string;
}

function* monitored(chance: Chance, household: Household, m: Monitoring): Generator<Household> {
  const type = chance.pick(['脱贫不稳定户', '边缘易致贫户', '边缘易致贫户', '突发严重困难户']);
  const gone = m.mark === 'eliminated';
  const month = (from: number, to: number) =>
    `${chance.int(from, to)}${String(chance.int(1, gone ? 6 : 12)).padStart(2, '0')}`;
  const common: Household = {
    ...household,
    户类型: type === '脱贫不稳定户' || chance.is(0.3) ? '脱贫户' : '一般农户',
    监测对象类别: type,
    识别时间: gone ? month(2020, 2021) : month(2021, 2022),
    主要风险: m.mark === 'safetyNet' ? '因残、因缺劳动力' : chance.pick(risks),
    风险是否已消除: gone ? '是' : '否',
    消除时间: gone ? month(2022, 2023) : '',
    消除方式: gone ? (chance.is(0.15) ? '自然消除' : '帮扶消除') : '',
    整户无劳动能力标注: m.mark === 'safetyNet' ? chance.pick(['甲', '乙', '乙']) : '否',
    八类人员: m.mark === 'safetyNet' ? 'KG3' : '',
    包户干部open_id: m.contact,
    人均纯收入: String(chance.int(gone ? 90 : 62, gone ? 180 : 110) * 100),
  };
  yield* members(chance, common, m);
}

function* members(chance: Chance, common: Household, m: Monitoring): Generator<Household> {
  const unable = m.mark === 'safetyNet';
  const count = unable ? Math.min(2, Number(common.家庭人口数)) : Math.min(5, Number(common.家庭人口数));
  const surname = (common.户主姓名 ?? '').slice(0, 1);
  for (let i = 0; i < count; i++) {
    const person = i === 0 ? m.head : m.ids.next();
    const grown = i === 0 || Number(person.birthday.slice(0, 4)) < 2005;
    const old = Number(person.birthday.slice(0, 4)) < 1955;
    const skill =
      unable || old || !grown
        ? grown && !old
          ? '丧失劳动力'
          : '无劳动力'
        : chance.pick(['普通劳动力', '普通劳动力', '弱劳动力或半劳动力']);
    const works = skill === '普通劳动力' && chance.is(0.6);
    yield {
      ...common,
      家庭人口数: String(count),
      姓名: i === 0 ? (common.户主姓名 ?? '') : nameOf(chance, surname),
      与户主关系:
        i === 0
          ? '户主'
          : grown
            ? chance.pick(['配偶', '之子', '之女', '之母'])
            : chance.pick(['之子', '之女', '之孙子']),
      证件号码: person.id,
      性别: person.sex,
      出生日期: person.birthday,
      民族: '汉族',
      健康状况: unable ? chance.pick(['残疾', '患有大病']) : chance.pick(['健康', '健康', '健康', '长期慢性病']),
      劳动技能: skill,
      劳动意愿: skill === '无劳动力' || skill === '丧失劳动力' ? '否' : '是',
      务工地点: works ? chance.pick(['本县', '广东', '福建', '浙江']) : '',
      '务工时间(月)': works ? String(chance.int(4, 11)) : '',
      居民医保: '是',
      低保类型: unable ? '农村低保' : '',
      特困供养方式: common.整户无劳动能力标注 === '甲' ? '分散供养' : '',
    };
  }
}
