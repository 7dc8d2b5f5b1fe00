// Owns what groups are told unasked: the campaign's few milestones, and a township's digest where it was switched on.
// Counts and dates only.
import { call } from './actions.ts';
import { light } from './digest.ts';
import { button, buttons, card, md, note, plain } from './kit.ts';
import { m } from './text.ts';
import type { GroupDigestView, MilestoneView } from './viewsOfReminders.ts';
import { promise } from './welcome.ts';

export function milestoneCard(v: MilestoneView) {
  return card({
    title: v.title,
    command: '@我 排查',
    tags: [v.campaign, ...v.tags],
    tone: v.area === null ? 'grey' : 'blue',
    body: [
      v.deadline !== null && md(m`${light(v.deadline)}`),
      v.lines.map(plain),
      v.promise && plain(`${promise}。`),
      v.area !== null && buttons([way(v.area)]),
      note(v.time),
    ],
  });
}

function way(area: NonNullable<MilestoneView['area']>) {
  return area.kind === 'village'
    ? button('继续排查', call('village.open', area.open), 'primary_filled')
    : button('看各村', call('township.open', area.open), 'primary_filled');
}

export function groupDigestCard(v: GroupDigestView) {
  return card({
    title: `${v.town}：今日进展`,
    command: '@我 排查',
    tags: [v.campaign, ...v.tags],
    tone: 'blue',
    body: [
      v.deadline !== null && md(m`${light(v.deadline)}`),
      v.lines.map(plain),
      buttons([button('看各村', call('township.open', v.open), 'primary_filled')]),
      note(`${v.time}，以乡镇审核数为准。不想在群里看，请乡镇干部私聊我发送「提醒」关掉。`),
    ],
  });
}
