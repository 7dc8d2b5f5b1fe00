// Owns the words samples are made of: what a sample is, the header they share, and a name that tries everything. Invented.
import type { Card } from './kit.ts';
import type { HeadView } from './views.ts';

export interface Sample {
  readonly name: string;
  readonly audience: 'group' | 'private';
  readonly card: () => Card;
}

/** Everything a name must not be able to do, in one name. */
export const hostile =
  '<at id=all></at>**x**|_y_ [链接](https://example.com) `c` # 1. ~~z~~ $ \\ &lt; <font color=red>红</font>\n- 一\u202e倒\u0000';
export const long = '江西省赣州市信丰县很长很长名称的村民委员会'.repeat(3);

export const head: HeadView = { campaign: '防返贫“回头看”', tags: ['演练', '示例'] };
export const hostileHead: HeadView = { campaign: hostile, tags: [hostile, hostile] };

/** Short names of the eight look-backs. */
export const lookbacks = [
  '未纳入户',
  '已纳入户帮扶',
  '已消除风险户',
  '整户无劳动能力',
  '规模性风险',
  '重点区域',
  '台账建立',
  '结果处理',
];
