// What must not compile. tsc is the test: each expectation fails the build as soon as the compiler stops refusing.
import { bareName, call, fieldName } from '../../cards/actions.ts';
import {
  button,
  buttons,
  card,
  datePicker,
  form,
  hr,
  md,
  row,
  select,
  stackedBars,
  submit,
  table,
} from '../../cards/kit.ts';
import { m } from '../../cards/text.ts';

const sitting = { s: 's', h: 'h', r: 1 };
const send = submit('提交', call('screening.submit', sitting));
const pick = submit('绑定', call('group.pick', {}));
const area = select({ name: bareName('area'), required: true, hint: '' }, []);
const day = datePicker({ name: fieldName('day', 'h', 1), required: false, hint: '' });
const reason = select({ name: fieldName('reason', 'h', 1), required: true, hint: '' }, []);
const list = table({ name: { title: '地区', kind: 'text' } }, [{ name: '大阿村' }]);
const parts = { title: 't', command: 'c', tags: [], tone: 'blue' } as const;

export const right = () => [
  card({ ...parts, body: [form('f', send, [md(m`a`), area]), row([1], [md(m`a`)]), list, false, null] }),
  form('f', pick, [area]),
  form('f', submit('提交', call('screening.deferred', sitting)), [reason, day]),
];

const wrongNesting = () => [
  // @ts-expect-error a form stands at the root only
  row([1], [form('f', send, [area])]),
  // @ts-expect-error a table stands at the root only
  row([1], [list]),
  // @ts-expect-error columns go through a column, not directly into columns
  row([1], [row([1], [hr()])]),
  // @ts-expect-error a form does not hold a form
  form('f', send, [form('g', send, [area])]),
  // @ts-expect-error a form holds no chart
  form('f', send, [stackedBars([])]),
  // @ts-expect-error a button that calls back without submitting stands outside the form
  form('f', send, [button('跳过', call('screening.skip', sitting))]),
  // @ts-expect-error a submit button stands inside a form only
  card({ ...parts, body: [send] }),
  // @ts-expect-error nor beside the ordinary buttons
  buttons([send]),
  // @ts-expect-error a field stands inside a form only
  card({ ...parts, body: [area] }),
];

const wrongCalls = () => [
  // @ts-expect-error a misspelt action
  call('screening.skipp', sitting),
  // @ts-expect-error a payload of another action
  call('village.open', sitting),
  // @ts-expect-error a payload with a part missing
  call('screening.skip', { s: 's', h: 'h' }),
  // @ts-expect-error a payload with a part too many: the person is never in a value
  call('screening.skip', { ...sitting, person: 'p' }),
  // @ts-expect-error an action that reads a form needs a submit button
  button('提交', call('screening.submit', sitting)),
  // @ts-expect-error an action without a form has no submit button
  submit('跳过', call('screening.skip', sitting)),
  // @ts-expect-error the form lacks the field its action reads
  form('f', pick, [md(m`a`)]),
  // @ts-expect-error one of two fields is missing
  form('f', submit('提交', call('screening.deferred', sitting)), [reason]),
];

const wrongWords = () => [
  // @ts-expect-error a plain string is no markdown: it is escaped first
  md('**x**'),
  // @ts-expect-error a field name is made by fieldName
  select({ name: 'L1-04', required: true, hint: '' }, []),
  // @ts-expect-error one meaning per colour: red has none
  card({ ...parts, tone: 'red', body: [] }),
  // @ts-expect-error a row with a column missing
  table({ name: { title: '地区', kind: 'text' } }, [{}]),
];

// Never called: only the compiler reads them.
void [wrongNesting, wrongCalls, wrongWords];
