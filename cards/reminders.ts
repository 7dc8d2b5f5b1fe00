// Owns the card of 提醒: what will come to this person and why, and what they may change about it. Also what the county
// office sees before it happens, and the way to say that something is too much.
import { call, fieldName } from './actions.ts';
import {
  button,
  buttons,
  card,
  datePicker,
  form,
  hr,
  type InBody,
  input,
  label,
  md,
  note,
  plain,
  select,
  stackedBars,
  submit,
} from './kit.ts';
import { bold, lines, m } from './text.ts';
import type { FeedbackView, RemindersView, TrialView } from './viewsOfReminders.ts';

/** Where the fields of 提醒 are at home; the handlers read them there. */
export const reminderFields = { leave: 'leave', mute: 'mute', feedback: 'feedback' } as const;

export function remindersCard(v: RemindersView) {
  return card({
    title: `提醒：${v.state}`,
    command: v.paused ? '提醒 恢复' : '提醒 静音',
    tags: [v.campaign, ...v.tags],
    tone: v.paused ? 'grey' : 'blue',
    body: [
      v.why.length > 0 && md(lines(m`${bold('现在还要办的，办完就不再提醒')}`, ...v.why.map((line) => m`${line}`))),
      v.coming.length > 0 && md(lines(m`${bold('会发给您的')}`, ...v.coming.map((c) => m`${c.when}　${c.what}`))),
      v.coming.length === 0 && plain('接下来没有要发给您的。'),
      v.later !== '' && note(v.later),
      hr(),
      v.paused && buttons([button('恢复提醒', call('reminders.resume', v.value), 'primary_filled')]),
      until(v, 'leave'),
      until(v, 'mute'),
      buttons([
        button('本轮不再提醒', call('reminders.quiet', v.value)),
        button('这项负担重/填不了', call('feedback.open', v.feedback)),
      ]),
      v.groups.length > 0 && [
        hr(),
        ...v.groups.map((g) => buttons([button(g.text, call('reminders.group', g.value))])),
      ],
      v.trials.length > 0 && [hr(), buttons(v.trials.map((t) => button(t.text, call('reminders.trial', t.value))))],
      note('交办给您本人的事不受静音影响。'),
    ],
  });
}

const asks = { leave: '不在岗，请假到哪天（含当天）', mute: '在岗，静音到哪天（含当天）' } as const;

function until(v: RemindersView, which: 'leave' | 'mute') {
  const named = <N extends string>(name: N) => fieldName(name, reminderFields[which], v.value.r);
  const elements = [
    label(m`${asks[which]}`),
    datePicker({ name: named('day'), required: true, hint: '请选日期' }),
  ] as const;
  return which === 'leave'
    ? form(named('form'), submit('请假', call('reminders.leave', v.value), 'default'), elements)
    : form(named('form'), submit('静音', call('reminders.mute', v.value), 'default'), elements);
}

const mostWaves = 40;
/** What a table's cell would cut short, in lines. */
const wave = (r: TrialView['rows'][number]) =>
  m`${bold(r.when)}${r.n} 条，约 ${r.takes}${r.share === '' ? '' : `，占本月 ${r.share}`}　${r.what}`;

export function trialCard(v: TrialView) {
  const more = v.rows.length - mostWaves;
  return card({
    title: '提醒试算：还没有发送任何消息',
    command: '提醒',
    tags: [v.campaign, ...v.tags],
    tone: 'blue',
    body: [
      v.lines.map(plain),
      v.months.length > 0 && stackedBars(v.months.map((month) => ({ name: month.name, parts: calls(month) }))),
      v.rows.length > 0 && md(lines(...v.rows.slice(0, mostWaves).map(wave))),
      more > 0 && note(`另有 ${more} 次没有列出。`),
      buttons([button('返回', call('reminders.back', {}))]),
    ],
  });
}

const calls = (month: TrialView['months'][number]) => ({ 已用和预计: month.used + month.planned, 余下: month.left });

export function feedbackCard(v: FeedbackView) {
  const named = <N extends string>(name: N) => fieldName(name, reminderFields.feedback, 0);
  const kinds: readonly InBody[] = [
    form(named('form'), submit('提交', call('feedback.send', v.value)), [
      label(m`是哪种情况`),
      select({ name: named('kind'), required: true, hint: '请选择' }, v.kinds),
      input(
        { name: named('text'), required: true, label: '请说说具体情况', hint: '哪一项、为什么、怎样改会好些' },
        { lines: 4, max: 500 },
      ),
    ]),
  ];
  return card({
    title: '这项负担重/填不了，请告诉县办',
    command: '提醒 意见 您的意见',
    tags: [v.campaign, ...v.tags],
    tone: 'blue',
    body: [kinds, note('意见只交县办，不影响您和本村。请不要写农户姓名、证件号码和电话。')],
  });
}
