// Owns the proof that whoever works with a card always has one that can be pressed, through a campaign longer than a
// card's 14 days, and that nothing is changed after its end.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { daaGroup, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, boundGroup, continues, household, openCard } from './story.ts';
import { allHouseholds } from './villageStory.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

const day = 86_400_000;
const moreChildren = { ...allNormal, 家庭人口与户籍信息是否核准: '有增减需更新' };
const said = () =>
  [daaGroup, w.privateChat('cadre'), w.privateChat('colleague'), w.privateChat('clerk')].flatMap((chat) =>
    w.heard(chat),
  );

/** Every open sitting: the messages that show it, with the age of the one in the books. */
async function cardsInUse() {
  const rows = await w.rows("select id, message_id from sitting where state = 'open' order by id");
  return rows.map(([id, messageId]) => {
    const shown = said().filter((m) => m.content.includes(`"s":"${id}"`));
    return {
      shown: shown.length,
      known: shown[0]?.messageId === messageId,
      age: w.clock.now() - (shown[0]?.createdAt ?? 0),
    };
  });
}
const patches = () => w.sim.calls.filter((c) => c.method === 'PATCH');

it('from the first day to the last every open card is one that lives, and no change is asked for after its end', async () => {
  const inGroup = await openCard(w);
  await w.taps('cadre', inGroup, '提交', moreChildren); // a draft
  await continues(w, 'colleague');
  await w.asks('clerk', '排查');
  await w.asks('colleague', '排查');
  const before = (await cardsInUse()).length;
  expect(before).toBeGreaterThanOrEqual(2);
  for (let at = Date.parse('2023-07-12T09:30:00+08:00'); at <= Date.parse('2023-07-30T17:30:00+08:00'); at += day / 3) {
    await w.until(new Date(at).toISOString());
    for (const card of await cardsInUse()) {
      expect(card).toMatchObject({ shown: 1, known: true });
      expect(card.age).toBeLessThan(14 * day);
    }
    expect((await cardsInUse()).length).toBe(before);
  }
  expect(patches().length).toBeGreaterThan(0);
  expect([...new Set(patches().map((c) => c.code))]).toEqual([0]);
  expect(await w.rows("select count(*) from outbox where key like 'age/%' and state = 'sent'")).toEqual([[before + 1]]);
  expect(w.reads(inGroup)).toContain('已经换成一张新的');
  const fresh = w.heard(daaGroup).findLast((m) => w.reads(m).includes('填写人： **王例**'));
  expect(fresh?.rootId, 'in the thread of the village’s card').not.toBeNull();
  if (fresh) await w.taps('cadre', fresh, '提交', { '第2题补充：具体情况': '添了一个孩子' });
  expect((await household(w, '大阿-01-001')).answers).toMatchObject({ 'L1-02.detail': '添了一个孩子' });
  const fronts = w.heard(daaGroup).filter((m) => m.content.includes('"大阿村：已排查 '));
  expect(fronts, 'one village card can be pressed').toHaveLength(1);
}, 120_000);

it('a working card with nothing left to fill in is not sent anew', async () => {
  await openCard(w);
  await allHouseholds(w);
  for (const day of ['24', '25', '26']) await w.until(`2023-07-${day}T09:30:00+08:00`);
  const anew = await w.rows("select payload from outbox where key like 'age/%'");
  expect(anew.map(([payload]) => JSON.parse(String(payload)).type)).toEqual(['village']);
}, 60_000);

it('what nobody uses is not sent anew: answers, replaced cards, closed groups', async () => {
  await boundGroup(w);
  await w.asks('cadre', '帮助');
  await w.says('cadre', daaGroup, '解绑');
  const heard = () => said().filter((m) => !m.content.includes('今日可办')).length;
  const before = heard();
  for (const day of ['18', '21', '24', '25', '26', '27']) await w.until(`2023-07-${day}T09:30:00+08:00`);
  expect(await w.rows("select key from outbox where key like 'age/%'")).toEqual([]);
  expect(heard(), 'beside the days’ digests').toBe(before);
  expect(
    await w.rows(
      "select count(*) from live_card where state = 'live' and sent_at < ?",
      Date.parse('2023-07-13T00:00:00+08:00'),
    ),
  ).toEqual([[0]]);
});

it('one closed while its new card waits to be sent is not sent', async () => {
  const card = await openCard(w);
  await w.clock.advanceTo(Date.parse('2023-07-25T10:00:00+08:00'));
  w.sim.faults.apiFailures.push({ on: '/reply', code: 230020, times: 3 });
  await w.running.bot.tick();
  expect(await w.rows("select state from outbox where key like 'age/%' and payload like '%sitting%'")).toEqual([
    ['due'],
  ]);
  w.sim.faults.apiFailures.length = 0;
  await w.asks('cadre', '帮助');
  await w.settle();
  expect(await w.rows("select state from outbox where key like 'age/%' and payload like '%sitting%'")).toEqual([
    ['sent'],
  ]);
  expect(w.reads(card)).toContain('已经换成一张新的');
});

it('the platform’s word that a card is too old goes before our reckoning', async () => {
  const card = await openCard(w);
  w.sim.faults.apiFailures.push({ on: 'PATCH /im/v1/messages', code: 230031, times: 1 });
  await w.until('2023-07-14T10:00:00+08:00');
  await continues(w, 'cadre');
  expect(await w.rows("select state from outbox where key like 'ptr/%'")).toEqual([['void']]);
  expect(await w.running.store.outboxState()).toMatchObject({ dead: 0 });
  expect((await w.sim.press(people.cadre, card.messageId, '提交', allNormal)).toast?.content).toContain('已经换成新的');
});
