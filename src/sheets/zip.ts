// Owns opening a zip container held in memory: its directory, and one entry as a stream of bytes that stops at a limit.
// A size the directory claims is never believed. Node only; knows nothing of spreadsheets.
import { pipeline, Readable, Transform } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

/** The container is not one, is damaged, or is larger inside than we accept. `code` picks the sentence. */
export class ZipFault extends Error {
  override readonly name = 'ZipFault';
  readonly code: 'not-zip' | 'locked' | 'too-big';
  constructor(code: 'not-zip' | 'locked' | 'too-big') {
    super(code);
    this.code = code;
  }
}

interface Entry {
  readonly method: number;
  readonly locked: boolean;
  readonly packed: number;
  readonly at: number; // of the local header
}

const mostEntries = 5000;

export class Zip {
  private readonly bytes: Buffer;
  private readonly entries: ReadonlyMap<string, Entry>;
  private left: number;

  /** `limit`: bytes all entries together may unpack to. Throws ZipFault. */
  constructor(bytes: Uint8Array, limit: number) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.entries = directory(this.bytes);
    this.left = limit;
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Text of an entry, decoded piece by piece; '' when there is none. Throws ZipFault. */
  async *text(name: string): AsyncGenerator<string> {
    const entry = this.entries.get(name);
    if (!entry) return;
    const decoder = new TextDecoder('utf-8');
    for await (const chunk of this.unpacked(entry)) yield decoder.decode(chunk as Uint8Array, { stream: true });
    yield decoder.decode();
  }

  async whole(name: string): Promise<string> {
    let text = '';
    for await (const part of this.text(name)) text += part;
    return text;
  }

  private unpacked(entry: Entry): Readable {
    if (entry.locked) throw new ZipFault('locked');
    const { bytes } = this;
    if (entry.at + 30 > bytes.length || bytes.readUInt32LE(entry.at) !== 0x04034b50) throw new ZipFault('not-zip');
    const from = entry.at + 30 + bytes.readUInt16LE(entry.at + 26) + bytes.readUInt16LE(entry.at + 28);
    const packed = bytes.subarray(from, from + entry.packed);
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.left -= chunk.length;
        if (this.left < 0) done(new ZipFault('too-big'));
        else done(null, chunk);
      },
    });
    const source = Readable.from(slices(packed));
    const broken = (error: Error | null) => void (error && counted.destroy(error));
    if (entry.method === 0) return pipeline(source, counted, broken);
    if (entry.method !== 8) throw new ZipFault('not-zip');
    return pipeline(source, createInflateRaw(), counted, broken);
  }
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

function directory(bytes: Buffer): Map<string, Entry> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length) throw new ZipFault('not-zip');
  const count = bytes.readUInt16LE(end + 10);
  if (count > mostEntries) throw new ZipFault('too-big');
  const entries = new Map<string, Entry>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw new ZipFault('not-zip');
    const [name, extra, comment] = [
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ];
    entries.set(bytes.toString('utf8', at + 46, at + 46 + name), {
      method: bytes.readUInt16LE(at + 10),
      locked: (bytes.readUInt16LE(at + 8) & 1) === 1,
      packed: bytes.readUInt32LE(at + 20),
      at: bytes.readUInt32LE(at + 42),
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}
