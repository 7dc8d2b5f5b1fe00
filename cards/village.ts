// Owns the village's own card: how far the look-backs are, until when, and the way on.
import { call } from './actions.ts';
import { button, buttons, card, hr, md, note, plain, row, type Tone, typed } from './kit.ts';
import { bold, lines, type Md, m } from './text.ts';
import type { VillageView } from './views.ts';

/** The village's card in its group. Counts only. */
export function villageCard(v: VillageView) {
  const look = (of: VillageView['next']) => (of === v.next ? 'primary_filled' : 'default');
  return card({
    title: `${v.village}：已排查 ${v.done}/${v.total} 户`,
    subtitle: v.phase,
    command: typed('排查', v.open.p),
    tags: [v.campaign, ...v.tags],
    tone: toneOf(v),
    body: [
      md(lines(m`已排查${bold(v.done)}户，共 ${v.total} 户（${percent(v.done, v.total)}%）`, counts(v))),
      plain(v.due),
      v.handIn !== '' && plain(v.handIn),
      hr(),
      v.rows.map((r) => row([3, 2], [plain(`${r.no}、${r.name}`), plain(r.text)])),
      hr(),
      v.closed !== undefined && plain(v.closed),
      buttons([
        v.closed === undefined && button('继续排查', call('village.open', v.open), look('households')),
        v.forms && button('村级表', call('areaForm.open', v.open), look('forms')),
        v.forms && button('村级提交', call('handIn.open', v.open), look('handIn')),
        v.returned && button('看退回原因', call('handIn.reasons', v.open)),
        button('刷新', call('village.refresh', v.open)),
      ]),
      note(v.time),
    ],
  });
}

function toneOf(v: VillageView): Tone {
  if (v.next === 'none') return 'grey';
  return v.late ? 'orange' : 'blue';
}

const counts = (v: VillageView): Md => m`联系不上 ${v.deferred} 户　发现线索 ${v.found} 户`;

/** Whole percent, rounded down: never 100 before the last household. */
const percent = (done: number, total: number): number => (total === 0 ? 0 : Math.floor((done * 100) / total));
