// Owns the cards of single households in a private chat: what is stored of one, page by page. Never for a group.
import { call } from './actions.ts';
import { button, buttons, card, hr, md, note, plain } from './kit.ts';
import { bold, lines, m } from './text.ts';
import type { HouseholdView } from './viewsOfHousehold.ts';

export function householdCard(v: HouseholdView) {
  const { at, of } = v.page;
  return card({
    title: `${v.code} ${v.name}｜${v.state}`,
    subtitle: v.village,
    command: `查户 ${v.code}`,
    tags: [v.campaign, ...v.tags],
    tone: 'default',
    body: [
      md(m`${v.village}　${v.size}`),
      v.by !== '' && plain(v.by),
      v.known.length > 0 && md(lines(m`${bold('系统里登记的情况')}`, ...v.known.map((line) => m`${line}`))),
      v.findings.length > 0 && md(lines(m`${bold('发现线索')}`, ...v.findings.map((line) => m`${line}`))),
      v.answers.length > 0 && hr(),
      v.answers.length > 0 && md(lines(...v.answers.map((a) => m`${a.label}：${bold(a.value)}`))),
      v.history.length > 0 && hr(),
      v.history.length > 0 && md(lines(m`${bold('办理记录')}`, ...v.history.map((line) => m`${line}`))),
      v.note !== '' && note(v.note),
      of > 1 && note(`第 ${at + 1}/${of} 页`),
      ways(v),
    ],
  });
}

function ways(v: HouseholdView) {
  const { at, of } = v.page;
  const mend = v.mend !== '' && button(v.mend, call('household.correct', { c: v.open.c }), 'primary_filled');
  const next = at + 1 < of && button('下一页', call('household.open', { ...v.open, p: at + 1 }));
  const back = at > 0 && button('返回', call('household.open', { ...v.open, p: at - 1 }));
  return (mend || next || back) && buttons([mend, next, back]);
}
