// The simulator's strict validator knows the wire from the protocol's tables, not from the kit: a second opinion.
import { describe, expect, test } from 'vitest';
import { samples } from '../../cards/samples.ts';
import { validateCard } from '../../simulator/cardValidator.ts';

describe.each(samples)('$name', ({ card }) => {
  test('is accepted by the strict validator', () => {
    expect(validateCard(card(), { profile: 'strict' })).toBeNull();
  });
  test('is refused by it with one property too many', () => {
    expect(validateCard({ ...card(), elements: [] }, { profile: 'strict' })).not.toBeNull();
  });
});
