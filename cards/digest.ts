// Owns a person's digest of the day: what is left where, until when, how long it takes, and one button into the work.
// It names today's work, never arrears.
import { call } from './actions.ts';
import { button, buttons, card, hr, type InBody, md, note, stackedBars } from './kit.ts';
import { bold, lines, m, tag } from './text.ts';
import type { DeadlineView, DigestPartView, DigestView, WorkView } from './viewsOfReminders.ts';

export function digestCard(v: DigestView) {
  return card({
    title: v.title,
    command: v.command,
    tags: [v.campaign, ...v.tags],
    tone: 'blue',
    body: [
      v.parts.flatMap((part, i) => [...(i > 0 ? [hr()] : []), ...told(part, i === 0)]),
      v.more !== '' && note(v.more),
      v.towns.length > 0 && stackedBars(v.towns.map(bar)),
      hr(),
      buttons([
        button('提醒设置', call('reminders.open', {})),
        button('这项负担重/填不了', call('feedback.open', v.feedback)),
      ]),
      note(`${v.time}，以乡镇审核数为准`),
    ],
  });
}

/** One area; the first one's button is the one thing to do next. */
function told(part: DigestPartView, first: boolean): readonly InBody[] {
  const head = m`${bold(part.place)}${part.deadline ? light(part.deadline) : ''}`;
  const decide = part.decide === '' ? m`` : m`${bold('请商定')}${part.decide}`;
  const { reasons } = part;
  return [
    md(lines(head, ...part.lines.map((line) => m`${line}`), decide, m`${part.next}`)),
    buttons([into(part.work, first), reasons !== null && button('看退回原因', call('handIn.reasons', reasons))]),
  ];
}

/** The colour says how near the deadline is. */
export const light = (d: DeadlineView) => tag(d.text, d.light ?? 'neutral');

function into(work: WorkView, first: boolean) {
  const look = first ? 'primary_filled' : 'default';
  switch (work.kind) {
    case 'households':
      return button('继续排查', call('village.open', work.open), look);
    case 'forms':
      return button('村级表', call('areaForm.open', work.open), look);
    case 'handIn':
      return button('村级提交', call('handIn.open', work.open), look);
    case 'area':
      return button(work.text, call('digest.area', work.open), look);
  }
}

const bar = (town: DigestView['towns'][number]) => ({
  name: town.name,
  parts: { 已提交的村: town.handedIn, 未提交的村: town.left },
});
