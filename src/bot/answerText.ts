// Owns writing a callback answer as JSON: a card's own text is taken as it was counted, so that it is written once.
import { textOf } from '../../cards/fits.ts';

/** The JSON text of a callback answer of render.ts. */
export function answerText(answer: object): string {
  const { card, ...rest } = answer as { readonly card?: { readonly type: 'raw'; readonly data: object } };
  if (card === undefined) return JSON.stringify(answer);
  const head = JSON.stringify(rest);
  return `${head.slice(0, -1)}${head === '{}' ? '' : ','}"card":{"type":"raw","data":${textOf(card.data)}}}`;
}
