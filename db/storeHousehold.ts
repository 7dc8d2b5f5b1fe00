// Owns single households as the store sees them: detail for private cards.
import type { HouseholdStore } from '../src/householdStore.ts';
import type { Engine } from './engine.ts';

export function householdVerbs(engine: Engine): HouseholdStore {
  return {
    async householdDetail(no) {
      const row = (await engine.read('select group_name, member_count from household where no = ?', [no]))[0];
      return row ? { groupName: String(row[0]), memberCount: Number(row[1]) } : null;
    },
  };
}
