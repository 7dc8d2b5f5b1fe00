// Owns leaving out the faulty parts of a definition, so that the rest can still be checked, and finding back where a
// place of the rest stood in the original. Pure.
import type { CampaignPath } from '../domain/campaignCheck.ts';

export interface Rest {
  readonly value: unknown;
  /** The path in the original of a path in the rest. */
  original(path: CampaignPath): CampaignPath;
  /** Whether a left-out part contains this text: then its absence is no fault of its own. */
  mentions(text: string): boolean;
}

/**
 * The value without the smallest list entry around each path; null when a fault stands outside every list (then nothing
 * sensible is left to check).
 */
export function prune(value: unknown, paths: readonly CampaignPath[]): Rest | null {
  const cut = new Set<string>();
  for (const path of paths) {
    const entry = entryOf(value, path);
    if (!entry) return null;
    cut.add(keyOf(entry));
  }
  const left: unknown[] = [];
  const kept = new Map<string, number[]>(); // list in the original → original index of each entry that stays
  const copy = (v: unknown, path: CampaignPath): unknown => {
    if (Array.isArray(v)) {
      const stays = v.map((_, i) => i).filter((i) => !cut.has(keyOf([...path, i])));
      left.push(...v.filter((_, i) => !stays.includes(i)));
      kept.set(keyOf(path), stays);
      return stays.map((i) => copy(v[i], [...path, i]));
    }
    if (typeof v !== 'object' || v === null) return v;
    return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, copy(x, [...path, k])]));
  };
  const rest = copy(value, []);
  const words = JSON.stringify(left);
  return {
    value: rest,
    original: (path) => {
      const back: (string | number)[] = [];
      for (const s of path) back.push(typeof s === 'number' ? (kept.get(keyOf(back))?.[s] ?? s) : s);
      return back;
    },
    mentions: (text) => words.includes(JSON.stringify(text).slice(1, -1)),
  };
}

const keyOf = (path: CampaignPath) => path.join('/');

/** The longest beginning of the path that ends at a list entry. */
function entryOf(value: unknown, path: CampaignPath): CampaignPath | null {
  let entry: CampaignPath | null = null;
  let v = value;
  path.forEach((s, i) => {
    if (Array.isArray(v)) entry = path.slice(0, i + 1);
    v = typeof v === 'object' && v !== null ? (v as Record<string | number, unknown>)[s] : undefined;
  });
  return entry;
}
