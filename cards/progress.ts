// Owns how counts of an area and of the areas below it are shown: in area-code order as given, no first and no last.
import { call } from './actions.ts';
import { button, buttons, card, hr, type InBody, md, note, plain, row, stackedBars, table, typed } from './kit.ts';
import { bold, clip, lines, m } from './text.ts';
import type { ProgressView } from './views.ts';

/** Counts, chart, table and the way down, one page of children at a time. */
export function progressCard(v: ProgressView) {
  return card({
    title: v.total === 0 ? `${v.area}：还没有要排查的户` : `${v.area}：已排查 ${v.done}/${v.total} 户（${v.percent}）`,
    command: typed(`进度 ${v.area}`, v.audience === 'private'),
    tags: [v.campaign, ...v.tags],
    tone: 'blue',
    body: [
      md(
        lines(
          m`已排查${bold(v.done)}户，共 ${v.total} 户${v.total === 0 ? '' : m`，${bold(v.percent)}`}`,
          m`联系不上 ${v.deferred} 户　发现线索 ${v.found} 户`,
        ),
      ),
      v.children.length > 0 && children(v),
      turns(v), // next to the way down, so that nobody looks for the way back below everything
      v.sections.length > 0 && sections(v),
      note(`${v.time}，以乡镇审核数为准`),
    ],
  });
}

function sections(v: ProgressView): readonly InBody[] {
  return [hr(), ...v.sections.map((s) => row([3, 2], [plain(`${s.no}、${s.name}`), plain(s.text)]))];
}

function children(v: ProgressView): readonly InBody[] {
  const bars = named(v.children).map(({ name, child }) => ({
    name,
    parts: { 已排查: child.done, 未排查: Math.max(0, child.total - child.done) },
  }));
  const columns = {
    name: { title: '地区', kind: 'text' },
    done: { title: '已排查', kind: 'number' },
    total: { title: '总户数', kind: 'number' },
    deferred: { title: '联系不上', kind: 'number' },
    found: { title: '发现线索', kind: 'number' },
  } as const;
  const open = v.children
    .filter((c) => c.opens)
    .map((c) => button(c.name, call('progress.open', { c: v.c, a: c.code })));
  return [
    stackedBars(bars),
    table(columns, v.children),
    ...(open.length > 0 ? [note('点名称看下一级：'), buttons(open)] : []),
  ];
}

/** An axis has room for a short name. Bars of one name would fall onto one another: those get their code as well. */
function named(list: ProgressView['children']) {
  const short = list.map((child) => ({ name: clip(child.name, 12), child }));
  return short.map((one) => {
    const alone = short.every((other) => other === one || other.name !== one.name);
    return alone ? one : { name: `${one.name} ${one.child.code}`, child: one.child };
  });
}

function turns(v: ProgressView): readonly InBody[] {
  const { at, of } = v.page;
  const page = (p: number) => call('progress.open', { c: v.self.c, a: v.self.a, p });
  const parts = [
    at > 0 ? button('上一页', page(at - 1)) : null,
    at + 1 < of ? button('下一页', page(at + 1)) : null,
    v.up ? button('返回', call('progress.open', v.up)) : null,
  ].filter((b) => b !== null);
  const where = of > 1 ? [note(`第 ${at + 1} 页，共 ${of} 页`)] : [];
  return parts.length > 0 ? [...where, buttons(parts)] : where;
}
