// Owns reading campaigns from their YAML files: text to a checked Campaign, or every fault at once with its line, column
// and a sentence; and compiling a folder of them for the built program. Command line and build only, never a running bot.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { type Campaign, campaignSchema } from '../domain/campaign.ts';
import { type CampaignFault, type CampaignPath, checkCampaign } from '../domain/campaignCheck.ts';
import { issueFaults } from './campaignIssues.ts';
import { prune } from './campaignPrune.ts';
import { syntaxFaults } from './campaignSyntax.ts';

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
  const written = syntaxFaults(doc);
  if (written.length > 0) return { faults: written.map((f) => ({ ...at(f.offset), path: '', reason: f.reason })) };
  const raw = plain(doc);
  if ('reason' in raw) return { faults: [{ ...at(0), path: '', reason: raw.reason }] };
  const found = faultsOf(raw.value);
  if ('campaign' in found) return found;
  const faults = found.faults.map((f) => ({ ...at(offsetOf(doc, f.path)), path: f.path.join('/'), reason: f.reason }));
  return { faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** `FILE:LINE:COLUMN: sentence`, as the command line prints it. */
export const faultLine = (f: Fault): string => `${f.file}:${f.line}:${f.column}: ${f.reason}`;

/**
 * Writes `outDir`/NAME.json for every NAME.yaml of `dir`, in file-name order, and returns the written paths. Throws with
 * one line per fault when any file is faulty or is not named after its id; then nothing is written.
 */
export async function compileCampaigns(dir: string, outDir: string): Promise<string[]> {
  const names = (await readdir(dir)).filter((n) => n.endsWith('.yaml')).sort();
  const read = await Promise.all(
    names.map(async (name) => ({
      name,
      result: parseCampaign(await readFile(join(dir, name), 'utf8'), join(dir, name)),
    })),
  );
  const bad = read.flatMap(({ name, result }) => {
    if ('faults' in result) return result.faults.map(faultLine);
    const { id } = result.campaign;
    return name === `${id}.yaml` ? [] : [`${join(dir, name)}:1:1: 文件名请与 id 一致：${id}.yaml`];
  });
  if (bad.length > 0) throw new Error(bad.join('\n'));
  await mkdir(outDir, { recursive: true });
  const written = read.flatMap(({ result }) => ('campaign' in result ? [result.campaign] : []));
  return Promise.all(
    written.map(async (campaign) => {
      const path = join(outDir, `${campaign.id}.json`);
      await writeFile(path, `${JSON.stringify(campaign)}\n`);
      return path;
    }),
  );
}

/** Schema faults do not hide the others: what is left without the faulty parts is cross-checked as well. */
function faultsOf(value: unknown): { campaign: Campaign } | { faults: CampaignFault[] } {
  const parsed = campaignSchema.safeParse(value);
  if (parsed.success) {
    const faults = checkCampaign(parsed.data);
    return faults.length > 0 ? { faults } : { campaign: parsed.data };
  }
  const schema = issueFaults(parsed.error.issues, value);
  const rest = prune(
    value,
    schema.map((f) => f.path),
  );
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
