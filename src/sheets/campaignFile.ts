// Owns reading a campaign from its YAML file: text to a checked Campaign, or every fault at once with its line, column
// and a sentence. Used by the command line and the build, never by a running bot. Touches no disk.
import { type Alias, type Document, isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import { type Campaign, campaignSchema } from '../domain/campaign.ts';
import { type CampaignFault, type CampaignPath, checkCampaign } from '../domain/campaignCheck.ts';
import { issueFaults } from './campaignIssues.ts';
import { prune } from './campaignPrune.ts';

/** Line and column count from 1; `path` is where it stands in the definition: items/3/problems/0/type. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly reason: string;
}

/** `file` is only the name that faults carry. Faults are in the order of the file. */
export function parseCampaign(text: string, file: string): { campaign: Campaign } | { faults: Fault[] } {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (doc.errors.length > 0) return { faults: doc.errors.map((e) => ({ ...at(e.pos[0]), path: '', reason: syntaxReason(e) })) };
  const raw = plain(doc);
  if ('reason' in raw) return { faults: [{ ...at(0), path: '', reason: raw.reason }] };
  const found = faultsOf(raw.value);
  if ('campaign' in found) return found;
  const faults = found.faults.map((f) => ({ ...at(offsetOf(doc, f.path)), path: f.path.join('/'), reason: f.reason }));
  return { faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** `FILE:LINE:COLUMN: sentence`, as the command line prints it. */
export const faultLine = (f: Fault): string => `${f.file}:${f.line}:${f.column}: ${f.reason}`;

/** Schema faults do not hide the others: what is left without the faulty parts is cross-checked as well. */
function faultsOf(value: unknown): { campaign: Campaign } | { faults: CampaignFault[] } {
  const parsed = campaignSchema.safeParse(value);
  if (parsed.success) {
    const faults = checkCampaign(parsed.data);
    return faults.length > 0 ? { faults } : { campaign: parsed.data };
  }
  const schema = issueFaults(parsed.error.issues, value);
  const rest = prune(value, schema.map((f) => f.path));
  const kept = rest && campaignSchema.safeParse(rest.value);
  if (!rest || !kept?.success) return { faults: schema };
  const others = checkCampaign(kept.data).filter((f) => f.missing === undefined || !rest.mentions(f.missing));
  return { faults: [...schema, ...others.map((f) => ({ ...f, path: rest.original(f.path) }))] };
}

function plain(doc: Document): { value: unknown } | { reason: string } {
  if (doc.contents === null) return { reason: '文件是空的，请写入方案内容' };
  try {
    return { value: doc.toJS({ maxAliasCount: 1000 }) };
  } catch {
    return { reason: '引用（*名称）太多或互相包含，请改成直接写出内容' };
  }
}

const syntaxReasons: Readonly<Record<string, string>> = {
  ALIAS_PROPS: '引用（*名称）后面不能再写内容',
  BAD_ALIAS: '这里引用的名称（*…）前面没有用 &… 定义过，请核对',
  BAD_INDENT: '这一行的缩进与上下不一致，请按两个空格一级对齐',
  BLOCK_AS_IMPLICIT_KEY: '冒号前后的写法不对，请核对这一行是否缺引号或换行',
  BLOCK_IN_FLOW: '方括号或花括号里不能换成缩进写法，请核对',
  DUPLICATE_KEY: '同一层里这个名称写了两次，请留一个',
  MISSING_CHAR: '这里缺少引号、括号、逗号或冒号，请核对',
  MULTILINE_IMPLICIT_KEY: '名称不能跨行，请核对冒号和引号',
  MULTIPLE_DOCS: '一个文件只写一个方案，请去掉“---”之后的内容',
  TAB_AS_INDENT: '缩进用了制表符，请改成空格',
  UNEXPECTED_TOKEN: '这里多了或少了符号，请核对括号、引号和冒号',
};
const syntaxReason = (e: YAMLError): string => syntaxReasons[e.code] ?? '这里的写法读不懂，请核对缩进、冒号和引号';

/** Where a path stands in the file; as deep as the file goes (a missing entry is shown at what should hold it). */
function offsetOf(doc: Document, path: CampaignPath): number {
  let node = resolved(doc, doc.contents);
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    const next = child(node, step);
    if (!next) break;
    offset = next.offset;
    node = resolved(doc, next.node);
  }
  return offset;
}

function resolved(doc: Document, node: Node | null | undefined): Node | null {
  return (isAlias(node) ? (node as Alias).resolve(doc) : node) ?? null;
}

/** An entry is shown at its key when its value spans lines, else at the value. */
function child(node: Node | null, step: string | number): { node: Node | null; offset: number } | null {
  if (isSeq(node)) {
    const entry = node.items[Number(step)] as Node | undefined;
    return entry ? { node: entry, offset: entry.range?.[0] ?? 0 } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === String(step));
  if (!pair || !isScalar(pair.key)) return null;
  const key = pair.key.range?.[0] ?? 0;
  const value = (pair.value ?? null) as Node | null;
  return { node: value, offset: isCollection(value) || !value ? key : (value.range?.[0] ?? key) };
}
