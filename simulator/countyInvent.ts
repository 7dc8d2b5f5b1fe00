// Owns the raw material of invented people: repeatable chance, names, identity numbers of area code 360799, masked phones.

/** Repeatable chance (mulberry32): the same seed gives the same numbers in [0, 1). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Whole number in [from, to]. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.next() * list.length)] ?? list[0];
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }
}

/** 32-bit hash of a text (FNV-1a with a final mix): gives every thing its own chance, whatever came before it. */
export function hashOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32 hex digits that belong to `key`, as platform ids look. */
export function hexOf(key: string): string {
  return [0, 1, 2, 3].map((i) => hashOf(`${i}/${key}`).toString(16).padStart(8, '0')).join('');
}

const surnames = [...'刘陈李王张黄曾谢钟邱赖郭肖朱何罗温袁廖叶曹邹杨吴周徐胡林江彭余邓方卢蓝宋范熊'] as [
  string,
  ...string[],
];
const middles = [
  ...'文志建国福桂春秋兰英明华金玉荣贵庆水木田山石平安和顺长发财宝来有光东南西北小大天地人仁义礼信德才学良善美丽梅莲菊秀珍凤云雪月',
] as [string, ...string[]];

/** Three characters, the last one saying that the person is invented. */
export function nameOf(chance: Chance, surname?: string): string {
  return `${surname ?? chance.pick(surnames)}${chance.pick(middles)}${chance.pick(['例', '样', '示'])}`;
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Hands out identity numbers of persons born in [from, to], each once; at most 500 for every day of the range. */
export class Ids {
  private n = 0;
  private readonly from: number;
  private readonly days: number;
  private readonly sequence: number;

  /** `sequence` 0 or 500: two dispensers whose years overlap use different halves. */
  constructor(from: number, to: number, sequence: 0 | 500) {
    this.from = from;
    this.days = (to - from + 1) * 365;
    this.sequence = sequence;
  }

  next(): { id: string; birthday: string; sex: '男' | '女' } {
    const n = this.n++;
    const day = (n * 7919) % this.days; // 7919 is prime: every day comes once before any comes twice
    let rest = day % 365;
    let month = 0;
    for (; rest >= (monthDays[month] ?? 31); month++) rest -= monthDays[month] ?? 31;
    const two = (v: number) => String(v).padStart(2, '0');
    const [year, mm, dd] = [String(this.from + Math.floor(day / 365)), two(month + 1), two(rest + 1)];
    const seq = this.sequence + (Math.floor(n / this.days) % 500);
    const body = `360799${year}${mm}${dd}${String(seq).padStart(3, '0')}`;
    const sum = weights.reduce((s, w, i) => s + w * Number(body[i]), 0);
    return { id: body + '10X98765432'[sum % 11], birthday: `${year}-${mm}-${dd}`, sex: seq % 2 === 1 ? '男' : '女' };
  }
}

export const maskedPhone = (chance: Chance): string =>
  `1${chance.pick(['38', '39', '50', '52', '59', '70', '77', '87', '88', '99'])}****${chance.int(0, 9999).toString().padStart(4, '0')}`;
