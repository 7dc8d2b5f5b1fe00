// A village's whole work as people see it, with a mouse on a computer and by finger on a phone: ten households of four
// kinds, one answered in private, one corrected while a colleague does the same, the village's own forms, handed in, sent
// back, mended, accepted.
import { describe } from 'vitest';
import { newCounty } from './county.ts';
import { handingIn } from './handingIn.ts';
import { desktop, phone } from './hands.ts';
import { tenHouseholds } from './tenHouseholds.ts';

describe.each([
  { on: 'computer', size: desktop },
  { on: 'phone', size: phone },
])('on a $on', ({ on, size }) => {
  const place = { county: newCounty(), on, size };
  tenHouseholds(place);
  handingIn(place);
});
