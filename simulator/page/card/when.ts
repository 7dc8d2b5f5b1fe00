// Owns writing an instant in China's time. The demo's county knows no other zone.

const zone = 'Asia/Shanghai';
const parts = new Intl.DateTimeFormat('zh-CN', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  weekday: 'long',
});

function read(ms: number): Readonly<Record<string, string>> {
  return Object.fromEntries(parts.formatToParts(ms).map((part) => [part.type, part.value]));
}

/** By tokens YYYY MM DD HH mm ss. */
export function dayIn(ms: number, format: string): string {
  const p = read(ms);
  const tokens: Readonly<Record<string, string | undefined>> = {
    YYYY: p.year,
    MM: p.month,
    DD: p.day,
    HH: p.hour,
    mm: p.minute,
    ss: p.second,
  };
  return format.replace(/YYYY|MM|DD|HH|mm|ss/g, (token) => tokens[token] ?? token);
}

/** 09:05 */
export function clockText(ms: number): string {
  return dayIn(ms, 'HH:mm');
}

/** 7月12日 星期三; with the year when it is not that of `now`. */
export function dayText(ms: number, now: number): string {
  const p = read(ms);
  const year = p.year === read(now).year ? '' : `${p.year}年`;
  return `${year}${Number(p.month)}月${Number(p.day)}日 ${p.weekday}`;
}

/** In a list: the time today, 昨天, else the day. */
export function shortWhen(ms: number, now: number): string {
  if (ms <= 0) return '';
  if (sameDay(ms, now)) return clockText(ms);
  if (sameDay(ms + 86_400_000, now)) return '昨天';
  const p = read(ms);
  return `${Number(p.month)}月${Number(p.day)}日`;
}

export function sameDay(a: number, b: number): boolean {
  return dayIn(a, 'YYYYMMDD') === dayIn(b, 'YYYYMMDD');
}

/** The formats of <local_datetime>. */
export function localDatetime(ms: number, format: string): string {
  const p = read(ms);
  const day = `${Number(p.month)}月${Number(p.day)}日`;
  const known: Readonly<Record<string, string | undefined>> = {
    date_num: dayIn(ms, 'YYYY-MM-DD'),
    date_short: day,
    date: `${p.year}年${day}`,
    week: p.weekday,
    week_short: p.weekday?.replace('星期', '周'),
    time: clockText(ms),
    time_sec: dayIn(ms, 'HH:mm:ss'),
    timezone: 'GMT+8',
  };
  return known[format] ?? dayIn(ms, 'YYYY-MM-DD');
}
