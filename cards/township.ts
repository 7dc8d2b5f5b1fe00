// Owns what a township sees: its villages in area-code order, one village's hand-in, and what was sent back to a cadre.
import { call, fieldName } from './actions.ts';
import {
  button,
  buttons,
  card,
  confirmed,
  form,
  hr,
  type InBody,
  input,
  label,
  md,
  multiSelect,
  note,
  plain,
  row,
  submit,
  table,
  typed,
} from './kit.ts';
import { bold, clip, lines, m } from './text.ts';
import type { ReturnedView, ReviewView, TownshipView } from './viewsOfVillage.ts';

/** Counts of the villages and who waits. Counts only, for groups too. */
export function townshipCard(v: TownshipView) {
  const columns = {
    name: { title: '村（社区）', kind: 'text' },
    state: { title: '提交', kind: 'text' },
    done: { title: '已排查', kind: 'number' },
    total: { title: '总户数', kind: 'number' },
  } as const;
  const waiting = v.villages.filter((village) => village.waits);
  const { c, a } = v.self;
  return card({
    title: `${v.town}：已排查 ${v.done}/${v.total} 户`,
    command: typed('排查', v.alone),
    tags: [v.campaign, ...v.tags],
    tone: 'blue',
    body: [
      md(lines(m`${v.states}`, m`联系不上 ${v.deferred} 户　发现线索 ${v.found} 户`)),
      plain(v.due),
      waiting.length > 0 && [
        note('点村名看提交的情况（私发给您）：'),
        buttons(waiting.map((w) => button(w.name, call('review.open', { c, v: w.code }), 'primary'))),
      ],
      v.villages.length > 0 && table(columns, v.villages),
      hr(),
      v.sections.map((s) => row([3, 2], [plain(`${s.no}、${s.name}`), plain(s.text)])),
      hr(),
      v.page.of > 1 && note(`第 ${v.page.at + 1} 页，共 ${v.page.of} 页`),
      buttons([
        v.page.at > 0 && button('上一页', call('township.open', { c, a, p: v.page.at - 1 })),
        v.page.at + 1 < v.page.of && button('下一页', call('township.open', { c, a, p: v.page.at + 1 })),
        button('刷新', call('township.open', v.self)),
      ]),
      note(v.time),
    ],
  });
}

/** One village's hand-in. Private. */
export function reviewCard(v: ReviewView) {
  return card({
    title: `${v.village}：${v.stage === 'return' ? '写明退回的原因' : v.state}`,
    subtitle: '村级提交',
    command: '排查',
    tags: [v.campaign, ...v.tags],
    tone: v.stage === 'settled' ? 'grey' : 'blue',
    body: [
      v.notice !== '' && plain(v.notice),
      v.lines.map(plain),
      v.stage === 'return' ? sendBack(v) : told(v),
      v.stage === 'review' && decide(v),
    ],
  });
}

function told(v: ReviewView): readonly InBody[] {
  return [
    ...section('上次退回以后改了什么', v.changes?.map((c) => [c.name, c.text]) ?? []),
    ...section(
      '发现线索',
      v.findings.map((f) => [f.text, f.count]),
    ),
    ...section(
      '没有排查的户',
      v.putOff.map((p) => [p.code, p.reason]),
    ),
  ];
}

const mostLines = 20;
/** One element however many lines: a card has room for few. */
function section(title: string, rows: readonly (readonly [string, string])[]): InBody[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, mostLines).map(([name, text]) => m`${clip(name, 40)}　${clip(text, 60)}`);
  const more = rows.length > mostLines ? [note(`另有 ${rows.length - mostLines} 行没有列出。`)] : [];
  return [hr(), md(m`${bold(title)}`), md(lines(...shown)), ...more];
}

function decide(v: ReviewView): readonly InBody[] {
  const accept = button('接收', call('review.accept', v.value), 'primary_filled');
  return [
    hr(),
    buttons([
      confirmed(accept, `接收${v.village}？`, '接收后，本村填报的内容不能再改，也不能再退回。'),
      button('退回', call('review.reject', v.value)),
    ]),
  ];
}

/** Where the fields of a return are at home. */
const returnFieldHome = (v: string): string => `${v}return`;

function sendBack(v: ReviewView): readonly InBody[] {
  const named = <N extends string>(name: N) => fieldName(name, returnFieldHome(v.value.v), v.value.r);
  const text = { required: false, label: '要重新核实的户（每行一户：户编码 原因）' };
  return [
    form(named('form'), submit('退回', call('review.return', v.value)), [
      input({ ...text, name: named('lines'), hint: '户编码 退回的原因' }, { lines: 5, max: 1000 }),
      label(m`要补充的村级内容`),
      multiSelect({ name: named('items'), required: false, hint: '可多选，可不选' }, v.items),
      input(
        { name: named('note'), required: false, label: '村级内容退回的原因', hint: '选了村级内容才填' },
        { lines: 3, max: 500 },
      ),
    ]),
    buttons([button('先不退回', call('review.back', v.value))]),
    note('退回后，写到的户变回“未排查”；原因只私发给提交的干部，群里只说有几户、几项。'),
  ];
}

/** What to mend, for the cadre who handed in. Private. */
export function returnedCard(v: ReturnedView) {
  return card({
    title: `${v.village}：乡镇退回，请补充`,
    command: '排查',
    tags: [v.campaign, ...v.tags],
    tone: 'orange',
    body: [md(lines(...v.lines.flatMap((line) => [m`${bold(line.name)}`, m`${line.reason}`]))), hr(), plain(v.way)],
  });
}
