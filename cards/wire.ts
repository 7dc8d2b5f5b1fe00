// Owns text as it goes over the wire: its UTF-8, one character for each byte, so that it is encoded once and its length is its
// size. Knows no card and no server.

declare const encoded: unique symbol;
/** Characters U+0000 to U+00FF alone, each a byte of UTF-8. Pieces of it joined are the text's pieces joined. */
export type Wire = string & { readonly [encoded]: true };

const encoder = new TextEncoder();
/** A call takes so many arguments and not many more. */
const atOnce = 0x2000;

export function toWire(text: string): Wire {
  if (!/[\u0080-\uffff]/.test(text)) return text as Wire;
  const bytes = encoder.encode(text);
  let wire = '';
  for (let i = 0; i < bytes.length; i += atOnce)
    wire += Reflect.apply(String.fromCharCode, null, bytes.subarray(i, i + atOnce));
  return wire as Wire;
}

export const fromWire = (wire: Wire): string => new TextDecoder().decode(bytesOf(wire));

export function bytesOf(wire: Wire): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(wire.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = wire.charCodeAt(i);
  return bytes;
}
