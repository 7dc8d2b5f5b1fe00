// Owns remembering everything the bot ever showed in a group, also what was replaced since, and telling what of it no
// group may see: full names, numbers, prefilled fields, answers and reasons of a household.
import type { Simulator } from '../../simulator/simulator.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import { daaGroup, jinxingGroup, type Row, secondGroup, townGroup } from './people.ts';

export interface GroupWatch {
  /** Takes note of what the groups show now. */
  look(): void;
  /** `stored`: JSON texts and plain texts of the database that belong to households. Empty: nothing leaked. */
  leaks(stored: readonly (readonly unknown[])[]): string[];
}

/** Keys by which a card gives a field a value beforehand. */
const filled = ['default_value', 'initial_option', 'initial_index', 'initial_date', 'initial_time', 'selected_values'];

export function watchGroups(sim: Simulator, roster: readonly Row[], campaigns: readonly Campaign[]): GroupWatch {
  const shown = new Set<string>();
  return {
    look() {
      for (const chat of [daaGroup, jinxingGroup, townGroup, secondGroup]) {
        for (const m of sim.messages(chat)) if (m.from.bot) shown.add(m.content);
      }
    },
    leaks(stored) {
      const secrets = [...new Set([...roster.flatMap(personal), ...stored.flat().flatMap(valuesOf)])];
      const questions = [
        ...campaigns.flatMap((c) => c.items.map((i) => i.text)),
        ...campaigns.flatMap((c) => c.lookbacks.flatMap((l) => [l.title, l.short])),
      ];
      return [...shown].flatMap((content) => {
        const said = questions.reduce((text, q) => text.replaceAll(q, ''), words(JSON.parse(content)));
        const prefilled = filled.filter((key) => content.includes(`"${key}"`) || content.includes(`\\"${key}\\"`));
        return [...secrets.filter((s) => said.includes(s)), ...prefilled];
      });
    },
  };
}

const personal = (row: Row): string[] =>
  [row.户主姓名 ?? '', row.户主证件号码 ?? '', row.联系电话 ?? ''].filter((v) => v !== '');

/** Values long enough that no sentence of a card holds them by chance. */
function valuesOf(cell: unknown): string[] {
  if (typeof cell !== 'string') return [];
  const values: unknown[] = cell.startsWith('{') ? Object.values(JSON.parse(cell) as object).flat() : [cell];
  return values.filter((v): v is string => typeof v === 'string' && [...v].length >= 4);
}

/** All texts of a card but the options of its selects, which are the same for every household. */
function words(node: unknown): string {
  if (Array.isArray(node)) return node.map(words).join('\n');
  if (typeof node === 'string') return node;
  if (typeof node !== 'object' || node === null) return '';
  return Object.entries(node)
    .filter(([key]) => key !== 'options')
    .map(([, value]) => words(value))
    .join('\n');
}
