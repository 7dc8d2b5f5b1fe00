// Owns who lives and works in the small county of the tests: people with fixed roles, areas, groups, households.
import { readFileSync } from 'node:fs';
import { checkDigit } from '../../src/domain/idNumber.ts';

export type Row = Readonly<Record<string, string>>;

/** open_ids by who they are. */
export const people = {
  cadre: 'ou_00000000000000000000000000000001', // 王例, 大阿村 村干部
  colleague: 'ou_00000000000000000000000000000002', // 李样, 大阿村 驻村工作队
  neighbour: 'ou_00000000000000000000000000000003', // 张示, 金星村 村干部
  clerk: 'ou_00000000000000000000000000000004', // 陈例, 大阿镇 乡镇干部
  office: 'ou_00000000000000000000000000000005', // 周样, 县办
  leader: 'ou_00000000000000000000000000000006', // 刘示, 县领导
  stranger: 'ou_00000000000000000000000000000007', // in a group, not in the people file
} as const;
export type Who = keyof typeof people;

export const names: Readonly<Record<Who, string>> = {
  cadre: '王例',
  colleague: '李样',
  neighbour: '张示',
  clerk: '陈例',
  office: '周样',
  leader: '刘示',
  stranger: '外人',
};

export const daaTown = '360722108'; // 大阿镇
export const daa = '360722108200'; // 大阿村
export const jinxing = '360722108201'; // 金星村
export const daaGroup = 'oc_000000000000000000000000000000a1';
export const jinxingGroup = 'oc_000000000000000000000000000000a2';
export const townGroup = 'oc_000000000000000000000000000000a3';
/** Another group of 大阿村, there when several campaigns are loaded. */
export const secondGroup = 'oc_000000000000000000000000000000a4';

/** 大阿镇 and 油山镇 of the real organisation tree. */
export function areaRows(): Row[] {
  const file = new URL('../../campaigns/xinfeng_orgs.csv', import.meta.url);
  const lines = readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\r?\n/);
  const columns = (lines.shift() ?? '').split(',');
  return lines
    .map((l) => Object.fromEntries(l.split(',').map((v, i) => [columns[i] ?? '', v])))
    .filter((r) => r.乡镇 === '大阿镇' || r.乡镇 === '油山镇');
}

export const roleRows: readonly Row[] = [
  { 姓名: '王例', 角色: '村干部', 区划代码: daa, open_id: people.cadre },
  { 姓名: '李样', 角色: '驻村工作队', 区划代码: daa, open_id: people.colleague },
  { 姓名: '张示', 角色: '村干部', 区划代码: jinxing, open_id: people.neighbour },
  { 姓名: '陈例', 角色: '乡镇干部', 区划代码: daaTown, open_id: people.clerk },
  { 姓名: '周样', 角色: '县办', 区划代码: '360722', open_id: people.office },
  { 姓名: '刘示', 角色: '县领导', 区划代码: '360722', open_id: people.leader },
];

/** Of an unassigned area code, with a right check digit. */
const idOf = (n: number) => {
  const first = `360799196001010${String(n).padStart(2, '0')}`;
  return first + checkDigit(first);
};
const phoneOf = (n: number) => `139007990${String(n).padStart(2, '0')}`;

export const daaHousehold: Row = { 区划代码: daa, 组: '1组', 家庭人口数: '3', 户类型: '一般农户' };
const ordinary = ['赵一例', '钱二样', '孙三示', '李四例', '周五样', '吴六示'];

/** Six ordinary (short), one key group (full), one active, one safety net, one eliminated; then four of 金星村. */
export const rosterRows: readonly Row[] = [
  ...ordinary.map((n, i) => ({ ...daaHousehold, 户编码: `大阿-01-00${i + 1}`, 户主姓名: n })),
  { ...daaHousehold, 户编码: '大阿-01-007', 户主姓名: '欧阳七例', 户类型: '脱贫户', 八类人员: '脱贫户' },
  {
    ...daaHousehold,
    户编码: '大阿-01-008',
    户主姓名: '郑八样',
    户类型: '脱贫户',
    监测对象类别: '脱贫不稳定户',
    识别时间: '2023-01-10',
    主要风险: '因病',
    风险是否已消除: '否',
  },
  {
    ...daaHousehold,
    户编码: '大阿-01-009',
    户主姓名: '王九示',
    监测对象类别: '边缘易致贫户',
    识别时间: '2022-05-10',
    主要风险: '因残',
    风险是否已消除: '否',
    整户无劳动能力标注: '是',
  },
  {
    ...daaHousehold,
    户编码: '大阿-01-010',
    户主姓名: '冯十例',
    监测对象类别: '边缘易致贫户',
    识别时间: '2021-05-10',
    主要风险: '因学',
    风险是否已消除: '是',
    消除时间: '2022-11-20',
    消除方式: '帮扶消除',
  },
  ...['陈甲例', '褚乙样', '卫丙示', '蒋丁例'].map((n, i) => ({
    ...daaHousehold,
    区划代码: jinxing,
    户编码: `金星-01-00${i + 1}`,
    户主姓名: n,
  })),
].map((row, i) => ({ ...row, 户主证件号码: idOf(i), 联系电话: phoneOf(i) }));
