// Owns the columns of a roster, the headers other systems use for them, and which repeat on every row of a household.
import type { Column } from './importTable.ts';

const household: readonly Column[] = [
  { name: '户编码', aliases: ['户编号', '户号', '家庭编号'], required: true },
  { name: '区划代码', aliases: ['村代码', '村(居)代码', '行政区划代码', '行政村代码'], required: true },
  { name: '户主姓名', aliases: ['户主', '户主名称'], required: true },
  { name: '家庭人口数', aliases: ['人口数', '家庭人口', '户内人口数', '人数'], required: true },
  { name: '组', aliases: ['村民小组', '组别', '自然村', '所在组', '小组'] },
  {
    name: '户主证件号码',
    aliases: ['证件号码(户主)', '户主身份证号', '户主身份证号码', '户主证件号', '身份证号(户主)'],
  },
  { name: '联系电话', aliases: ['电话', '户主电话', '手机号', '联系方式', '户主联系电话'] },
  { name: '户类型', aliases: ['农户类型', '户属性'] },
  { name: '监测对象类别', aliases: ['检测对象类别', '监测类别', '监测对象类型'] },
  { name: '识别时间', aliases: ['监测对象识别时间', '纳入时间', '识别监测时间'] },
  { name: '主要风险', aliases: ['返贫致贫风险', '风险类型', '致贫返贫风险'] },
  { name: '风险是否已消除', aliases: ['风险是否消除', '是否消除风险'] },
  { name: '消除时间', aliases: ['风险消除时间', '风险消除日期'] },
  { name: '消除方式', aliases: ['风险消除方式'] },
  { name: '整户无劳动能力标注', aliases: ['整户无劳动能力兜底保障户', '整户无劳动能力', '兜底保障户标注'] },
  { name: '八类人员', aliases: ['八类人员类别', '八类重点人员'] },
  { name: '包户干部open_id', aliases: ['包户干部', '包户干部openid', '帮扶联系人open_id'] },
  { name: '人均纯收入', aliases: ['家庭人均纯收入', '年人均纯收入', '人均纯收入(元)'] },
  { name: '部门预警', aliases: ['部门预警信息', '预警信息', '预警'] },
];

const member: readonly Column[] = [
  { name: '姓名', aliases: ['成员姓名', '家庭成员姓名'] },
  { name: '与户主关系', aliases: ['与户主的关系', '关系'] },
  { name: '证件号码', aliases: ['身份证号', '身份证号码', '公民身份号码', '成员证件号码'] },
  { name: '性别' },
  { name: '出生日期', aliases: ['出生年月', '出生年月日'] },
  { name: '民族' },
  { name: '文化程度' },
  { name: '在校生状况', aliases: ['在校状况'] },
  { name: '失学辍学原因', aliases: ['失学或辍学原因'] },
  { name: '健康状况' },
  { name: '残疾证号', aliases: ['残疾证号码', '残疾人证号'] },
  { name: '劳动技能', aliases: ['劳动能力'] },
  { name: '劳动意愿', aliases: ['是否有劳动意愿'] },
  { name: '务工地点', aliases: ['务工所在地', '务工区域'] },
  { name: '务工时间(月)', aliases: ['务工时间', '务工时长(月)', '务工月数'] },
  { name: '月工资', aliases: ['月工资(元)', '月收入'] },
  { name: '居民医保', aliases: ['是否参加城乡居民基本医疗保险', '城乡居民医保'] },
  { name: '职工医保', aliases: ['是否参加城镇职工基本医疗保险', '城镇职工医保'] },
  { name: '大病保险', aliases: ['是否参加大病保险'] },
  { name: '养老保险', aliases: ['是否参加城乡居民基本养老保险'] },
  { name: '低保类型', aliases: ['低保'] },
  { name: '特困供养方式', aliases: ['特困供养', '特困类型'] },
];

export const householdColumns: readonly Column[] = [...household, ...member];
/** Columns that repeat on every row of a household and must not differ. */
export const householdLevel: readonly string[] = household.map((c) => c.name).filter((n) => n !== '户编码');

export const memberPlain = {
  texts: ['性别', '民族', '文化程度', '在校生状况', '失学辍学原因', '健康状况', '务工地点', '低保类型', '特困供养方式'],
  flags: ['劳动意愿', '居民医保', '职工医保', '大病保险', '养老保险'],
  numbers: ['务工时间(月)', '月工资'],
  labour: ['普通劳动力', '技能劳动力', '弱劳动力或半劳动力', '丧失劳动力', '无劳动力'],
} as const;
