// A village's whole work as people see it, with a mouse on a computer and by finger on a phone: households of four kinds,
// one answered in private, one corrected while a colleague does the same, the village's own forms, handed in, sent back,
// mended, accepted. All ten households by hand on the computer; on the phone five ordinary ones are done before.
import { describe } from 'vitest';
import { newCounty } from './county.ts';
import { handingIn } from './handingIn.ts';
import { desktop, phone } from './hands.ts';
import { tenHouseholds } from './tenHouseholds.ts';

describe.each([
  { on: 'computer', size: desktop, done: 0 },
  { on: 'phone', size: phone, done: 5 },
])('on a $on', ({ on, size, done }) => {
  const place = { county: newCounty(), on, size, done };
  tenHouseholds(place);
  handingIn(place);
});
