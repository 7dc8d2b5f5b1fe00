import { expect, it } from 'vitest';
import { findings } from '../../src/domain/findings.ts';
import type { Answers } from '../../src/ports.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const of = { lookbacks: ['LB1'], form: 'full', facts: { register: 'none', keyGroup: true } } as const;
const normal: Answers = { 'L1-01': '入户面谈', 'L1-02': '一致', 'L1-03': '1.5倍以上', 'L1-15': '无返贫致贫风险' };
const ident = (item: string) => ({ item, procedure: 'IDENT' });

it.each<[string, Answers, readonly object[]]>([
  ['nothing', {}, []],
  ['all is well', normal, []],
  ['nobody came', { ...normal, 'L1-01': '未核实' }, [{ item: 'L1-01', type: 'PT18', procedure: 'RESCREEN' }]],
  [
    'a neighbour spoke, and the household was reached later',
    { ...normal, 'L1-01': '邻居或村民小组长代述', 'L1-01.contact': '已联系上' },
    [],
  ],
  [
    'income unknown in a key group',
    { ...normal, 'L1-03': '未测算' },
    [{ item: 'L1-03', type: 'PT16', procedure: 'DATA' }],
  ],
  ['low income, no risk, no reason', { ...normal, 'L1-03': '低于监测范围' }, [ident('L1-03'), ident('L1-15')]],
  ['low income, no risk, with a reason', { ...normal, 'L1-03': '低于监测范围', 'L1-15.reason': '儿子月底开工' }, []],
  [
    'a large expense they cannot bear',
    { 'L1-05': '因病', 'L1-05.amount': 10_000, 'L1-11': '无法判断' },
    [ident('L1-05'), ident('L1-11')],
  ],
  ['a large expense they can bear', { 'L1-05': '因病', 'L1-05.amount': 10_000, 'L1-11': '能自行化解' }, []],
  ['an expense below the threshold', { 'L1-05': '因病', 'L1-05.amount': 9999, 'L1-11': '无困难' }, []],
  [
    'a house in danger that is lived in',
    { 'L1-08': 'D级', 'L1-08.livedIn': '是' },
    [{ item: 'L1-08', type: 'PT22', procedure: 'SAFE' }],
  ],
  ['a house in danger that stands empty', { 'L1-08': 'D级', 'L1-08.livedIn': '否' }, []],
  ['should be in the register', { 'L1-15': '存在风险，应纳入' }, [{ item: 'L1-15', type: 'PT01', procedure: 'IDENT' }]],
  ['answers of a look-back that is not asked', { 'L2-01': '无' }, []],
])('%s', (_, answers, found) => expect(findings(campaign, of, answers)).toEqual(found));

it('a village’s item is no finding of a household', () => {
  expect(findings(campaign, of, { 'L1-17': '未召开' })).toEqual([]);
});
