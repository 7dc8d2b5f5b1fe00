// Owns what an import would do: what is new, what differs, what stays, what the file does not mention. Pure.
import type { Refused } from './importTable.ts';

export type ImportKind = 'areas' | 'people' | 'households';

/** What the operator is told. `reportJson` is its public shape; the lists beside it are for reading. */
export interface ImportReport {
  readonly kind: ImportKind;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly missing: number;
  readonly refused: readonly Refused[];
  readonly missingList: readonly string[]; // in the database, not in the file; kept as they are
  readonly notes: readonly string[]; // unknown columns, skipped rows
}

export interface Keyed {
  readonly key: string;
  readonly hash: string;
}
export interface Plan<T extends Keyed> {
  readonly created: readonly T[];
  readonly updated: readonly T[];
  readonly unchanged: number;
  readonly missing: readonly string[];
}

/** `known`: key → hash of what is stored. `expected`: whether a stored key that the rows lack counts as missing. */
export function plan<T extends Keyed>(
  rows: readonly T[],
  known: ReadonlyMap<string, string>,
  expected: (key: string) => boolean = () => true,
): Plan<T> {
  const created: T[] = [];
  const updated: T[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    seen.add(row.key);
    const before = known.get(row.key);
    if (before === undefined) created.push(row);
    else if (before !== row.hash) updated.push(row);
  }
  const missing = [...known.keys()].filter((key) => !seen.has(key) && expected(key));
  return { created, updated, unchanged: rows.length - created.length - updated.length, missing };
}

export function reportOf(kind: ImportKind, p: Plan<Keyed>, notes: readonly string[]): ImportReport {
  const counts = {
    created: p.created.length,
    updated: p.updated.length,
    unchanged: p.unchanged,
    missing: p.missing.length,
  };
  return { kind, ...counts, refused: [], missingList: p.missing, notes };
}

export function refusal(kind: ImportKind, refused: readonly Refused[], notes: readonly string[]): ImportReport {
  return { kind, created: 0, updated: 0, unchanged: 0, missing: 0, refused, missingList: [], notes };
}

/** The shape of `--json`. */
export function reportJson(r: ImportReport): Record<string, unknown> {
  const refused = r.refused.map(({ row, column, code, message }) => ({ row, column, code, message }));
  return { kind: r.kind, created: r.created, updated: r.updated, unchanged: r.unchanged, missing: r.missing, refused };
}

/** FILE:ROW:COLUMN: sentence, with FILE!SHEET when the file has several sheets. */
export function refusedLine(fileName: string, r: Refused): string {
  return `${fileName}${r.sheet === '' ? '' : `!${r.sheet}`}:${r.row}:${r.column}: ${r.message}`;
}
