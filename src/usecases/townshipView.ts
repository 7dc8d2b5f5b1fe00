// Owns what a township is shown of one village's hand-in. Private: households and reasons are named.
import type { ReviewView } from '../../cards/viewsOfVillage.ts';
import type { AreaForm, AreaTask, Changed } from '../areaStore.ts';
import type { Campaign, Item } from '../domain/campaign.ts';
import { changedItems } from '../domain/handIn.ts';
import { isAsked } from '../domain/questions.ts';
import { showDay, showInstant } from '../domain/time.ts';
import type { Place } from './areaFormFacts.ts';
import { taskOf } from './handIn.ts';
import { stateNames } from './township.ts';
import { countsOf, returnedCounts } from './village.ts';
import { head, type World } from './world.ts';

/** Items a village answers for itself: what may be sent back besides households. */
export const villageItems = (campaign: Campaign): Item[] =>
  campaign.items.filter((i) => i.scope === 'village' && isAsked(i));

/** '规模性风险第1题', without a number where the id has none; '' when the campaign has no such item. */
function itemNumber(campaign: Campaign, id: string): string {
  const bare = (id.split('|').at(-1) ?? '').split('.')[0] ?? '';
  const item = campaign.items.find((i) => i.id === bare);
  const lookback = campaign.lookbacks.find((l) => l.id === item?.lookback);
  const number = /\d+$/.exec(bare)?.[0];
  return lookback ? `${lookback.short}${number === undefined ? '' : `第${Number(number)}题`}` : '';
}

export function itemName(campaign: Campaign, id: string): string {
  const text = campaign.items.find((i) => i.id === id)?.text ?? '';
  return `${itemNumber(campaign, id)} ${text}`.trim();
}

export async function reviewView(world: World, place: Place, form: boolean): Promise<ReviewView> {
  const { campaign, village } = place;
  const { store } = world;
  const [task, tallies, forms, putOff, counts, changes] = await Promise.all([
    taskOf(world, place),
    store.tallies(campaign.id, village),
    store.areaForms(campaign.id, village.code),
    store.putOff(campaign.id, village.code),
    store.findingCounts(campaign.id, village.code),
    store.changesSinceReturn(campaign.id, village.code),
  ]);
  const names = await store.personNames([task.submittedBy ?? '', task.decidedBy ?? '']);
  const { total, done, deferred, found } = countsOf(tallies, 'ALL');
  const who = names.get(task.submittedBy ?? '') ?? '';
  const waits = task.state === 'submitted';
  return {
    ...head(world, campaign),
    village: village.name,
    value: { c: campaign.id, v: village.code, r: task.rev },
    stage: waits ? (form ? 'return' : 'review') : 'settled',
    state: stateNames[task.state],
    lines: [
      total === 0
        ? '没有要排查的户（无适用对象）'
        : `共 ${total} 户，已排查 ${done} 户${stillOpen(total - done, deferred)}，发现线索 ${found} 户`,
      ...submittedLines(campaign, task, who),
    ],
    findings: [
      ...counts.map((c) => ({ text: itemName(campaign, c.item), count: `${c.n} 户` })),
      ...villageFindings(campaign, forms),
    ],
    putOff: putOff.map(({ code, reason }) => ({ code, reason })),
    changes: changes.length === 0 ? null : changes.map((c) => changeLine(campaign, c)),
    items: villageItems(campaign).map((i) => ({ text: itemName(campaign, i.id), value: i.id })),
    notice: waits ? '' : settledLine(campaign, task, names.get(task.decidedBy ?? '') ?? ''),
  };
}

const stillOpen = (left: number, deferred: number): string =>
  left === 0 ? '' : `，没有排查 ${left} 户${deferred === 0 ? '' : `（联系不上 ${deferred} 户）`}`;

function submittedLines(campaign: Campaign, task: AreaTask, who: string): string[] {
  if (task.submittedAt === null) return [];
  const meeting = task.meetingDay === null ? '' : `；村级研判会：${showDay(task.meetingDay)}`;
  return [`${showInstant(task.submittedAt, campaign.zone)} ${who}提交${task.late ? '（逾期）' : ''}${meeting}`];
}

function settledLine(campaign: Campaign, task: AreaTask, who: string): string {
  if (task.decidedAt === null || task.state === 'open') return `${stateNames[task.state]}，等村里提交。`;
  const back = task.state === 'returned' ? `：${returnedCounts(task)}` : '';
  return `${stateNames[task.state]}（${showInstant(task.decidedAt, campaign.zone)} ${who}）${back}`;
}

function villageFindings(campaign: Campaign, forms: readonly AreaForm[]): ReviewView['findings'] {
  const texts = forms.flatMap((f) =>
    f.findings.map(({ item }) => {
      const [row, id] = item.includes('|') ? item.split('|') : ['', item];
      return `${row ? `${row}：` : ''}${itemName(campaign, id ?? '')}`;
    }),
  );
  return [...new Set(texts)].map((text) => ({ text, count: '村级' }));
}

const most = 4;
function changeLine(campaign: Campaign, c: Changed): { name: string; text: string } {
  const name = c.of === 'form' ? (campaign.lookbacks.find((l) => l.id === c.name)?.short ?? c.name) : c.name;
  if (c.after === null) return { name, text: '改为联系不上' };
  if (c.before === null) return { name, text: '补填' };
  const ids = changedItems(c.before, c.after).map((id) => itemNumber(campaign, id));
  const items = [...new Set(ids)].filter((n) => n !== '');
  if (items.length === 0) return { name, text: '重新核实，内容没有变化' };
  const more = items.length > most ? ` 等 ${items.length} 题` : '';
  return { name, text: `改了${items.slice(0, most).join('、')}${more}` };
}
