// Owns finding what was ever said and done about households. A submit is the commonest event and in no index: it is found from
// its household, whose answers name their event, and that one the event before it.

/** Opens a query with `told (screening, id)`: every event of the screenings `c` that `which` is true for. */
export const toldOf = (which: string) =>
  'with recursive told (screening, id) as (' +
  `select c.id, c.answers_event from screening c where ${which} and c.answers_event is not null union ` +
  `select c.id, e.id from screening c join event e on e.subject = 'screening:' || c.id and ${listed('e')} where ${which} union ` +
  'select t.screening, e.previous from told t join event e on e.id = t.id where e.previous is not null) ';

/** What lets a search by subject use its index. */
export const listed = (of: 'event' | 'e' | 'b') => `${of}.verb <> 'submit'`;
