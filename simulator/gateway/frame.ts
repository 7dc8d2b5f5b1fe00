// Owns the two messages of the long connection as bytes: protobuf proto2, package pbbp2, Frame and Header. Knows nothing of
// what a frame is for.

export interface Frame {
  readonly seqId: number;
  readonly logId: number;
  readonly service: number;
  readonly method: number; // 0 control, 1 data
  readonly headers: readonly (readonly [key: string, value: string])[];
  readonly payload: Uint8Array;
}

const varintField = 0;
const bytesField = 2;

export function encodeFrame(f: Frame): Buffer {
  const numbers = [f.seqId, f.logId, f.service, f.method].flatMap((n, i) => [...tag(i + 1, varintField), ...varint(n)]);
  const headers = f.headers.map(([key, value]) => sized(5, Buffer.concat([text(1, key), text(2, value)])));
  const payload = f.payload.length === 0 ? [] : [sized(8, f.payload)];
  return Buffer.concat([Buffer.from(numbers), ...headers, ...payload]);
}

/** Throws RangeError when the bytes are no frame. Fields it does not know are passed over. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const numbers = [0, 0, 0, 0, 0];
  const headers: [string, string][] = [];
  let payload: Uint8Array = new Uint8Array(0);
  for (const { field, value } of fields(bytes)) {
    if (typeof value === 'number') numbers[field] = value;
    else if (field === 5) headers.push(header(value));
    else if (field === 8) payload = value;
  }
  const [, seqId = 0, logId = 0, service = 0, method = 0] = numbers;
  return { seqId, logId, service, method, headers, payload };
}

function header(bytes: Uint8Array): [string, string] {
  const found: [string, string] = ['', ''];
  for (const { field, value } of fields(bytes))
    if (typeof value !== 'number' && (field === 1 || field === 2))
      found[field - 1] = Buffer.from(value).toString('utf8');
  return found;
}

function* fields(bytes: Uint8Array): Generator<{ field: number; value: number | Uint8Array }> {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('a frame ends early');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number has no end');
  };
  while (at < bytes.length) {
    const key = number();
    const field = Math.floor(key / 8);
    if (key % 8 === varintField) yield { field, value: number() };
    else if (key % 8 === bytesField) {
      const end = number() + at;
      if (end > bytes.length) throw new RangeError('a frame ends early');
      yield { field, value: bytes.subarray(at, end) };
      at = end;
    } else throw new RangeError('no frame has such a field');
  }
}

const tag = (field: number, kind: number): number[] => varint(field * 8 + kind);
const sized = (field: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([...tag(field, bytesField), ...varint(bytes.length)]), bytes]);
const text = (field: number, value: string): Buffer => sized(field, Buffer.from(value, 'utf8'));

/** A whole number from 0 to 2⁵³. */
function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest % 0x80) | 0x80);
  return [...out, rest];
}
