// Owns what a group sees before it belongs to an area: the first card, and the question before an area moves.
import { bareName, call } from './actions.ts';
import {
  button,
  buttons,
  card,
  confirmed,
  form,
  hr,
  type InBody,
  label,
  md,
  note,
  plain,
  row,
  select,
  submit,
} from './kit.ts';
import { bold, m } from './text.ts';
import type { MoveView, WelcomeView } from './views.ts';

export const promise = '本工具不打卡、不排名、不计时';

/** After the bot came into a group: which village is this? Nothing is chosen beforehand. */
export function welcomeCard(v: WelcomeView) {
  return card({
    title: '请告诉我本群是哪里的工作群',
    command: '@我 绑定 村名',
    tags: [v.campaign, ...v.tags],
    tone: 'default',
    body: [
      md(m`大家好，我来帮大家做${bold(v.campaign)}排查。`),
      plain(promise),
      hr(),
      choice(v),
      v.candidates.length > 0 &&
        note(`${v.candidates.length > 1 ? '没有列出' : '不是'}？请在群里发送：@我 绑定 村名。`),
      buttons([button('帮助', call('help.open', {}))]),
    ],
  });
}

function choice(v: WelcomeView): readonly InBody[] {
  const [first, ...others] = v.candidates;
  if (!first) return [md(m`请村干部在群里发送：${bold('@我 绑定 村名')}。`)];
  if (others.length === 0) {
    const ask = md(m`本群是${bold(first.name)}的工作群吗？`);
    return [row([3, 2], [ask, button('绑定', call('group.bind', { area: first.area }), 'primary_filled')])];
  }
  const options = v.candidates.map((c) => ({ text: c.name, value: c.area }));
  const pick = select({ name: bareName('area'), required: true, hint: '请选择' }, options);
  return [form('bind', submit('绑定', call('group.pick', {})), [label(m`本群是哪里的工作群？`), pick])];
}

/** The area already has another group: one area, one group. */
export function moveCard(v: MoveView) {
  const move = button('移到本群', call('group.bind', { area: v.area.code, move: true }), 'primary');
  return card({
    title: `${v.area.name}已绑定别的群，要移到本群吗？`,
    command: `@我 绑定 ${v.area.name}`,
    tags: [v.campaign, ...v.tags],
    tone: 'default',
    body: [
      plain(`${v.area.name}现在绑定的群：${v.from}`),
      plain('移到本群后，原来的群不再收到卡片；已填的内容都还在。'),
      buttons([confirmed(move, '移到本群？', `${v.area.name}今后在本群排查。`)]),
      note('不移动就不用点，什么都不会改变。'),
    ],
  });
}
