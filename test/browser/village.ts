// A village's whole work as people see it: ten households of four kinds by hand, one answered in private, one corrected
// while a colleague does the same, the village's own forms, handed in, sent back, mended, accepted.
import { newCounty } from './county.ts';
import { handingIn } from './handingIn.ts';
import type { phone } from './hands.ts';
import { tenHouseholds } from './tenHouseholds.ts';

/** The story as the tests of one file. `on`: in the names of its pictures. */
export function village(on: string, size: typeof phone): void {
  const place = { county: newCounty(), on, size };
  tenHouseholds(place);
  handingIn(place);
}
