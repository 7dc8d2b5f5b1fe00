// Owns reading a multipart/form-data body, byte for byte. A part without a file name may still be a file: the stock SDK
// sends buffers so. Knows no API.

export interface Part {
  readonly fileName: string | null;
  readonly bytes: Buffer;
}

/** Parts by field name; null when the body is none or is cut short. */
export function readMultipart(contentType: string, body: Buffer): ReadonlyMap<string, Part> | null {
  const given = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = given?.[1] ?? given?.[2];
  if (boundary === undefined) return null;
  const mark = Buffer.from(`--${boundary}`);
  const parts = new Map<string, Part>();
  let at = body.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return parts;
    const end = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), start);
    if (end < 0) return null;
    add(parts, body.subarray(start + 2, end));
    at = end + 2;
  }
  return null;
}

function add(parts: Map<string, Part>, part: Buffer): void {
  const blank = part.indexOf('\r\n\r\n');
  if (blank < 0) return;
  const head = part.subarray(0, blank).toString('utf8');
  const name = /;\s*name="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return;
  const fileName = /;\s*filename="([^"]*)"/i.exec(head)?.[1] ?? null;
  parts.set(name, { fileName, bytes: part.subarray(blank + 4) });
}
