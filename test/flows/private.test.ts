import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daaGroup, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, boundGroup, buttons, continues, eventsOf, household, newest, openCard, village } from './story.ts';
import { allForms, allHouseholds, askMeeting, met } from './villageStory.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

const moreChildren = { ...allNormal, 家庭人口与户籍信息是否核准: '有增减需更新' };
const inPrivate = (who: 'cadre' | 'colleague' = 'cadre') => w.last(w.privateChat(who));
/** Skips to the household with this code. */
async function skipsTo(card: Parameters<TestWorld['taps']>[1], code: string): Promise<void> {
  for (let n = 0; n < 10 && !w.reads(card).includes(code); n++) await w.taps('cadre', card, '跳过');
}

describe('转到私聊', () => {
  it('takes the same household to the private chat with its full name; the group card points there', async () => {
    const card = await openCard(w);
    const answer = await w.taps('cadre', card, '转到私聊');
    expect(answer.toast?.content).toContain('已转到私聊');
    expect(w.reads(card)).toContain('王例已转到私聊接着填');
    expect(buttons(w, card)).toEqual([]);
    const text = w.reads(inPrivate());
    expect(text).toContain('大阿-01-001 赵一例');
    expect(text).toContain('1组，3人');
    expect(text).toContain('户类型：一般农户');
    expect(buttons(w, inPrivate())).not.toContain('转到私聊');
    expect(await w.rows("select audience from sitting where state = 'open'")).toEqual([['private']]);
  });

  it('takes the draft along: the second step goes on with what was answered in the first', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', moreChildren);
    await w.taps('cadre', card, '转到私聊');
    expect(w.reads(inPrivate())).toContain('家庭人口与户籍信息是否核准：有增减需更新');
    await w.taps('cadre', inPrivate(), '提交', { '第2题补充：具体情况': '添了一个孩子' });
    expect((await household(w, '大阿-01-001')).answers).toMatchObject({
      'L1-01': '入户面谈',
      'L1-02.detail': '添了一个孩子',
    });
  });

  it('that cannot reach the person says in the group how to open the private chat, and nothing is lost', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', moreChildren);
    w.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230013, times: 1 });
    await w.taps('cadre', card, '转到私聊');
    expect(w.reads(w.last(daaGroup))).toContain('请点我的头像打开私聊，发送「排查」接着填');
    await w.asks('cadre', '排查');
    expect(w.reads(inPrivate())).toContain('有增减需更新');
  });

  it('of somebody else’s card opens nothing of theirs', async () => {
    const card = await openCard(w);
    const answer = await w.taps('colleague', card, '转到私聊');
    expect(answer.toast?.content).toContain('这是王例的填报卡');
    expect(w.reads(card)).toContain('大阿-01-001 赵某');
  });
});

describe('the private card', () => {
  it('opens directly when 排查 is typed in private, below the village’s counts', async () => {
    const card = await w.asks('cadre', '排查');
    expect(w.reads(card)).toContain('大阿-01-001 赵一例');
    const above = w.heard(card.chatId).at(-2);
    expect(above && buttons(w, above)).toContain('继续排查');
  });

  it('继续排查 on the private village card brings a private card again', async () => {
    const first = await w.asks('cadre', '排查');
    await w.taps('cadre', newest(w, first.chatId, '刷新'), '刷新');
    await w.taps('cadre', newest(w, first.chatId, '刷新'), '继续排查');
    expect(w.reads(inPrivate())).toContain('大阿-01-001 赵一例');
    expect(w.reads(first)).toContain('这张填报卡已换成新的');
    expect(await w.rows("select audience from sitting where state = 'open'")).toEqual([['private']]);
  });

  it('shows what the roster knows and chooses computed answers beforehand', async () => {
    const card = await w.asks('cadre', '排查');
    await skipsTo(card, '大阿-01-009');
    const text = w.reads(card);
    for (const line of [
      '监测对象类别：边缘易致贫户',
      '识别时间：2022年5月10日',
      '主要风险：因残',
      '劳动能力：整户无劳动能力',
    ])
      expect(text).toContain(line);
    expect(card.content).toContain('"initial_option":"整户无劳动能力"');
    await skipsTo(card, '大阿-01-010');
    for (const line of ['消除时间：2022年11月20日', '消除方式：帮扶消除']) expect(w.reads(card)).toContain(line);
  });

  it('keeps everything that was typed when something is to be mended, and says per field what to do', async () => {
    const card = await w.asks('cadre', '排查');
    const poor = { '近12个月家庭人均纯收入（对照监测范围）': '低于监测范围', 综合研判结论: '疑似，提交乡镇研判' };
    await w.taps('cadre', card, '提交', { ...moreChildren, ...poor });
    const [detail, amount] = ['第2题补充：具体情况', '第3题补充：金额（元）'];
    const answer = await w.taps('cadre', card, '提交', { [detail]: '添了一个孩子', [amount]: '约三千' });
    expect(answer.toast?.type).toBe('error');
    expect(w.reads(card)).toContain(`还没有保存，请补充：第3题「${amount}」请填数字，单位是元，如 12000`);
    expect(card.content).toContain('"default_value":"约三千"');
    expect(await eventsOf(w, 'submit')).toBe(0);
    await w.taps('cadre', card, '返回');
    expect(card.content).toContain('"initial_option":"有增减需更新"');
    await w.taps('cadre', card, '提交');
    await w.taps('cadre', card, '提交', { [amount]: '3000' });
    const { answers } = await household(w, '大阿-01-001');
    expect(answers).toMatchObject({ 'L1-02': '有增减需更新', 'L1-02.detail': '添了一个孩子', 'L1-03.amount': 3000 });
    expect(Object.keys(answers ?? {}).filter((id) => id.startsWith('~'))).toEqual([]);
  });

  it('上一户 brings the stored answers back into their fields', async () => {
    const card = await w.asks('cadre', '排查');
    await w.taps('cadre', card, '提交', { ...allNormal, 综合研判结论: '疑似，提交乡镇研判' });
    await w.taps('cadre', card, '上一户');
    expect(card.content).toContain('"initial_option":"疑似，提交乡镇研判"');
    await w.taps('cadre', card, '提交', { 综合研判结论: '无返贫致贫风险' });
    expect((await household(w, '大阿-01-001')).answers).toMatchObject({
      'L1-15': '无返贫致贫风险',
      'L1-01': '入户面谈',
    });
  });

  it('puts every household it shows on record, with who saw it; a group card none', async () => {
    await boundGroup(w);
    const group = await continues(w, 'cadre');
    await w.taps('cadre', group, '跳过');
    expect(await eventsOf(w, 'view')).toBe(0);
    await w.taps('cadre', group, '转到私聊');
    await w.taps('cadre', inPrivate(), '提交', allNormal);
    await w.taps('cadre', inPrivate(), '跳过');
    await w.taps('cadre', inPrivate(), '上一户');
    const seen = await w.rows("select subject, actor from event where verb = 'view' order by id");
    const shown = [2, 3, 4, 3].map((no) => `screening:${w.campaign.id}:${no}`);
    expect(seen.map((r) => r[0])).toEqual(shown);
    expect(new Set(seen.map((r) => r[1])).size).toBe(1);
  });

  it('does nothing in any message but its own, whoever presses', async () => {
    const card = await w.asks('cadre', '排查');
    await boundGroup(w);
    const [submit] = card.content.match(/screening\.submit~[^"\\]+/) ?? [];
    for (const who of [people.cadre, people.colleague]) {
      const answer = await w.sim.click(who, village(w).messageId, {
        tag: 'button',
        name: submit ?? '',
        form_value: {},
      });
      expect(answer).toMatchObject({ cardChanged: false, toast: { content: '这张卡片只能由本人在和我的私聊里用。' } });
    }
  });

  it('goes on after a restart with the draft it had', async () => {
    const card = await w.asks('cadre', '排查');
    await w.taps('cadre', card, '提交', moreChildren);
    await w.restart();
    await w.asks('cadre', '排查');
    expect(w.reads(inPrivate())).toContain('有增减需更新');
    await w.taps('cadre', inPrivate(), '提交', { '第2题补充：具体情况': '添了一个孩子' });
    expect((await household(w, '大阿-01-001')).answers).toMatchObject({ 'L1-02.detail': '添了一个孩子' });
  });
});

it('where no @ is needed no card asks for one', async () => {
  await openCard(w);
  await allHouseholds(w);
  await allForms(w);
  await w.asks('clerk', '排查');
  const town = w.last(w.privateChat('clerk'));
  await w.asks('cadre', '排查');
  const chat = w.privateChat('cadre');
  const meeting = await askMeeting(w, 'cadre', chat);
  const cards = [town, village(w, chat), meeting];
  expect(cards.map((card) => w.reads(card)).join()).not.toContain('@我');
  await w.taps('clerk', town, '刷新');
  await w.taps('cadre', meeting, '村级提交', met);
  expect(w.reads(meeting)).toContain('已提交乡镇');
  expect(cards.map((card) => w.reads(card)).join()).not.toContain('@我');
});
