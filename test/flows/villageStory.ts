// Owns the words stories of a village's own work are told in: all households done, the village's forms, the meeting.
import type { FormInput } from '../../simulator/press.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import { daa, daaGroup, type Who } from '../support/people.ts';
import type { TestWorld } from '../support/world.ts';
import { allNormal, continues, newest, normalAnswers, village } from './story.ts';

/** Every household of 大阿村 that is open, answered without a finding. */
export async function allHouseholds(w: TestWorld, who: Who = 'cadre', most = 10): Promise<void> {
  const card = await continues(w, who);
  for (let n = 0; n < most && w.reads(card).includes('｜请填写'); n++) {
    const full = w.reads(card).includes('（全表）');
    await w.taps(who, card, '提交', full ? normalAnswers(w, card) : allNormal);
  }
}

/** 村级表 below the village's card. */
export async function openForms(w: TestWorld, who: Who = 'cadre', chatId = daaGroup): Promise<StoredMessage> {
  await w.taps(who, village(w, chatId), '村级表');
  return newest(w, chatId, '村级表一村一份');
}

/** No risk of any kind, and the village knows where to report. */
export function noRisk(w: TestWorld): FormInput {
  const kinds = w.campaign.lookbacks.find((l) => l.id === 'LB5')?.rows ?? [];
  return { ...Object.fromEntries(kinds.map((kind) => [kind, '无'])), 村级是否知道报告路径和应急预案: '知道' };
}

export const keyArea = {
  '省定/市定/县定乡村振兴重点帮扶村': ['否'],
  易地扶贫搬迁集中安置区: '否',
  废弃矿山区域: '否',
  是否开展重点排查: '已完成',
  重点排查新发现问题数: '0',
};
export const keyAreaMore = { '第7题补充：日期': '2023-07-12', '第7题补充：排查户数': '10' };
export const inOrder = {
  集中排查数据资料是否齐全: ['排查表', '研判记录', '汇总表', '签字'],
  是否核准数据信息: '已与户籍、系统、部门数据核对',
  数据填写是否流于形式: '否',
  线上线下是否一致: '一致',
};

/** The three forms of the village, all in order. */
export async function allForms(w: TestWorld, who: Who = 'cadre', chatId = daaGroup): Promise<void> {
  const card = await openForms(w, who, chatId);
  await w.taps(who, card, '填写规模性风险');
  await w.taps(who, card, '提交', noRisk(w));
  await w.taps(who, card, '填写重点区域');
  await w.taps(who, card, '提交', keyArea);
  await w.taps(who, card, '提交', keyAreaMore);
  await w.taps(who, card, '填写数据台账');
  await w.taps(who, card, '提交', inOrder);
}

export const met = { 村级对未纳入户集体研判是否召开: '已召开', '第17题补充：召开日期': '2023-07-12' };

/** 村级提交 on the village's card, and the card that asks for the meeting. */
export async function askMeeting(w: TestWorld, who: Who = 'cadre', chatId = daaGroup): Promise<StoredMessage> {
  const { toast } = await w.taps(who, village(w, chatId), '村级提交');
  if (toast?.type !== 'info') throw new Error(`not ready: ${toast?.content}`);
  return newest(w, chatId, '请填研判会');
}

/** The village's own forms as stored: look-back → answers, findings, finished. */
export async function storedForms(w: TestWorld, code = daa) {
  const forms = await w.running.store.areaForms(w.campaign.id, code);
  return Object.fromEntries(forms.map((f) => [f.lookback, f]));
}
