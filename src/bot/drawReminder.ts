// Owns drawing what nobody asked for, at the moment it is sent. Says what is left and until when; nothing when nothing is.
import type { OwedItem } from '../domain/owed.ts';
import { dueLine } from '../domain/phase.ts';
import { showInstant } from '../domain/time.ts';
import type { OutboxPayload } from '../ports.ts';
import { type OwedWork, owedOf } from '../usecases/owed.ts';
import type { World } from '../usecases/world.ts';

type Of<T extends OutboxPayload['type']> = Extract<OutboxPayload, { type: T }>;

const said: Readonly<Record<OwedItem['kind'], (n: number) => string>> = {
  returned: (n) => `乡镇退回 ${n} 处要补充`,
  todo: (n) => `未排查 ${n} 户`,
  due: (n) => `约好今天再联系 ${n} 户`,
  forms: (n) => `村级表 ${n} 张没有填`,
  handIn: () => '村级还没有提交',
  waiting: (n) => `${n} 个村的提交等接收`,
  missing: (n) => `${n} 个村还没有提交`,
};

function workLine({ areaName, items, deadline, campaign, minutes }: OwedWork): string {
  const what = items.map((i) => said[i.kind](i.n)).join('，');
  const until = deadline ? `。${deadline.name}：${showInstant(deadline.at, campaign.zone)}` : '';
  return `${campaign.short} ${areaName}：${what}${until}${minutes > 0 ? `，大约 ${minutes} 分钟` : ''}`;
}

/** null: nothing is left, or this person is nobody's any more. */
export async function digestText(world: World, of: Of<'digest'>): Promise<string | null> {
  const person = await world.store.personById(of.personId);
  const works = person ? await owedOf(world, person) : [];
  return works.length === 0 ? null : ['今天可以办的：', ...works.map(workLine)].join('\n');
}

/** null: the campaign no longer has it. */
export async function milestoneText(world: World, of: Of<'milestone'>): Promise<string | null> {
  const campaign = await world.store.campaign(of.campaignId);
  const milestone = campaign?.reminders?.milestones.find((m) => m.id === of.milestone);
  if (!campaign || !milestone) return null;
  return `${campaign.short}：${milestone.name}。${dueLine(campaign, 'village', world.clock.now()).text}`;
}

/** Counts only. */
export async function groupDigestText(world: World, of: Of<'groupDigest'>): Promise<string | null> {
  const [campaign, area] = await Promise.all([world.store.campaign(of.campaignId), world.store.area(of.areaCode)]);
  if (!campaign || !area) return null;
  const stands = await world.store.stands(campaign.id, area, of.day);
  const count = (task: string) => stands.filter((s) => s.task === task).length;
  return `${area.name}：已接收 ${count('accepted')} 个村，待接收 ${count('submitted')} 个，未提交 ${count('open') + count('returned')} 个。`;
}
