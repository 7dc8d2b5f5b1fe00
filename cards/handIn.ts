// Owns the card on which a village hands in: counts, the record of its meeting, and that it is done.
import { call, fieldName } from './actions.ts';
import { card, form, note, plain, submit, typed } from './kit.ts';
import type { HandInView } from './viewsOfVillage.ts';
import { field } from './working.ts';

/** Where the fields of a hand-in are at home. */
const handInFieldHome = (v: string): string => `${v}handIn`;

export function handInCard(v: HandInView) {
  const open = v.fields.length > 0;
  const home = handInFieldHome(v.value.v);
  const named = (name: string) => fieldName(name, home, v.value.r);
  return card({
    title: open ? `${v.village}：村级提交前，请填研判会` : `${v.village}：已提交乡镇`,
    command: typed('排查', v.alone),
    tags: [v.campaign, ...v.tags],
    tone: open ? 'blue' : 'grey',
    body: [
      v.lines.map(plain),
      open &&
        form(
          named('form'),
          submit('村级提交', call('handIn.submit', v.value)),
          v.fields.flatMap((f) => field(f, named(f.name))),
        ),
      note(open ? '提交以后本村的卡片先不能改，等乡镇接收或退回。' : '要改，请联系乡镇退回。'),
    ],
  });
}
