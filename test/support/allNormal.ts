// Owns what a cadre fills in for a household without any finding: the short form, by label.
export const allNormal = {
  本户核实方式: '入户面谈',
  家庭人口与户籍信息是否核准: '一致',
  '近12个月家庭人均纯收入（对照监测范围）': '1.5倍以上',
  '义务教育、基本医疗、住房安全、饮水安全': '全部正常',
  '是否已给予帮扶但未识别纳入系统（体外循环）': '否',
  综合研判结论: '无返贫致贫风险',
};
