// Owns what the platform asks of pictures and files: formats, sizes, and which message may carry which upload.
import { ApiFault } from './apiFault.ts';
import type { Platform } from './platform.ts';

export const IMAGE_BYTES = 10 * 1024 * 1024;
export const FILE_BYTES = 30 * 1024 * 1024;
export const FILE_TYPES = ['opus', 'mp4', 'pdf', 'doc', 'xls', 'ppt', 'stream'];

export interface ImageShape {
  readonly mime: string;
  /** Null where the header does not say it in a place this simulator reads. */
  readonly size: readonly [width: number, height: number] | null;
}

const starts: readonly (readonly [mime: string, at: number, bytes: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/bmp', 0, 'BM'],
  ['image/x-icon', 0, '\x00\x00\x01\x00'],
  ['image/tiff', 0, 'II*\x00'],
  ['image/tiff', 0, 'MM\x00*'],
  ['image/heic', 4, 'ftyphei'],
  ['image/heic', 4, 'ftypmif1'],
];

/** Null when it is no picture the platform takes. */
export function imageShape(bytes: Buffer): ImageShape | null {
  const found = starts.find(([, at, text]) => bytes.subarray(at, at + text.length).toString('latin1') === text);
  return found === undefined ? null : { mime: found[0], size: sizeOf(found[0], bytes) };
}

function sizeOf(mime: string, b: Buffer): readonly [number, number] | null {
  if (mime === 'image/png' && b.length >= 24) return [b.readUInt32BE(16), b.readUInt32BE(20)];
  if (mime === 'image/gif' && b.length >= 10) return [b.readUInt16LE(6), b.readUInt16LE(8)];
  if (mime === 'image/bmp' && b.length >= 26) return [b.readInt32LE(18), Math.abs(b.readInt32LE(22))];
  return mime === 'image/jpeg' ? jpegSize(b) : null;
}

/** The first frame header (SOFn) behind the segments before it. */
function jpegSize(b: Buffer): readonly [number, number] | null {
  for (let at = 2; at + 9 < b.length; at += 2 + b.readUInt16BE(at + 2)) {
    const marker = b[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (b[at] !== 0xff) return null;
    if (frame) return [b.readUInt16BE(at + 7), b.readUInt16BE(at + 5)];
  }
  return null;
}

/** Throws the platform's refusal of a picture. */
export function checkImage(bytes: Buffer, use: 'message' | 'avatar'): void {
  if (bytes.length === 0) throw new ApiFault(234010);
  if (bytes.length > IMAGE_BYTES) throw new ApiFault(234006);
  const shape = imageShape(bytes);
  if (shape === null) throw new ApiFault(234011);
  const most = use === 'avatar' ? 4096 : shape.mime === 'image/gif' ? 2000 : 12_000;
  if (shape.size?.some((side) => side > most)) throw new ApiFault(234039);
}

const carries: Readonly<Record<string, readonly string[]>> = {
  audio: ['opus'],
  media: ['mp4'],
  file: ['mp4', 'pdf', 'doc', 'xls', 'ppt', 'stream'],
};

/** The content as the platform keeps it (with the file's name), or null for a type that carries no upload. */
export function fileContent(p: Platform, type: string, parsed: object): string | null {
  const types = carries[type];
  if (types === undefined && type !== 'image') return null;
  const fields = parsed as { image_key?: unknown; file_key?: unknown };
  const key = type === 'image' ? fields.image_key : fields.file_key;
  if (typeof key !== 'string') throw new ApiFault(230001);
  const file = p.world.files.get(key);
  if (!file?.from.bot) throw new ApiFault(230017);
  if (types === undefined ? file.kind !== 'image' : !types.includes(file.type)) throw new ApiFault(230055);
  return JSON.stringify(type === 'file' ? { file_key: key, file_name: file.name } : parsed);
}
