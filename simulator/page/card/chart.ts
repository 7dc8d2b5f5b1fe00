// Owns what a chart_spec becomes before VChart draws it: fonts, colours, no animation, and a sentence for those who
// cannot see it. Pure; the drawing itself is in Chart.tsx.
import { palette } from './color.ts';
import { asList, asObject, asObjects, asText, asTexts, type Json } from './json.ts';

export const chartFont = 'Noto Sans SC';

const ratios: Readonly<Record<string, number>> = { '1:1': 1, '2:1': 2, '4:3': 4 / 3, '16:9': 16 / 9 };

/** Height in px for a chart of this width: its own, else by ratio (16:9 on a computer, 1:1 on a phone). */
export function chartHeight(el: Json, width: number, phone: boolean): number {
  const own = /^(\d{1,3})px$/.exec(asText(el.height))?.[1];
  if (own !== undefined) return Number(own);
  const ratio = ratios[asText(el.aspect_ratio)] ?? (phone ? 1 : 16 / 9);
  return Math.round(width / ratio);
}

/** The spec with what the platform would inject. The author's own wins. */
export function drawable(spec: Json, phone = false): Record<string, unknown> {
  const ring = spec.type === 'pie' ? { outerRadius: 0.85 } : {};
  return {
    color: palette,
    background: 'transparent',
    padding: 4,
    ...ring,
    ...spec,
    animation: false,
    theme: themeOf(phone),
  };
}

/** The token and the labels name the font too: widths are measured before the theme's font reaches them. */
function themeOf(phone: boolean): Record<string, unknown> {
  const text = { style: { fill: '#4a515d', fontFamily: chartFont, fontSize: phone ? 14 : 13 } };
  const item = { label: text, shape: { style: { size: 12, stroke: '#7d8694', lineWidth: 1 } } };
  return {
    fontFamily: chartFont,
    token: { fontFamily: chartFont },
    component: { axis: { label: text }, discreteLegend: { item } },
  };
}

/** The library guesses widths from these letters; without 字 in the font, Chinese labels run into each other. */
export const measuredBy = '字ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%.,-+';

/** Every text in the spec: the web font's parts that it needs must be there before the canvas draws. */
export function textsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textsIn).join('');
  const object = asObject(value);
  return object ? Object.values(object).map(textsIn).join('') : '';
}

/** 「各乡镇完成情况：嘉定镇 12，大塘埠镇 8 …」 */
export function spokenChart(spec: Json): string {
  const title = asText(asObject(spec.title)?.text) || '图表';
  const data = Array.isArray(spec.data) ? asObject(spec.data[0]) : asObject(spec.data);
  const x = asTexts(asList(spec.xField))[0] ?? (asText(spec.xField) || asText(spec.categoryField));
  const y = asText(spec.yField) || asText(spec.valueField) || asText(spec.angleField);
  const across = spec.direction === 'horizontal';
  const pairs = asObjects(data?.values)
    .slice(0, 40)
    .map((row) => `${asText(row[across ? y : x])} ${asText(row[across ? x : y])}`.trim());
  return pairs.length > 0 ? `${title}：${pairs.join('，')}` : title;
}
