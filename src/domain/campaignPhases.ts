// Owns the checks of a campaign's calendar: zone, phases in order, deadlines inside their phase. Pure.
import type { Campaign, Phase } from './campaign.ts';
import type { CampaignFault, CampaignPath } from './campaignCheck.ts';
import { addDays, dayOf, instantOf, isDay } from './time.ts';
import { calendarOf } from './workdays.ts';

export function checkPhases(c: Campaign): CampaignFault[] {
  if (!isZone(c.zone)) return [{ path: ['zone'], reason: `时区 ${c.zone} 不认识，请写 Asia/Shanghai 这样的名称` }];
  return [
    ...day(c.issuedDay, ['issuedDay']),
    ...c.extraWorkdays.flatMap((d, i) => day(d, ['extraWorkdays', i])),
    ...(c.extraRestDays ?? []).flatMap((d, i) => day(d, ['extraRestDays', i])),
    ...checkYears(c),
    ...c.phases.flatMap((p, i) => checkPhase(p, c.zone, ['phases', i])),
    ...c.phases.flatMap((p, i) => checkOrder(c.phases[i - 1], p, ['phases', i])),
    ...(c.phases.some((p) => p.screening)
      ? []
      : [{ path: ['phases'], reason: '没有哪个阶段排查农户，请给一个阶段写 screening: true', missing: 'screening' }]),
  ];
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What follows a campaign (late answers, reminders of them) still wants working days. */
const afterwards = 40;

/** A year nobody published working days for is not guessed. */
function checkYears(c: Campaign): CampaignFault[] {
  const calendar = calendarOf([c]);
  const yearOf = (d: string) => Number(d.slice(0, 4));
  return c.phases.flatMap((p, i): CampaignFault[] => {
    if (!isDay(p.from) || !isDay(p.to)) return [];
    const last = i === c.phases.length - 1 ? addDays(p.to, afterwards) : p.to;
    const unknown = [...new Set([yearOf(p.from), yearOf(p.to), yearOf(last)])].filter((y) => !calendar.covers(y));
    return unknown.map((year) => ({
      path: ['phases', i, 'to'],
      reason: `${year} 年的放假调休安排还没有收入程序，不能估计工作日：请更新程序，或把国务院办公厅通知里 ${year} 年的放假日写进 extraRestDays、调休上班日写进 extraWorkdays（活动结束后 ${afterwards} 天内也要算）`,
    }));
  });
}

const day = (text: string, path: CampaignPath): CampaignFault[] =>
  isDay(text) ? [] : [{ path, reason: `没有 ${text} 这一天，请核对日期` }];

function checkOrder(before: Phase | undefined, phase: Phase, path: CampaignPath): CampaignFault[] {
  if (!before || before.to < phase.from) return [];
  return [
    {
      path: [...path, 'from'],
      reason: `${phase.name}从 ${phase.from} 开始，但${before.name}到 ${before.to} 才结束，请按先后写且不要重叠`,
    },
  ];
}

function checkPhase(p: Phase, zone: string, path: CampaignPath): CampaignFault[] {
  const faults = [...day(p.from, [...path, 'from']), ...day(p.to, [...path, 'to'])];
  if (faults.length > 0) return faults;
  if (p.from > p.to)
    return [{ path: [...path, 'to'], reason: `${p.name}的结束日期 ${p.to} 早于开始日期 ${p.from}，请核对` }];
  const ids = p.deadlines.map((d) => d.id);
  p.deadlines.forEach((d, i) => {
    const at = [...path, 'deadlines', i];
    if (ids.indexOf(d.id) < i)
      faults.push({ path: [...at, 'id'], reason: `期限编号 ${d.id} 重复了，请改成没有用过的` });
    const when = instantOf(d.at);
    if (Number.isNaN(when)) faults.push({ path: [...at, 'at'], reason: `${d.name}的时间 ${d.at} 不存在，请核对` });
    else if (dayOf(when, zone) < p.from || dayOf(when, zone) > p.to) {
      faults.push({
        path: [...at, 'at'],
        reason: `${d.name}的时间 ${d.at} 不在${p.name}（${p.from} 至 ${p.to}）内，请核对`,
      });
    }
  });
  return p.lockAt === undefined ? faults : [...faults, ...checkLock(p, p.lockAt, [...path, 'lockAt'])];
}

function checkLock(p: Phase, lockAt: string, path: CampaignPath): CampaignFault[] {
  const lock = instantOf(lockAt);
  if (Number.isNaN(lock)) return [{ path, reason: `${p.name}的锁定时间 ${lockAt} 不存在，请核对` }];
  const late = p.deadlines.find((d) => instantOf(d.at) > lock);
  return late ? [{ path, reason: `${p.name}的锁定时间 ${lockAt} 早于${late.name}的期限 ${late.at}，请核对` }] : [];
}
