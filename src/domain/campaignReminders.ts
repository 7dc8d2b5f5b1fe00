// Owns the checks of a campaign's reminders: slots in working hours and off the platform's busy minutes, what they name
// exists, no more than the four messages a group may get. Pure.
import type { Campaign } from './campaign.ts';
import type { CampaignFault, CampaignPath } from './campaignCheck.ts';
import { isDay } from './time.ts';
import { workingHours } from './workdays.ts';

type Reminders = NonNullable<Campaign['reminders']>;

/** Start, two on the way, end (减负条款 H-26). */
const mostMilestones = 4;
/** What is told on the last working day before, is told from then on (contract §6). */
const afternoon = '16:00';
/** So that the last of a wave still goes out that day. */
const lastSlot = '17:50';

export function checkReminders(c: Campaign): CampaignFault[] {
  if (!c.reminders) return [];
  const at = ['reminders'];
  return [
    ...checkTimes(c.reminders.times, [...at, 'times']),
    ...checkMilestones(c, c.reminders, [...at, 'milestones']),
    ...c.reminders.steps.flatMap((s, i) => checkStep(c, s, [...at, 'steps', i])),
    ...repeated(c.reminders.steps, [...at, 'steps']),
    ...checkLights(c.reminders, [...at, 'lights']),
  ];
}

function checkTimes(times: Reminders['times'], path: CampaignPath): CampaignFault[] {
  const earliest = { morning: workingHours.from, shifted: afternoon, township: workingHours.from };
  return Object.entries(earliest).flatMap(([name, from]): CampaignFault[] => {
    const time = times[name as keyof typeof times];
    const at = [...path, name];
    const minute = time.slice(3);
    if (minute > '59' || time < from || time > lastSlot)
      return [{ path: at, reason: `${name} 请写 ${from} 至 ${lastSlot} 之间的时间，现在是 ${time}` }];
    if (minute !== '00' && minute !== '30') return [];
    return [
      {
        path: at,
        reason: `${name} 请避开整点和半点（平台最忙），例如 ${time.slice(0, 2)}:${minute === '00' ? '02' : '32'}`,
      },
    ];
  });
}

function repeated(list: readonly { readonly id: string }[], path: CampaignPath): CampaignFault[] {
  const ids = list.map((m) => m.id);
  return ids.flatMap((id, i) =>
    ids.indexOf(id) < i ? [{ path: [...path, i, 'id'], reason: `编号 ${id} 重复了，请改成没有用过的` }] : [],
  );
}

function checkMilestones(c: Campaign, { milestones }: Reminders, path: CampaignPath): CampaignFault[] {
  const tooMany: CampaignFault[] =
    milestones.length > mostMilestones
      ? [
          {
            path,
            reason: `发到各群的最多 ${mostMilestones} 条（开始、两个节点、结束），现在有 ${milestones.length} 条（减负条款 H-26）`,
          },
        ]
      : [];
  const lost = milestones.flatMap((m, i): CampaignFault[] => {
    if ('phase' in m) {
      if (c.phases.some((p) => p.id === m.phase)) return [];
      return [{ path: [...path, i, 'phase'], reason: `没有编号 ${m.phase} 的阶段，请核对`, missing: m.phase }];
    }
    if (c.phases.some((p) => p.deadlines.some((d) => d.id === m.deadline))) return [];
    return [{ path: [...path, i, 'deadline'], reason: `没有编号 ${m.deadline} 的期限，请核对`, missing: m.deadline }];
  });
  return [...tooMany, ...lost, ...repeated(milestones, path)];
}

function checkStep(c: Campaign, step: Reminders['steps'][number], path: CampaignPath): CampaignFault[] {
  const wrong = (['from', 'to'] as const).filter((edge) => !isDay(step[edge]));
  if (wrong.length > 0)
    return wrong.map((edge) => ({ path: [...path, edge], reason: `没有 ${step[edge]} 这一天，请核对日期` }));
  if (step.from > step.to)
    return [{ path: [...path, 'to'], reason: `${step.name}的结束日期 ${step.to} 早于开始日期 ${step.from}，请核对` }];
  if (c.phases.some((p) => p.from <= step.from && step.to <= p.to)) return [];
  return [
    { path: [...path, 'from'], reason: `${step.name}（${step.from} 至 ${step.to}）不在任何一个阶段之内，请核对日期` },
  ];
}

const checkLights = ({ lights }: Reminders, path: CampaignPath): CampaignFault[] =>
  lights.yellow < lights.blue
    ? []
    : [{ path: [...path, 'yellow'], reason: `yellow 的天数要少于 blue，现在是 ${lights.yellow} 和 ${lights.blue}` }];
