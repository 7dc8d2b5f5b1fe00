// Owns what people do in the nineteen days, as a rule of a village's number: written through the store with all its guards.
// It also knows who has something undone when, who is away, which group wants a digest: the proof asks it, not the planner.
import type { AreaTask } from '../../src/areaStore.ts';
import { villageLookbacks } from '../../src/domain/areaForm.ts';
import { explainingReasons } from '../../src/domain/handIn.ts';
import { dayOf } from '../../src/domain/time.ts';
import type { Act, Store, Written } from '../../src/store.ts';
import { type County, daaTown, daaVillage, type Someone, type Village } from './county.ts';

export interface Deed {
  readonly at: number; // epoch ms
  do(store: Store): Promise<void>;
}

const on = (day: number, time: string) => Date.parse(`2023-07-${day}T${time}:20+08:00`);
/** When a village hands in and when its township accepts, by the last digit of its number; absent: never. */
const rhythm: Readonly<Record<number, { readonly handIn: number; readonly accept: number }>> = {
  0: { handIn: on(14, '15:20'), accept: on(17, '10:14') },
  1: { handIn: on(18, '15:40'), accept: on(19, '16:20') },
  2: { handIn: on(18, '15:40'), accept: on(19, '16:20') },
  3: { handIn: on(18, '15:40'), accept: on(19, '16:20') },
  4: { handIn: on(19, '16:20'), accept: on(20, '16:50') },
  5: { handIn: on(19, '16:20'), accept: on(20, '16:50') },
  6: { handIn: on(19, '16:20'), accept: on(20, '16:50') },
  7: { handIn: on(20, '15:40'), accept: on(21, '15:10') },
  8: { handIn: on(24, '11:10'), accept: on(25, '10:20') },
};
/** This township is done with everything in time. */
const swiftTown = '360722109';
/** This village is sent back a minute before the half hour, hands in again and is accepted. */
const sentBack = { handIn: on(18, '15:40'), back: on(19, '10:29'), again: on(21, '09:40'), accept: on(21, '15:10') };
const halfWay = on(13, '15:30');
const settingsAt = on(13, '11:00');

const rhythmOf = (v: Village) => rhythm[v.township === swiftTown && v.no % 10 > 7 ? 6 : v.no % 10];

interface Settled {
  readonly leaveUntilDay: string | null;
  readonly mutedUntilDay: string | null;
}
/** What somebody chose on 13 July in 提醒. */
function settingOf(p: Someone, county: County): Settled | null {
  const village = county.villages.find((v) => v.code === p.areaCode);
  if (village && village.no % 10 === 3 && p.name.endsWith(' 村干部1'))
    return { leaveUntilDay: '2023-07-19', mutedUntilDay: null };
  if (village && village.no % 10 === 9 && p.name.endsWith(' 村干部2'))
    return { leaveUntilDay: null, mutedUntilDay: '2023-07-31' };
  return null;
}

/** Told nothing unasked at this instant. */
export function isAway(p: Someone, county: County, at: number): boolean {
  const day = dayOf(at, county.campaign.zone);
  if ((p.leaveUntilDay ?? '') >= day) return true;
  const chosen = at >= settingsAt ? settingOf(p, county) : null;
  return (chosen?.leaveUntilDay ?? '') >= day || (chosen?.mutedUntilDay ?? '') >= day;
}

/** The only group that wants a digest each day, and from when. */
export const wantsDigest = { areaCode: daaTown, from: settingsAt };

function villageStands(v: Village, at: number): 'open' | 'waiting' | 'accepted' {
  if (v.code === daaVillage) {
    if (at >= sentBack.accept) return 'accepted';
    return at >= sentBack.again || (at >= sentBack.handIn && at < sentBack.back) ? 'waiting' : 'open';
  }
  const own = rhythmOf(v);
  if (!own || at < own.handIn) return 'open';
  return at < own.accept ? 'waiting' : 'accepted';
}

/** Has this area something undone at this instant? A village until it handed in; those above until all is accepted. */
export function hasWork(county: County, areaCode: string, at: number): boolean {
  const own = county.villages.find((v) => v.code === areaCode);
  if (own) return villageStands(own, at) === 'open';
  const below = county.villages.filter(
    (v) => v.township === areaCode || !county.villages.some((w) => w.township === areaCode),
  );
  return below.some((v) => villageStands(v, at) !== 'accepted');
}

/** Everything that happens, in the order of time. */
export function deedsOf(county: County): Deed[] {
  const { villages } = county;
  const deeds = villages.flatMap((v): Deed[] => {
    const hand = hands(county, v);
    const half: Deed = { at: halfWay, do: (store) => hand.answers(store, halfWay, 1) };
    if (v.code === daaVillage) return [half, ...story(hand)];
    const own = rhythmOf(v);
    if (!own) return [half];
    const handIn: Deed = { at: own.handIn, do: (store) => hand.handsIn(store, own.handIn) };
    return [half, handIn, { at: own.accept, do: (store) => hand.isAccepted(store, own.accept) }];
  });
  return [...deeds, ...settings(county)].sort((a, b) => a.at - b.at);
}

type Hands = ReturnType<typeof hands>;
const story = (hand: Hands): Deed[] => [
  { at: sentBack.handIn, do: (store) => hand.handsIn(store, sentBack.handIn) },
  { at: sentBack.back, do: (store) => hand.isSentBack(store, sentBack.back) },
  { at: sentBack.again, do: (store) => hand.handsIn(store, sentBack.again) },
  { at: sentBack.accept, do: (store) => hand.isAccepted(store, sentBack.accept) },
];

function settings(county: County): Deed[] {
  const chosen = county.people.flatMap((p): Deed[] => {
    const setting = settingOf(p, county);
    if (!setting) return [];
    const chosen: Deed = {
      at: settingsAt,
      async do(store) {
        stands(await store.setReminders({ act: await actOf(store, p, settingsAt), ...setting }));
      },
    };
    return [chosen];
  });
  const clerk = county.people.find((p) => p.areaCode === daaTown);
  if (!clerk) return chosen;
  const wanted: Deed = {
    at: settingsAt,
    async do(store) {
      const act = await actOf(store, clerk, settingsAt);
      stands(await store.setGroupDigest({ act, campaignId: county.campaign.id, areaCode: daaTown, wanted: true }));
    },
  };
  return [...chosen, wanted];
}

async function actOf(store: Store, p: Someone, at: number): Promise<Act> {
  const person = await store.personByOperator({ openId: p.openId, userId: null });
  return { eventId: crypto.randomUUID(), actor: person?.id ?? '', at };
}

function stands<T>(w: Written<T>): T {
  if (!w.ok) throw new Error(`the script could not go on: ${w.why}`);
  return w.value;
}

/** What is done in one village. */
function hands({ campaign, people }: County, village: Village) {
  const cadre = people.find((p) => p.areaCode === village.code);
  const clerk = people.find((p) => p.areaCode === village.township);
  if (!cadre || !clerk) throw new Error(`nobody works in ${village.name}`);
  const place = { campaignId: campaign.id, areaCode: village.code };
  const fresh: AreaTask = {
    ...place,
    ...{ townshipCode: village.township, state: 'open', rev: 0, meetingDay: null, returns: [], late: false },
    ...{ submittedBy: null, submittedAt: null, decidedBy: null, decidedAt: null },
  };
  const taskOf = async (store: Store) => (await store.areaTask(campaign.id, village.code)) ?? fresh;
  const lookbacks = villageLookbacks(campaign).map((l) => l.id);
  return {
    /** Answers at most `most` households. */
    async answers(store: Store, at: number, most: number) {
      const next = { today: '2023-07-31', early: true, claimUntil: at + 1_800_000 };
      const open = {
        id: crypto.randomUUID(),
        ...place,
        chatId: cadre.openId,
        villageCode: village.code,
        anchorId: 'om_1',
      };
      const opened = await store.openSitting({
        ...open,
        act: await actOf(store, cadre, at),
        next,
        outgoing: [],
        replaces: await store.openSittingOf((await actOf(store, cadre, at)).actor, cadre.openId, campaign.id),
        audience: 'private',
      });
      let sitting = stands(opened);
      for (let n = 0; n < most && sitting.screening; n++) {
        const { screening } = sitting;
        const said = { state: 'clear', answers: {}, provenance: {}, findings: [], late: false, defer: null } as const;
        sitting = stands(await store.submit({ act: await actOf(store, cadre, at), sitting, screening, ...said, next }));
      }
    },
    async handsIn(store: Store, at: number) {
      await this.answers(store, at, Number.POSITIVE_INFINITY);
      const area = await store.area(village.code);
      const filled = new Set((await store.areaForms(campaign.id, village.code)).map((f) => f.lookback));
      for (const lookback of lookbacks.filter((l) => area && !filled.has(l))) {
        const form = { lookback, answers: {}, findings: [], rev: 0, late: false, doneAt: at };
        if (area)
          stands(await store.saveAreaForm({ act: await actOf(store, cadre, at), campaignId: campaign.id, area, form }));
      }
      const needs = { reasons: explainingReasons(campaign), lookbacks };
      const act = await actOf(store, cadre, at);
      stands(
        await store.handIn({
          act,
          task: await taskOf(store),
          meetingDay: '2023-07-19',
          late: false,
          needs,
          outgoing: [],
        }),
      );
    },
    async isAccepted(store: Store, at: number) {
      stands(await store.acceptHandIn({ act: await actOf(store, clerk, at), task: await taskOf(store) }));
    },
    async isSentBack(store: Store, at: number) {
      const code = `${village.short}-01-001`;
      const households = await store.householdsByCode(campaign.id, village.code, [code]);
      const returns = [{ code, reason: '收入请再核对' }];
      stands(
        await store.returnHandIn({
          act: await actOf(store, clerk, at),
          task: await taskOf(store),
          returns,
          households,
        }),
      );
    },
  };
}
