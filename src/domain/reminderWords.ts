// Owns what may be typed after 提醒: leave, mute, resume, an opinion; and days as people write them. Pure.
import { addDays, isDay } from './time.ts';

export type ReminderWish =
  | { readonly do: 'show' }
  | { readonly do: 'leave' | 'mute'; readonly day: string }
  | { readonly do: 'quiet' } // for the rest of this campaign
  | { readonly do: 'resume' }
  | { readonly do: 'trial' }
  | { readonly do: 'feedback'; readonly text: string; readonly kind?: string } // 负担重, 填不了
  | { readonly do: 'opinions' } // what others said
  | { readonly do: 'unclear'; readonly say: string };

const unclearDay = (example: string): ReminderWish => ({
  do: 'unclear',
  say: `请写明到哪一天，例如：${example}`,
});

/** `typed`: what stands after 提醒; `today`: 'yyyy-mm-dd'. */
export function readWish(typed: string, today: string): ReminderWish {
  const text = typed.trim();
  if (text === '') return { do: 'show' };
  if (/^(?:意见|建议|反馈)[\s:：,，。]*$/u.test(text)) return { do: 'opinions' };
  const opinion = /^(?:意见|建议|反馈|(负担重|填不了))[\s:：,，。]*(.*)$/su.exec(text);
  if (opinion) {
    const [, kind, said] = opinion;
    return { do: 'feedback', text: said?.trim() || text, ...(kind ? { kind } : {}) };
  }
  const said = text.normalize('NFKC').replace(/[\s,，。:]/gu, '');
  if (/^(恢复|取消(请假|静音)?|销假|打开|开)(提醒)?$/u.test(said)) return { do: 'resume' };
  if (/^(试算|预演)/u.test(said)) return { do: 'trial' };
  const leave = /^请假(.*)$/u.exec(said);
  if (leave) return untilDay('leave', leave[1] ?? '', today);
  const mute = /^(?:静音|关闭|关掉|关|不再提醒|本轮不再提醒)(.*)$/u.exec(said);
  if (mute) return mute[1] === '' ? { do: 'quiet' } : untilDay('mute', mute[1] ?? '', today);
  return { do: 'unclear', say: '可以发送：提醒、提醒 请假到7月18日、提醒 静音、提醒 恢复、提醒 意见 您的意见。' };
}

function untilDay(what: 'leave' | 'mute', words: string, today: string): ReminderWish {
  const day = readDay(words.replace(/^(到|至)/u, '').replace(/(为止|止)$/u, ''), today);
  const example = what === 'leave' ? '提醒 请假到7月18日' : '提醒 静音到7月18日';
  return day === null ? unclearDay(example) : { do: what, day };
}

const spoken: Readonly<Record<string, number>> = { 今天: 0, 今日: 0, 明天: 1, 明日: 1, 后天: 2 };
const whole = /^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})[日号]?$/u;
const monthAndDay = /^(\d{1,2})[月./-](\d{1,2})[日号]?$/u;
const dayAlone = /^(\d{1,2})[日号]$/u;

/**
 * 7月18日, 7.18, 7/18, 18号, 2023-07-18, 明天: the next such day from `today` on; a whole date as it is. null: no day.
 */
export function readDay(typed: string, today: string): string | null {
  const text = typed.normalize('NFKC').replace(/\s/gu, '');
  const days = spoken[text];
  if (days !== undefined) return addDays(today, days);
  const [year = '', month = ''] = today.split('-');
  const date = whole.exec(text);
  if (date) return real(date[1] ?? '', date[2] ?? '', date[3] ?? '');
  const near = monthAndDay.exec(text);
  if (near)
    return from(
      today,
      [year, String(Number(year) + 1)].map((y) => real(y, near[1] ?? '', near[2] ?? '')),
    );
  const alone = dayAlone.exec(text);
  if (!alone) return null;
  const next = Number(month) === 12 ? [String(Number(year) + 1), '1'] : [year, String(Number(month) + 1)];
  return from(today, [real(year, month, alone[1] ?? ''), real(next[0] ?? '', next[1] ?? '', alone[1] ?? '')]);
}

const from = (today: string, days: readonly (string | null)[]) => days.find((d) => d !== null && d >= today) ?? null;

function real(year: string, month: string, date: string): string | null {
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return isDay(day) ? day : null;
}
