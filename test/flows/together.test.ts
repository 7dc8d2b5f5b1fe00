import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daa, daaGroup, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, boundGroup, continues, eventsOf, household, normalAnswers, openCard, village } from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

const doubtful = { ...allNormal, 综合研判结论: '疑似，提交乡镇研判' };

describe('two cadres in one group', () => {
  it('work side by side on households of their own', async () => {
    const mine = await openCard(w);
    const theirs = await continues(w, 'colleague');
    expect(theirs.messageId).not.toBe(mine.messageId);
    expect(w.reads(mine)).toContain('大阿-01-001');
    expect(w.reads(theirs)).toContain('大阿-01-002');
    await w.taps('colleague', theirs, '提交', doubtful);
    await w.taps('cadre', mine, '提交', allNormal);
    expect(await household(w, '大阿-01-001')).toMatchObject({ state: 'clear', by: '王例' });
    expect(await household(w, '大阿-01-002')).toMatchObject({ state: 'found', by: '李样' });
    expect(w.reads(theirs)).toContain('大阿-01-003');
    expect(w.reads(mine)).toContain('大阿-01-004');
  });

  it('a click on somebody else’s card changes nothing, says whose it is, and brings one’s own', async () => {
    const mine = await openCard(w);
    const before = w.reads(mine);
    const answer = await w.taps('colleague', mine, '提交', allNormal);
    expect(answer.cardChanged).toBe(false);
    expect(answer.toast?.content).toBe('这是王例的填报卡，没有改动。已为您另开一张，请往下看。');
    expect(w.reads(mine)).toBe(before);
    expect(w.reads(w.last(daaGroup))).toContain('填写人： **李样**');
    expect(w.last(daaGroup).rootId).toBe(village(w).messageId);
    expect(await eventsOf(w, 'submit')).toBe(0);
  });

  it('cadres of other villages and clerks hear who fills it in, and get no card', async () => {
    const mine = await openCard(w);
    const messages = w.heard(daaGroup).length;
    const neighbour = await w.taps('neighbour', village(w), '继续排查');
    expect(neighbour.toast?.content).toBe('您还不在大阿村名单，请联系大阿镇。');
    const other = await w.taps('neighbour', mine, '跳过');
    expect(other.toast?.content).toBe('这是王例的填报卡。您还不在大阿村名单，请联系大阿镇。');
    await w.says('clerk', daaGroup, '进度');
    const clerk = await w.taps('office', village(w), '刷新');
    expect(clerk.toast?.content).toBe('已是最新');
    expect(w.heard(daaGroup).length).toBe(messages + 1); // 已私发给您
  });

  it('the last household in a colleague’s hands is not called done', async () => {
    const mine = await openCard(w);
    const theirs = await continues(w, 'colleague');
    for (let n = 1; n <= 9; n++) {
      const full = w.reads(mine).includes('（全表）');
      await w.taps('cadre', mine, '提交', full ? normalAnswers(w, mine) : allNormal);
    }
    expect(w.reads(mine)).toContain('剩下的户正由同事在填');
    expect(w.reads(mine)).not.toContain('都已填好');
    await w.taps('colleague', theirs, '提交', allNormal);
    expect(w.reads(theirs)).toContain('本村各户都已填好');
  });

  it('strangers get a sentence and nothing of them is stored', async () => {
    const mine = await openCard(w);
    const before = await w.rows('select count(*) from event');
    for (const tap of [
      () => w.taps('stranger', mine, '提交', allNormal),
      () => w.taps('stranger', village(w), '继续排查'),
    ]) {
      const answer = await tap();
      expect(answer).toMatchObject({ cardChanged: false, toast: { content: '您还不在大阿村名单，请联系大阿镇。' } });
    }
    await w.says('stranger', daaGroup, '绑定 大阿村');
    expect(w.reads(w.last(daaGroup))).toBe('您还不在大阿村名单，请联系大阿镇。');
    expect(await w.rows('select count(*) from event')).toEqual(before);
    expect(await w.rows('select count(*) from inbox')).toEqual([[0]]);
    expect(await w.rows('select count(*) from sitting')).toEqual([[1]]);
    expect((await w.rows('select name from person')).flat()).not.toContain('外人');
  });
});

describe('a household held for thirty minutes', () => {
  it('goes to a colleague afterwards, and a late submit says who answered', async () => {
    const mine = await openCard(w);
    await w.until('2023-07-12T09:05:00+08:00');
    const theirs = await continues(w, 'colleague');
    expect(w.reads(theirs)).toContain('大阿-01-001');
    await w.taps('colleague', theirs, '提交', doubtful);
    const late = await w.taps('cadre', mine, '提交', allNormal);
    expect(late.toast).toMatchObject({ type: 'warning' });
    expect(late.toast?.content).toMatch(/^这户已由李样在7月12日 09:05填好，没有重复保存。下一户：大阿-01-003$/);
    expect(await household(w, '大阿-01-001')).toMatchObject({ by: '李样', answers: { 'L1-15': '疑似，提交乡镇研判' } });
    expect(await eventsOf(w, 'submit')).toBe(1);
  });

  it('a late submit while the colleague still fills it in says so', async () => {
    const mine = await openCard(w);
    await w.until('2023-07-12T09:05:00+08:00');
    await continues(w, 'colleague');
    const late = await w.taps('cadre', mine, '提交', allNormal);
    expect(late.toast?.content).toBe('这户正由李样在填，没有重复保存。下一户：大阿-01-002');
    expect(await household(w, '大阿-01-001')).toMatchObject({ state: 'todo', heldBy: '李样' });
  });

  it('a late 联系不上 never takes away what a colleague answered', async () => {
    const mine = await openCard(w);
    await w.taps('cadre', mine, '联系不上');
    await w.until('2023-07-12T09:05:00+08:00');
    await w.taps('colleague', await continues(w, 'colleague'), '提交', doubtful);
    const form = { 没联系上的原因: '临时不在家', 下次联系的日期: '2023-07-14' };
    const late = await w.taps('cadre', mine, '提交', form);
    expect(late.toast?.content).toContain('这户已由李样在7月12日 09:05填好');
    expect(await household(w, '大阿-01-001')).toMatchObject({ state: 'found', defer: null, by: '李样' });
  });

  it('is still one’s own after thirty minutes when nobody else took it', async () => {
    const mine = await openCard(w);
    await w.until('2023-07-12T12:00:00+08:00');
    const answer = await w.taps('cadre', mine, '提交', allNormal);
    expect(answer.toast?.content).toContain('已保存 大阿-01-001');
  });

  it('上一户 leaves a household to the colleague who is on it', async () => {
    const mine = await openCard(w);
    await w.taps('cadre', mine, '跳过');
    await continues(w, 'colleague'); // takes 001
    const answer = await w.taps('cadre', mine, '上一户');
    expect(answer.toast?.content).toBe('上一户正由别的同事在填，请先填这一户。');
    expect(w.reads(mine)).toContain('大阿-01-002');
  });
});

describe('the same thing twice', () => {
  it('提交 pressed twice at once stores and counts one', async () => {
    const card = await openCard(w);
    const taps = [0, 1].map(() => w.sim.press(people.cadre, card.messageId, '提交', allNormal));
    const answers = await Promise.all(taps);
    expect(answers.map((a) => a.code)).toEqual([null, null]);
    expect(answers.filter((a) => a.toast?.type === 'success')).toHaveLength(1);
    expect(await eventsOf(w, 'submit')).toBe(1);
    expect(
      await w.rows("select n from tally where section = 'ALL' and state = 'clear' and village_code = '360722108200'"),
    ).toEqual([[1]]);
    expect(w.reads(card)).toContain('您本次已填 1 户');
  });

  it('two cadres who submit the same household at once: one is stored, the other hears of it', async () => {
    const mine = await openCard(w);
    await w.until('2023-07-12T09:05:00+08:00');
    const theirs = await continues(w, 'colleague');
    await Promise.all([
      w.sim.press(people.cadre, mine.messageId, '提交', allNormal),
      w.sim.press(people.colleague, theirs.messageId, '提交', doubtful),
    ]);
    expect(await household(w, '大阿-01-001')).toMatchObject({ by: '李样', state: 'found' });
    expect(await eventsOf(w, 'submit')).toBe(1);
  });

  it('two clicks that read the same card before either wrote: the store lets one through', async () => {
    await openCard(w);
    const { store } = w.running;
    const person = await store.personByOperator({ openId: people.cadre, userId: null });
    const sitting = await store.openSittingOf(person?.id ?? '', daaGroup, w.campaign.id);
    if (!person || !sitting?.screening) throw new Error('no open card');
    const next = { today: '2023-07-12', early: false, claimUntil: w.clock.now() + 1_800_000 };
    const submit = (eventId: string) =>
      store.submit({
        act: { eventId, actor: person.id, at: w.clock.now() },
        ...{ sitting, screening: sitting.screening as NonNullable<typeof sitting.screening>, next },
        ...{ state: 'clear', answers: {}, provenance: {}, findings: [], late: false, defer: null },
      });
    const race = await Promise.all([submit('one'), submit('two')]);
    expect(race.map((r) => (r.ok ? 'ok' : r.why)).sort()).toEqual(['ok', 'stale']);
    const again = await submit(race[0].ok ? 'one' : 'two');
    expect(again).toEqual({ ok: false, why: 'duplicate' });
    expect(await eventsOf(w, 'submit')).toBe(1);
    const open = (id: string, replaces: typeof sitting | null) =>
      store.openSitting({
        act: { eventId: id, actor: person.id, at: w.clock.now() },
        ...{ id, campaignId: w.campaign.id, chatId: daaGroup, villageCode: daa, anchorId: 'om_x', outgoing: [] },
        ...{ next, replaces },
      });
    expect(await open('s1', null)).toEqual({ ok: false, why: 'stale' });
    const fresh = await store.openSittingOf(person.id, daaGroup, w.campaign.id);
    const opened = await Promise.all([open('s2', fresh), open('s3', fresh)]);
    expect(opened.map((r) => (r.ok ? 'ok' : r.why)).sort()).toEqual(['ok', 'stale']);
    expect(await w.rows("select count(*) from sitting where state = 'open'")).toEqual([[1]]);
  });

  it('a callback that comes again gets the card as it is now and changes nothing', async () => {
    const card = await openCard(w);
    const again = await w.twice(() => w.taps('cadre', card, '提交', allNormal));
    expect(again).toMatchObject({ card: { data: { header: { title: { content: '大阿-01-002 钱某｜请填写' } } } } });
    expect(await eventsOf(w, 'submit')).toBe(1);
    expect((await household(w, '大阿-01-002')).state).toBe('todo');
  });

  it('继续排查 pressed twice at once opens one card', async () => {
    const card = await boundGroup(w);
    await Promise.all([0, 1].map(() => w.sim.press(people.cadre, card.messageId, '继续排查')));
    await w.settle();
    expect(await w.rows('select count(*) from sitting')).toEqual([[1]]);
    expect(await w.rows("select count(*) from outbox where key like 'sit/%'")).toEqual([[1]]);
    expect(w.heard(daaGroup).filter((m) => w.reads(m).includes('填写人： **王例**'))).toHaveLength(1);
  });

  it('继续排查 tapped again while the card is still on its way opens nothing more', async () => {
    const card = await boundGroup(w);
    const down = { on: '/reply', code: 230020, times: 40, when: 'before' } as const;
    w.sim.faults.apiFailures.push(down);
    await w.sim.press(people.cadre, card.messageId, '继续排查');
    await w.running.settled();
    await w.clock.advanceBy(30_000);
    const again = await w.sim.press(people.cadre, card.messageId, '继续排查');
    expect(again.toast?.content).toBe('您的填报卡刚发过，请往下看。');
    w.sim.faults.apiFailures.length = 0;
    await w.settle();
    expect(await w.rows('select count(*) from sitting')).toEqual([[1]]);
    expect(w.heard(daaGroup).filter((m) => w.reads(m).includes('填写人： **王例**'))).toHaveLength(1);
  });

  it('继续排查 that comes again opens nothing more', async () => {
    const card = await boundGroup(w);
    await w.twice(() => w.taps('cadre', card, '继续排查'));
    await w.until('2023-07-12T08:40:00+08:00');
    expect(await w.rows('select count(*) from sitting')).toEqual([[1]]);
  });

  it.each(['same', 'new'] as const)('a group the bot was added to is welcomed once (%s ids)', async (copyIds) => {
    Object.assign(w.sim.faults, { eventCopies: 3, copyIds });
    w.sim.addBot(daaGroup, people.cadre);
    await w.settle();
    expect(w.heard(daaGroup)).toHaveLength(1);
  });

  it.each(['same', 'new'] as const)(
    'a message delivered three times with %s event ids is answered once',
    async (copyIds) => {
      Object.assign(w.sim.faults, { eventCopies: 3, copyIds });
      await w.asks('cadre', '帮助');
      expect(w.heard(w.privateChat('cadre'))).toHaveLength(1);
    },
  );
});
