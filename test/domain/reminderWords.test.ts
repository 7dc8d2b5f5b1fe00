import { describe, expect, it } from 'vitest';
import { readDay, readWish } from '../../src/domain/reminderWords.ts';

const today = '2023-07-12';

describe('a day as people write it', () => {
  it.each([
    ['7月18日', '2023-07-18'],
    ['7月18号', '2023-07-18'],
    ['７月１８日', '2023-07-18'],
    ['7.18', '2023-07-18'],
    ['7/18', '2023-07-18'],
    ['7-18', '2023-07-18'],
    ['18日', '2023-07-18'],
    ['18号', '2023-07-18'],
    ['5号', '2023-08-05'], // this month's is over
    ['3月1日', '2024-03-01'],
    ['2023-07-18', '2023-07-18'],
    ['2023年7月18日', '2023-07-18'],
    ['2023.7.1', '2023-07-01'], // whole: as it is
    ['今天', '2023-07-12'],
    ['明天', '2023-07-13'],
    ['后天', '2023-07-14'],
    ['7月12日', '2023-07-12'],
  ])('%s', (text, day) => {
    expect(readDay(text, today)).toBe(day);
  });
  it.each(['', '7月', '2月30日', '13月1日', '下下周', '18', '32号'])('%s is none', (text) => {
    expect(readDay(text, today)).toBeNull();
  });
  it('the turn of the year', () => {
    expect(readDay('5号', '2023-12-20')).toBe('2024-01-05');
    expect(readDay('1月5日', '2023-12-20')).toBe('2024-01-05');
  });
});

describe('what stands after 提醒', () => {
  it.each([
    ['', { do: 'show' }],
    ['请假到7月18日', { do: 'leave', day: '2023-07-18' }],
    ['请假 到 7月18日 为止', { do: 'leave', day: '2023-07-18' }],
    ['请假至7.18', { do: 'leave', day: '2023-07-18' }],
    ['请假7月18日', { do: 'leave', day: '2023-07-18' }],
    ['静音', { do: 'quiet' }],
    ['本轮不再提醒', { do: 'quiet' }],
    ['静音到明天', { do: 'mute', day: '2023-07-13' }],
    ['关闭', { do: 'quiet' }],
    ['恢复', { do: 'resume' }],
    ['取消静音', { do: 'resume' }],
    ['销假', { do: 'resume' }],
    ['试算', { do: 'trial' }],
    ['意见', { do: 'opinions' }],
    ['意见：', { do: 'opinions' }],
    ['意见 每天表太多', { do: 'feedback', text: '每天表太多' }],
    ['填不了 第3题没有这种情况', { do: 'feedback', text: '第3题没有这种情况', kind: '填不了' }],
    ['负担重', { do: 'feedback', text: '负担重', kind: '负担重' }],
  ])('%s', (text, wish) => {
    expect(readWish(text, today)).toEqual(wish);
  });
  it.each(['请假', '请假到很久', '静音到', '谢谢'])('%s is not clear and says what to send', (text) => {
    const wish = readWish(text, today);
    expect(wish.do).toBe('unclear');
    expect(JSON.stringify(wish)).toContain('提醒 ');
  });
});
