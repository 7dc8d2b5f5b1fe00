// Colours stay readable, sizes cannot smuggle CSS, links cannot run code, tables page and format as the platform does.
import { describe, expect, it } from 'vitest';
import { chartHeight, drawable, measuredBy, spokenChart, textsIn } from '../../simulator/page/card/chart.ts';
import { fillOf, hues, inkOf } from '../../simulator/page/card/color.ts';
import { callbackOf, linkOf, safeUrl } from '../../simulator/page/card/json.ts';
import { boxOf, columnOf, lengthOf, widthOf } from '../../simulator/page/card/layout.ts';
import { columnsOf, dateText, numberText, pageOf, tagsOf } from '../../simulator/page/card/table.ts';
import { clockText, dayText, localDatetime, shortWhen } from '../../simulator/page/card/when.ts';
import { lasting } from '../../simulator/page/toasts.tsx';

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('colours', () => {
  it.each(Object.entries(hues))('%s: its ink reads on white and on its own tint', (_, hue) => {
    expect(contrast(hue.ink, '#ffffff')).toBeGreaterThanOrEqual(4.5);
    expect(contrast(hue.ink, hue.tint)).toBeGreaterThanOrEqual(4.5);
    expect(contrast('#1b2230', hue.tint)).toBeGreaterThanOrEqual(4.5);
  });
  it('shades, declared names and rgba are understood, anything else is left alone', () => {
    expect(fillOf('blue-50')).toMatch(/^#[0-9a-f]{6}$/);
    expect(inkOf('mine', { mine: 'rgba(1,2,3,0.5)' })).toBe('rgba(1,2,3,0.5)');
    expect(inkOf('red;background:url(x)')).toBeUndefined();
    expect(inkOf('mine', { mine: 'url(https://a.cn)' })).toBeUndefined();
    expect(inkOf('default')).toBeUndefined();
  });
});

describe('sizes and links', () => {
  it('only documented forms pass', () => {
    expect(boxOf('4px -12px')).toBe('4px -12px');
    expect(boxOf('4px;color:red')).toBeUndefined();
    expect(lengthOf('large')).toBe('12px');
    expect(lengthOf('9999px')).toBeUndefined();
    expect(widthOf('calc(1px)')).toEqual({});
    expect(columnOf({ width: 'weighted', weight: 3 })['--share']).toBe('3 1 0');
  });
  it('links lead to the web or the client, never into the page', () => {
    expect(safeUrl('https://a.cn/x')).toBe('https://a.cn/x');
    expect(safeUrl('javascript:alert(1)')).toBe('');
    expect(safeUrl('data:text/html,x')).toBe('');
    expect(safeUrl('lark://msgcard/unsupported_action')).toBe('');
    expect(linkOf({ behaviors: [{ type: 'open_url', default_url: 'https://a.cn' }] })).toBe('https://a.cn');
  });
  it('a value without behaviors is no callback', () => {
    expect(callbackOf({ value: { a: 1 } }).called).toBe(false);
    expect(callbackOf({ behaviors: [{ type: 'callback', value: { a: 1 } }] })).toEqual({
      called: true,
      value: { a: 1 },
    });
  });
});

describe('tables', () => {
  it('pages hold at most ten rows and stay in range', () => {
    expect(pageOf([1, 2, 3, 4, 5, 6], 5, 1)).toEqual({ at: 1, of: 2, rows: [6] });
    expect(pageOf([1], 50, 9)).toEqual({ at: 0, of: 1, rows: [1] });
  });
  it('numbers stand right and follow their format', () => {
    expect(columnsOf({ columns: [{ name: 'n', data_type: 'number' }] })[0]?.align).toBe('right');
    expect(numberText(12345.678, { precision: 2, separator: true, symbol: '¥' })).toBe('¥12,345.68');
    expect(numberText('无', undefined)).toBe('无');
  });
  it('dates are written in China’s time', () => {
    expect(dateText(Date.parse('2023-07-12T00:30:00+08:00'), 'YYYY/MM/DD HH:mm')).toBe('2023/07/12 00:30');
  });
  it('options may be a word or coloured words', () => {
    expect(tagsOf('正常')).toEqual([{ text: '正常', color: 'blue' }]);
    expect(tagsOf([{ text: '核对', color: 'orange' }])).toEqual([{ text: '核对', color: 'orange' }]);
  });
});

describe('time', () => {
  const noon = Date.parse('2023-07-12T12:00:00+08:00');
  it('is China’s whatever the machine’s zone', () => {
    expect(clockText(Date.parse('2023-07-11T17:05:00Z'))).toBe('01:05');
    expect(dayText(noon, noon)).toBe('7月12日 星期三');
    expect(dayText(noon, noon + 366 * 86_400_000)).toBe('2023年7月12日 星期三');
  });
  it('in the list: time today, 昨天, then the day', () => {
    expect([0, 1, 2].map((days) => shortWhen(noon - days * 86_400_000, noon))).toEqual(['12:00', '昨天', '7月10日']);
    expect(shortWhen(0, noon)).toBe('');
  });
  it('local_datetime knows the documented formats', () => {
    expect(localDatetime(noon, 'date_num')).toBe('2023-07-12');
    expect(localDatetime(noon, 'week_short')).toBe('周三');
  });
});

describe('toasts', () => {
  it('about trouble stay at least eight seconds, good news goes sooner', () => {
    expect([lasting('error'), lasting('warning')].every((ms) => ms >= 8000)).toBe(true);
    expect(lasting('success')).toBeLessThan(8000);
  });
});

describe('charts', () => {
  const spec = {
    type: 'bar',
    title: { text: '各乡镇' },
    data: { values: [{ x: '大阿镇', y: 3 }] },
    xField: 'x',
    yField: 'y',
  };
  it('say in words what they show', () => {
    expect(spokenChart(spec)).toBe('各乡镇：大阿镇 3');
    expect(spokenChart({ ...spec, direction: 'horizontal', xField: 'y', yField: 'x' })).toBe('各乡镇：大阿镇 3');
  });
  it('have letters of 14 px on a phone, in axis and legend', () => {
    const label = { style: { fontSize: 14 } };
    const theme = { component: { axis: { label }, discreteLegend: { item: { label } } } };
    expect(drawable(spec, true)).toMatchObject({ theme });
  });
  it('name the web font and every letter that the canvas will draw or measure', () => {
    expect(drawable(spec)).toMatchObject({ theme: { fontFamily: 'Noto Sans SC' }, animation: false });
    expect(textsIn(spec)).toContain('大阿镇');
    expect(measuredBy).toContain('字');
  });
  it('are square on a phone and wide on a computer unless told otherwise', () => {
    expect(chartHeight({}, 320, true)).toBe(320);
    expect(chartHeight({}, 320, false)).toBe(180);
    expect(chartHeight({ height: '90px' }, 320, false)).toBe(90);
    expect(chartHeight({ aspect_ratio: '2:1' }, 320, true)).toBe(160);
  });
});
