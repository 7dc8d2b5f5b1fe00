// Owns writing a callback answer as JSON, ready to be sent: a card's own text is taken as it was counted, so that it is written
// once, and that of a stencil as it lies ready.
import { textOf } from '../../cards/fits.ts';
import { Filled } from '../../cards/stencil.ts';
import { toWire, type Wire } from '../../cards/wire.ts';

/** The JSON text of a callback answer of render.ts. */
export function answerText(answer: object): Wire {
  const { card, ...rest } = answer as { readonly card?: { readonly type: 'raw'; readonly data: object } };
  if (card === undefined) return toWire(JSON.stringify(answer));
  const head = toWire(JSON.stringify(rest));
  const data = card.data instanceof Filled ? Filled.wire(card.data) : toWire(textOf(card.data));
  return `${head.slice(0, -1)}${head === '{}' ? '' : ','}"card":{"type":"raw","data":${data}}}` as Wire;
}
