// Owns the plain answers: what I can do here, how the campaign stands, one sentence with what to send next.
import { card, hr, md, note, plain, row } from './kit.ts';
import { bold, lines, m } from './text.ts';
import type { CampaignView, HelpView, NoticeView } from './views.ts';

export function helpCard(v: HelpView) {
  return card({
    title: '我可以帮您做这些',
    subtitle: v.scope,
    command: '帮助',
    tags: [v.campaign, ...v.tags],
    tone: 'default',
    body: [
      plain(`${v.name}，您好！${v.scope}`),
      md(lines(...v.commands.map((c) => m`${bold(c.usage)}　${c.text}`))),
      note('私聊直接发送；在群里请先 @我。'),
    ],
  });
}

export function campaignCard(v: CampaignView) {
  return card({
    title: `${v.campaign}：${v.left}`,
    command: '活动',
    tags: [v.campaign, ...v.tags],
    tone: 'blue',
    body: [
      md(bold(v.title)),
      plain(v.number),
      hr(),
      v.phases.map((p) => row([3, 2], [plain(`${p.name}（${p.days}）`), plain(p.state)])),
      hr(),
      plain(v.left),
      plain(`联系：${v.contact}`),
    ],
  });
}

/** `ask`: a question is open (blue); `plain`: an answer. Choices are commands to type. */
export function noticeCard(v: NoticeView) {
  return card({
    title: v.title,
    command: v.choices[0]?.command ?? '帮助',
    tags: [v.campaign, ...v.tags],
    tone: v.tone === 'ask' ? 'blue' : 'default',
    body: [
      plain(v.text),
      v.choices.length > 0 && md(lines(m`可以发送：`, ...v.choices.map((c) => m`${bold(c.command)}　${c.text}`))),
    ],
  });
}
