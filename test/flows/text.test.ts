import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../simulator/state.ts';
import { daaGroup, daaHousehold } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import {
  allNormal,
  boundGroup,
  continues,
  eventsOf,
  household,
  normalAnswers,
  schoolHealthHouseWater,
  somethingWrong,
} from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  // two more of a full form, the same but for name and code
  const twins = ['011', '012'].map((n, i) => ({
    ...daaHousehold,
    户编码: `大阿-01-${n}`,
    户主姓名: ['蒋二例', '沈三样'][i] ?? '',
    户类型: '脱贫户',
    八类人员: '脱贫户',
  }));
  w = await newWorld({ households: twins });
});
afterEach(() => w.end());

/** Says it after having read for a while. */
async function says(text: string): Promise<string> {
  await w.clock.advanceBy(6_000);
  return w.reads(await w.asks('cadre', text));
}

interface Line {
  readonly number: string;
  readonly label: string;
  readonly options: readonly string[];
}
/** The questions of a message, as its reader finds them. */
function questionsIn(message: string): Line[] {
  const hint = /（(?:可多选|填|写一句话|可不答)[^（）]*）$/u;
  return [...message.matchAll(/^(\d+) (.+?)：(?=①|$|〔|——)(.*)$/gmu)].map((hit) => {
    const options = (hit[3] ?? '').replace(/〔.*|——.*/u, '').split(/ ?[①-⑳] ?/u);
    return {
      number: hit[1] ?? '',
      label: (hit[2] ?? '').replace(hint, ''),
      options: options.slice(1).map((o) => o.trim()),
    };
  });
}

type Values = Readonly<Record<string, string | readonly string[] | boolean>>;
/** The numbers that answer the message's questions with these values, by label. */
function answersTo(message: string, values: Values): string[] {
  return questionsIn(message).map(({ label, options }) => {
    const value = values[label];
    if (value === undefined) throw new Error(`no answer for ${label}`);
    const chosen = [value].flat().map((v) => options.indexOf(String(v)) + 1);
    return options.length === 0 ? String(value) : chosen.join('+');
  });
}

/** Skips to the household with this code; resolves to its questions. */
async function skipsTo(message: string, code: string): Promise<string> {
  let now = message;
  for (let n = 0; n < 15 && !now.includes(`${code} `); n++) now = await says('跳过');
  return now;
}
async function skipsCardTo(card: StoredMessage, code: string): Promise<void> {
  for (let n = 0; n < 15 && !w.reads(card).includes(code); n++) await w.taps('cadre', card, '跳过');
}

/** What is stored of a household, all fields. */
async function stored(code: string) {
  const { heldBy: _, ...fields } = await household(w, code);
  return fields;
}

describe('文字排查', () => {
  it('asks in private with full name, known facts and numbered options, and sends no card', async () => {
    const text = await says('文字排查');
    expect(text).toContain('大阿-01-001 赵一例（1组，3人）');
    expect(text).toContain('户类型：一般农户；未纳入监测');
    expect(text).toMatch(/^1 本户核实方式：①入户面谈 ②/mu);
    expect(questionsIn(text).map((q) => q.label)).toEqual(Object.keys(allNormal));
    expect(w.heard(w.privateChat('cadre')).every((m) => m.type === 'text')).toBe(true);
  });

  it('is answered by six numbers; the household is stored and the next one asked', async () => {
    const asked = await says('文字排查');
    const next = await says(answersTo(asked, allNormal).join(' '));
    expect(next).toContain('已保存 大阿-01-001。下一户：大阿-01-002');
    expect(next).toContain('大阿-01-002 钱二样');
    expect(next).toContain('您本次已填 1 户');
    const { state, by, answers } = await stored('大阿-01-001');
    expect({ state, by }).toEqual({ state: 'clear', by: '王例' });
    expect(answers).toMatchObject({ 'L1-01': '入户面谈', 'L1-02': '一致' });
    const [event] = await w.rows("select after from event where verb = 'submit'");
    expect(JSON.parse(String(event?.[0]))).toMatchObject({ via: 'text' });
  });

  it.each([
    [
      'in full-width figures',
      (a: readonly string[]) => a.map((n) => String.fromCharCode(0xfee0 + n.charCodeAt(0))).join('　'),
    ],
    ['question by question', (a: readonly string[]) => a.map((n, i) => `${i + 1}：${n}`).join(' ')],
    ['line by line', (a: readonly string[]) => a.map((n, i) => `${i + 1} ${n}`).join('\n')],
    ['in one run', (a: readonly string[]) => a.join('')],
  ])('reads an answer written %s', async (_, write) => {
    const asked = await says('文字排查');
    expect(await says(write(answersTo(asked, allNormal)))).toContain('已保存 大阿-01-001');
    expect((await stored('大阿-01-001')).state).toBe('clear');
  });

  it('stores a short household with a second step as the card does, field by field', async () => {
    const asked = await says('文字排查');
    const more = await says(answersTo(asked, somethingWrong).join(' '));
    expect(more).toContain('先记下了，还要补充下面几项');
    expect(more).not.toMatch(/点“|点提交|卡片/);
    expect(await says(answersTo(more, schoolHealthHouseWater).join(' '))).toContain('已保存 大阿-01-001');
    const card = await w.asks('cadre', '排查');
    expect(w.reads(card)).toContain('大阿-01-002');
    await w.taps('cadre', card, '提交', somethingWrong);
    await w.taps('cadre', card, '提交', schoolHealthHouseWater);
    expect((await stored('大阿-01-001')).answers).not.toBeNull();
    expect(await stored('大阿-01-001')).toEqual(await stored('大阿-01-002'));
  });

  it('stores a full household with a second step as the card does, field by field', async () => {
    await boundGroup(w);
    const card = await continues(w, 'cadre');
    await skipsCardTo(card, '大阿-01-012');
    const pressed = { ...normalAnswers(w, card), 家庭人口与户籍信息是否核准: '有增减需更新' };
    await w.taps('cadre', card, '提交', pressed);
    await w.taps('cadre', card, '提交', { '第2题补充：具体情况': '添了一个孩子' });
    const asked = await skipsTo(await says('文字排查'), '大阿-01-011');
    const typed = answersTo(asked, pressed as Values);
    expect(typed.length).toBeGreaterThan(10);
    const more = await says(typed.map((a, i) => `${i + 1}: ${a}`).join('\n'));
    expect(questionsIn(more).map((q) => q.label)).toEqual(['第2题补充：具体情况']);
    expect(await says('添了一个孩子')).toContain('已保存 大阿-01-011');
    expect((await stored('大阿-01-012')).answers).toMatchObject({ 'L1-02.detail': '添了一个孩子' });
    expect(await stored('大阿-01-011')).toEqual(await stored('大阿-01-012'));
  });

  it('keeps what was answered, names what is missing, and takes only that', async () => {
    const asked = await says('文字排查');
    const right = answersTo(asked, allNormal);
    const refused = await says(`1:${right[0]} 2:${right[1]} 3:9 4:${right[3]} 5:${right[4]}`);
    expect(refused).toContain('还没有保存，已答的都记下了。还差下面 2 题');
    expect(questionsIn(refused).map((q) => q.number)).toEqual(['3', '6']);
    expect(refused).toMatch(/^3 近12个月.*——请/mu);
    expect(await eventsOf(w, 'submit')).toBe(0);
    expect(await says(`${right[2]} ${right[5]}`)).toContain('已保存 大阿-01-001');
    expect((await stored('大阿-01-001')).answers).toMatchObject({ 'L1-01': '入户面谈', 'L1-15': '无返贫致贫风险' });
  });

  it('says so when the number of answers does not fit, and stores nothing', async () => {
    await says('文字排查');
    expect(await says('1 1 3')).toContain('现在有 6 题');
    expect(await w.rows("select draft from sitting where state = 'open'")).toEqual([['{}']]);
  });

  it('联系不上 asks why and when, and goes on', async () => {
    await says('文字排查');
    const asked = await says('联系不上');
    expect(questionsIn(asked).map((q) => q.label)).toEqual(['没联系上的原因', '下次联系的日期']);
    expect(await says('1 7-1')).toContain('日期已经过去了');
    expect(await says('1 7-18')).toContain('已登记 大阿-01-001，7月18日再联系。下一户：大阿-01-002');
    const { state, defer } = await household(w, '大阿-01-001');
    expect({ state, defer }).toEqual({
      state: 'deferred',
      defer: { reason: w.campaign.deferReasons[0], day: '2023-07-18' },
    });
  });

  it('跳过 and 上一户 do what the buttons do; 返回 leaves 联系不上', async () => {
    await says('文字排查');
    expect(await says('跳过')).toContain('大阿-01-002 钱二样');
    expect(await says('上一户')).toContain('大阿-01-001 赵一例');
    await says('联系不上');
    expect(await says('返回')).toContain('1 本户核实方式');
    expect(await eventsOf(w, 'submit')).toBe(0);
  });

  it('上一户 brings the stored answers back, of which one alone can be changed', async () => {
    const first = await says('文字排查');
    await says(answersTo(first, allNormal).join(' '));
    const again = await says('上一户');
    expect(again).toContain('〔已有：入户面谈〕');
    const other = questionsIn(again)[5]?.options.find((o) => o !== '无返贫致贫风险') ?? '';
    await says(`6 ${other}`);
    expect((await stored('大阿-01-001')).answers).toMatchObject({ 'L1-01': '入户面谈', 'L1-15': other });
  });
});

describe('an answer by text', () => {
  it('goes on after a restart in the middle of a household', async () => {
    const more = await says(answersTo(await says('文字排查'), somethingWrong).join(' '));
    await w.restart();
    expect(await says(answersTo(more, schoolHealthHouseWater).join(' '))).toContain('已保存 大阿-01-001');
  });

  it('that is delivered twice is stored once and moves nothing on', async () => {
    const asked = await says('文字排查');
    await w.clock.advanceBy(6_000);
    await w.twice(() => w.asks('cadre', answersTo(asked, allNormal).join(' ')));
    expect(await eventsOf(w, 'submit')).toBe(1);
    expect((await household(w, '大阿-01-002')).state).toBe('todo');
  });

  it('that was stored when the bot stopped is answered after it, and neither lost nor doubled', async () => {
    const asked = await says('文字排查');
    const { store } = w.running;
    store.finish = () => Promise.reject(new Error('stopped between the two'));
    await says(answersTo(asked, allNormal).join(' '));
    expect(await eventsOf(w, 'submit')).toBe(1);
    w.forgives();
    await w.restart();
    await w.until('2023-07-12T08:50:00+08:00');
    const text = w.reads(w.last(w.privateChat('cadre')));
    expect(text).toContain('上一户 大阿-01-001 已保存');
    expect(text).toContain('大阿-01-002 钱二样');
    expect(await eventsOf(w, 'submit')).toBe(1);
    expect((await household(w, '大阿-01-002')).state).toBe('todo');
  });

  it('that is sent twice in a row does not answer the next household', async () => {
    const asked = await says('文字排查');
    const typed = answersTo(asked, allNormal).join(' ');
    await says(typed);
    expect(w.reads(await w.asks('cadre', typed))).toContain('没有记在这里，请看好再答');
    expect(await eventsOf(w, 'submit')).toBe(1);
  });

  it('that comes late asks first and changes nothing', async () => {
    await says('文字排查');
    await w.until('2023-07-12T09:30:00+08:00');
    const text = w.reads(await w.asks('cadre', '1 1 1 1 1 1', '2023-07-12T08:40:00+08:00'));
    expect(text).toContain('补发（08:40 的请求）这条消息来晚了，先没有记');
    expect(await eventsOf(w, 'submit')).toBe(0);
  });

  it('is understood only where something is asked by text; talk brings the help card', async () => {
    expect(await says('1 1 1 1 1 1')).toContain('帮助');
    await says('文字排查');
    expect(await says('今天天气怎么样')).toContain('帮助');
    await says('排查');
    expect(await says('1 1 1 1 1 1')).toContain('帮助');
    expect(await eventsOf(w, 'submit')).toBe(0);
  });

  it('is not taken in a group, and 文字排查 there says where it works', async () => {
    await boundGroup(w);
    await w.says('cadre', daaGroup, '文字排查');
    expect(w.reads(w.last(daaGroup))).toContain('点我的头像打开私聊，发送「文字排查」');
    await says('文字排查');
    await w.says('cadre', daaGroup, '1 1 1 1 1 1');
    expect(await eventsOf(w, 'submit')).toBe(0);
  });

  it('to a household a colleague answered meanwhile says so and goes on', async () => {
    const asked = await says('文字排查');
    await w.until('2023-07-12T09:30:00+08:00');
    const card = await w.asks('colleague', '排查');
    expect(w.reads(card)).toContain('大阿-01-001');
    await w.taps('colleague', card, '提交', allNormal);
    expect(await says(answersTo(asked, allNormal).join(' '))).toContain('李样');
    expect((await household(w, '大阿-01-001')).by).toBe('李样');
    expect(await eventsOf(w, 'submit')).toBe(1);
  });

  it('is nothing for people who answer for no village: they hear why', async () => {
    expect(w.reads(await w.asks('leader', '文字排查'))).toContain('您名下没有要排查的村');
    expect(w.reads(await w.asks('stranger', '文字排查'))).toContain('您还不在名单里');
  });
});
