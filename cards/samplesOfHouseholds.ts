// Owns example views of cards for one pair of eyes: private work on a household. Invented.
import { largest, more, working } from './samplesOfWork.ts';
import { hostile, hostileHead, type Sample } from './sampleWords.ts';
import type { FieldView, WorkingView } from './views.ts';
import { workingCard } from './working.ts';

/** Every field of the view with something in it. */
const begun = (v: WorkingView, text: string): WorkingView => ({
  ...v,
  groups: v.groups.map((g) => ({ ...g, fields: g.fields.map((f) => ({ ...f, initial: initialOf(f, text) })) })),
});
function initialOf(f: FieldView, text: string): string | readonly string[] {
  if (f.kind === 'multi') return f.options.slice(0, 2).map((o) => o.value);
  if (f.kind === 'single') return f.options[0]?.value ?? '';
  return f.kind === 'date' ? '2023-07-01' : text;
}

const alone = {
  name: '李示例',
  size: '1组，3人',
  known: ['户类型：一般农户；监测对象，风险未消除', '监测对象类别：边缘易致贫户', '识别时间：2022年5月10日'],
};

export const households: readonly Sample[] = [
  { name: 'private', audience: 'private', card: () => workingCard({ ...begun(working, '3'), alone }) },
  { name: 'private-empty', audience: 'private', card: () => workingCard({ ...working, alone }) },
  {
    name: 'private-more',
    audience: 'private',
    card: () => workingCard({ ...begun(more, '12000'), alone: { ...alone, known: ['收入是否大幅缩减：是'] } }),
  },
  {
    name: 'private-finished',
    audience: 'private',
    card: () => workingCard({ ...working, stage: 'finished', household: null, groups: [], alone }),
  },
  {
    name: 'private-largest',
    audience: 'private',
    card: () =>
      workingCard({
        ...begun(largest('是否制定切合本户实际的帮扶计划'), '已填'),
        alone: { ...alone, known: Array(11).fill('八类人员：因病因灾因意外等刚性支出较大或收入骤减户') },
      }),
  },
  {
    name: 'private-hostile',
    audience: 'private',
    card: () =>
      workingCard({
        ...begun(more, hostile),
        notice: hostile,
        ...hostileHead,
        alone: { name: hostile, size: hostile, known: [hostile, hostile] },
      }),
  },
];
