// Owns reading a card as a person would: header, lines, fields, buttons. Knows the wire's tags, not the kit.

export type Node = Readonly<Record<string, unknown>>;
const isNode = (x: unknown): x is Node => typeof x === 'object' && x !== null && !Array.isArray(x);
export const nodesOf = (x: unknown): Node[] => (Array.isArray(x) ? x.filter(isNode) : []);
export const childOf = (node: unknown, key: string): Node => {
  const child = isNode(node) ? node[key] : undefined;
  return isNode(child) ? child : {};
};
const text = (node: unknown, key: string) => String(childOf(node, key).content ?? '');

/** Every object with a `tag`, parents first; data of charts and button values left out. */
export function tagged(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(tagged);
  if (!isNode(node)) return [];
  const inner = Object.entries(node).flatMap(([k, v]) => (k === 'chart_spec' || k === 'behaviors' ? [] : tagged(v)));
  return typeof node.tag === 'string' ? [node, ...inner] : inner;
}

/** A card in short lines: what stands where. */
export function outline(card: Node): string {
  const header = childOf(card, 'header');
  const tags = nodesOf(header.text_tag_list).map((t) => `[${text(t, 'text')}]`);
  const head = [
    `# ${text(header, 'title')} ${tags.join('')} (${String(header.template)})`,
    `  ${text(header, 'subtitle')}`,
    `  chat list: ${text(childOf(card, 'config'), 'summary')}`,
  ];
  return `${[...head, ...nodesOf(childOf(card, 'body').elements).flatMap((e) => told(e))].join('\n')}\n`;
}

const tellers: Readonly<Record<string, (e: Node) => string[]>> = {
  markdown: (e) => decoded(String(e.content)).split('<br>'),
  div: (e) => [text(e, 'text')],
  hr: () => ['---'],
  chart: (e) => [
    `chart ${nodesOf(childOf(childOf(e, 'chart_spec'), 'data').values).length} values, ${String(e.height)}`,
  ],
  table: (e) => [
    `table ${nodesOf(e.columns)
      .map((c) => String(c.display_name))
      .join(' | ')}`,
    ...nodesOf(e.rows).map((r) => `  ${Object.values(r).join(' | ')}`),
  ],
  button: (e) => [
    `<${text(e, 'text')}>${e.form_action_type === 'submit' ? ' submit' : ''} ${JSON.stringify(callback(e))}`,
  ],
  column_set: (e) =>
    nodesOf(e.columns)
      .flatMap((c) => nodesOf(c.elements).flatMap(told))
      .map((line) => `| ${line}`),
  form: (e) => [
    `form ${String(e.name)}`,
    ...nodesOf(e.elements)
      .flatMap(told)
      .map((line) => `  ${line}`),
  ],
};

function told(e: Node): string[] {
  const teller = tellers[String(e.tag)];
  if (teller) return teller(e);
  const options = nodesOf(e.options).map((o) => text(o, 'text'));
  const label = text(e, 'label');
  const parts = [
    String(e.tag),
    String(e.name),
    e.required ? 'required' : '',
    label,
    text(e, 'placeholder'),
    options.join(' / '),
  ];
  return [`${parts.filter((p) => p !== '').join(' · ')}`];
}

const decoded = (md: string) => md.replace(/&#(\d+);/g, (_, n: string) => String.fromCharCode(Number(n)));

/** The object a button's click brings back. */
export function callback(button: Node): unknown {
  return nodesOf(button.behaviors)[0]?.value;
}
