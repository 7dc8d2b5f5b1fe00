// Owns how the county office is told what people found too much or could not fill in: counts by kind and the newest words,
// nobody's name, no place. Pure.
import { dayLength, dayOf, showDay } from './time.ts';

export interface Opinion {
  readonly kind: string; // 负担重 | 填不了 | 别的
  readonly text: string;
  readonly at: number;
}

/** How far back it is told of, ms. */
export const opinionsFor = 7 * dayLength;
const newest = 10;
const longest = 80;

/** '负担重 2 条，填不了 1 条' */
const byKind = (opinions: readonly Opinion[]): string =>
  [...new Set(opinions.map((o) => o.kind))]
    .map((kind) => `${kind} ${opinions.filter((o) => o.kind === kind).length} 条`)
    .join('，');

/** `opinions`: newest first. */
export function tellOpinions(opinions: readonly Opinion[], zone: string): string {
  if (opinions.length === 0) return '近 7 天没有人提意见。';
  const more = opinions.length > newest ? [`更早的 ${opinions.length - newest} 条没有列出。`] : [];
  return [
    `近 7 天收到意见 ${opinions.length} 条：${byKind(opinions)}`,
    ...opinions.slice(0, newest).map((o) => `${showDay(dayOf(o.at, zone))} ${o.kind}：${inShort(o.text)}`),
    ...more,
    '这里不写是谁提的。',
  ].join('\n');
}

function inShort(text: string): string {
  const letters = [...text.replace(/\s+/gu, ' ').replace(/\d{5,}/gu, '＊＊＊')];
  return letters.length > longest ? `${letters.slice(0, longest).join('')}…` : letters.join('');
}
