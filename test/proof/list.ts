// Owns how the list of everything told is written down: by day and slot for reading, one area's lines in full, all lines
// as one digest. The same for every run that went right, whatever went wrong on its way.
import { createHash } from 'node:crypto';
import type { County } from './county.ts';
import { dayOf, timeOf, waves } from './rules.ts';
import type { Told } from './told.ts';

/** A line says who hears what on which day; when exactly within a wave depends on the order of ids made by chance. */
const lineOf = (t: Told) => `${dayOf(t.at)} ${t.kind} ${t.name}: ${t.title}`;

/** All lines in the order of days and names. */
export const linesOf = (told: readonly Told[]): string[] => told.map(lineOf).sort();

const digestOf = (told: readonly Told[]): string => createHash('sha256').update(linesOf(told).join('\n')).digest('hex');

/** Those to people and groups of a township and its villages. */
export function ofTownship(county: County, township: string, told: readonly Told[]): Told[] {
  const codes = new Set([township, ...county.villages.filter((v) => v.township === township).map((v) => v.code)]);
  return told.filter((t) => codes.has(t.areaCode));
}

/** By day and slot: how many of which kind at which level, and their titles with names of areas left out. */
export function summaryOf(county: County, told: readonly Told[]): string {
  const names = [...new Set(county.names.values())].sort((a, b) => b.length - a.length);
  const nameless = (t: Told) => names.reduce((title, name) => title.replaceAll(name, '◯'), t.title);
  const blocks = [...waves(told)]
    .sort(([a], [b]) => a - b)
    .map(([, those]) => {
      const first = Math.min(...those.map((t) => t.slot));
      const counts = new Map<string, number>();
      for (const t of those) {
        const row = `${t.kind} ${t.level}  ${nameless(t)}`;
        counts.set(row, (counts.get(row) ?? 0) + 1);
      }
      const rows = [...counts]
        .map(([row, n]) => `${String(n).padStart(6)}  ${row}`)
        .sort((a, b) => (a.slice(8) < b.slice(8) ? -1 : 1));
      return [`${dayOf(first)} ${timeOf(first)}  ${those.length}`, ...rows].join('\n');
    });
  return `${[`${told.length} messages, sha256 ${digestOf(told)}`, ...blocks].join('\n\n')}\n`;
}
