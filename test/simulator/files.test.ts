// Pictures and files up and down, with the stock SDK's Client as the peer, and what a person sends from the page.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PageMessage } from '../../simulator/wire.ts';
import { card, refused, type Scene, scene } from './bot.ts';

let s: Scene;
let openId: string;
let chatId: string;
let p2p: string;
beforeEach(async () => {
  s = await scene();
  await people();
});
afterEach(() => s.close());

async function people(): Promise<void> {
  openId = s.sim.addUser({ name: '张三', openId: 'ou_zhang' }).openId;
  s.sim.addUser({ name: '李四', openId: 'ou_li' });
  chatId = s.sim.addChat({ name: '大阿村工作群', members: [openId], hasBot: true }).chatId;
  p2p = s.sim.openP2p(openId);
  await s.sim.idle();
  s.events.length = 0;
}

/** A PNG's beginning: enough to be known as one, of this size. */
function png(width: number, height: number, length = 64): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write('\x89PNG\r\n\x1a\n', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
function gif(side: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.write('GIF89a', 'latin1');
  bytes.writeUInt16LE(side, 6);
  bytes.writeUInt16LE(side, 8);
  return bytes;
}
/** A start marker, one segment to step over, and a frame header. */
const jpeg = (width: number, height: number): Buffer => {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, ...size, 1, 0, 0, 0]);
};

const image = async (bytes: Buffer, type: 'message' | 'avatar' = 'message'): Promise<string> =>
  (await s.client.im.v1.image.create({ data: { image_type: type, image: bytes } }))?.image_key ?? '';
type FileType = 'opus' | 'mp4' | 'pdf' | 'doc' | 'xls' | 'ppt' | 'stream';
const file = async (bytes: Buffer, name = '户清单.xlsx', type: FileType = 'xls'): Promise<string> =>
  (await s.client.im.v1.file.create({ data: { file_type: type, file_name: name, file: bytes } }))?.file_key ?? '';
const send = (msg_type: string, content: object, to = chatId) =>
  s.client.im.v1.message.create({
    params: { receive_id_type: 'chat_id' },
    data: { receive_id: to, msg_type, content: JSON.stringify(content) },
  });
async function read(from: { getReadableStream(): Readable }): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of from.getReadableStream()) parts.push(part);
  return Buffer.concat(parts);
}
const post = (body: unknown) =>
  fetch(`${s.sim.url}/sim/files`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const shown = async (as: string, chat: string): Promise<PageMessage[]> =>
  (await fetch(`${s.sim.url}/sim/chats/${chat}/messages?as=${as}`)).json();

/** Every byte value, line ends and a false boundary among them. */
const bytes = Buffer.concat([
  Buffer.from(Array.from({ length: 512 }, (_, i) => i & 255)),
  Buffer.from('\r\n--not-the-boundary\r\n\r\n\r\n'),
]);

test('what the SDK uploads comes back byte for byte, sent in a message or not', async () => {
  const key = await file(bytes);
  expect(key).toMatch(/^file_v3_/);
  const sent = await send('file', { file_key: key });
  expect(JSON.parse(sent.data?.body?.content ?? '')).toEqual({ file_key: key, file_name: '户清单.xlsx' });
  const path = { message_id: sent.data?.message_id ?? '', file_key: key };
  expect(await read(await s.client.im.v1.messageResource.get({ path, params: { type: 'file' } }))).toEqual(bytes);
  expect(await read(await s.client.im.v1.file.get({ path: { file_key: key } }))).toEqual(bytes);
});

test('a picture comes back with its type, and the page is told of it', async () => {
  const picture = png(4, 3);
  const key = await image(picture);
  const sent = await send('image', { image_key: key });
  const down = await s.client.im.v1.image.get({ path: { image_key: key } });
  expect(down.headers['content-type']).toBe('image/png');
  expect(await read(down)).toEqual(picture);
  const messages = await shown(openId, chatId);
  expect(messages).toMatchObject([{ messageId: sent.data?.message_id, type: 'image', file: { key, size: 64 } }]);
  const mine = await fetch(`${s.sim.url}/sim/files/${key}?as=${openId}`);
  expect(mine.headers.get('content-type')).toBe('image/png');
  expect(mine.headers.get('content-security-policy')).toContain('sandbox');
  expect((await fetch(`${s.sim.url}/sim/files/${key}?as=ou_li`)).status, 'not for others').toBe(400);
});

test.each<[string, number, () => Promise<unknown>]>([
  ['an empty picture', 234010, () => image(Buffer.alloc(0))],
  ['text as a picture', 234011, () => image(Buffer.from('不是图片'))],
  ['a picture over 10 MB', 234006, () => image(png(4, 4, 10 * 1024 * 1024 + 1))],
  ['a picture over 12,000 px', 234039, () => image(png(12_001, 4))],
  ['a photo over 12,000 px', 234039, () => image(jpeg(4, 12_001))],
  ['a moving picture over 2,000 px', 234039, () => image(gif(2001))],
  ['a face over 4,096 px', 234039, () => image(png(4097, 4), 'avatar')],
  ['an empty file', 234010, () => file(Buffer.alloc(0))],
  ['a file over 30 MB', 234006, () => file(Buffer.alloc(30 * 1024 * 1024 + 1))],
  ['a file of no known type', 234001, () => file(bytes, 'a.zip', 'zip' as FileType)],
])('%s is refused with %i', async (_, code, upload) => {
  expect((await refused(upload())).code).toBe(code);
});

test.each([png(12_000, 12_000), gif(2000), jpeg(640, 480)])('a picture at the limit is taken', async (picture) => {
  expect(await image(picture)).toMatch(/^img_v3_/);
});

test('a message carries only what fits its kind, and only what the bot uploaded', async () => {
  const pdf = await file(bytes, '说明.pdf', 'pdf');
  const picture = await image(png(4, 3));
  expect((await refused(send('audio', { file_key: pdf }))).code).toBe(230055);
  expect((await refused(send('file', { file_key: picture }))).code).toBe(230055);
  expect((await refused(send('image', { image_key: pdf }))).code).toBe(230055);
  expect((await refused(send('image', { image_key: 'img_v3_nobody' }))).code).toBe(230017);
  await s.sim.send(openId, p2p, { name: '照片.png', bytes: png(4, 3) });
  const theirs = JSON.parse(s.sim.messages(p2p).at(-1)?.content ?? '{}');
  expect((await refused(send('image', theirs))).code).toBe(230017);
  expect((await send('audio', { file_key: await file(bytes, 'a.opus', 'opus') })).code).toBe(0);
});

test('a resource is refused when it is another message’s, on a card, or the bot is gone', async () => {
  const key = await file(bytes);
  const sent = await send('file', { file_key: key });
  const other = await send('text', { text: '你好' });
  const onCard = await send('interactive', card());
  const codes: number[] = [];
  for (const [id, type] of [
    [other.data?.message_id, 'file'],
    [sent.data?.message_id, 'image'],
    [onCard.data?.message_id, 'file'],
    [sent.data?.message_id, 'film'],
  ])
    codes.push(await rawCode(`/im/v1/messages/${id}/resources/${key}?type=${type}`));
  s.sim.removeBot(chatId, openId);
  codes.push(await rawCode(`/im/v1/messages/${sent.data?.message_id}/resources/${key}?type=file`));
  expect(codes).toEqual([234003, 234003, 234043, 234001, 234004]);
});

test('by key alone the bot has only its own uploads', async () => {
  await s.sim.send(openId, p2p, { name: '照片.png', bytes: png(4, 3) });
  const { image_key: theirs } = JSON.parse(s.sim.messages(p2p).at(-1)?.content ?? '{}');
  expect(await rawCode(`/im/v1/images/${theirs}`)).toBe(234008);
  expect(await rawCode('/im/v1/files/file_v3_nobody')).toBe(234001);
});

/** The SDK hides the body of a failed download. */
async function rawCode(path: string): Promise<number> {
  const got = await fetch(`${s.sim.url}/open-apis/auth/v3/tenant_access_token/internal`, {
    method: 'POST',
    body: JSON.stringify({ app_id: 'cli_a1b2c3d4e5f60718', app_secret: 'secret-of-the-test-app' }),
  });
  const { tenant_access_token: token } = (await got.json()) as { tenant_access_token: string };
  const answer = await fetch(`${s.sim.url}/open-apis${path}`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { code: number }).code;
}

test('a person’s file reaches the bot in private, and the bot can fetch it', async () => {
  const data = bytes.toString('base64');
  expect((await post({ as: openId, chatId: p2p, name: '户清单.xlsx', data })).status).toBe(200);
  expect((await post({ as: openId, chatId: p2p, name: '照片.png', data: png(4, 3).toString('base64') })).status).toBe(
    200,
  );
  await s.sim.idle();
  const heard = s.events.map((e) => e.message as { message_id: string; message_type: string; content: string });
  expect(heard.map((m) => m.message_type).sort()).toEqual(['file', 'image']);
  const sheet = heard.find((m) => m.message_type === 'file');
  const { file_key, file_name } = JSON.parse(sheet?.content ?? '{}');
  expect(file_name).toBe('户清单.xlsx');
  const path = { message_id: sheet?.message_id ?? '', file_key };
  expect(await read(await s.client.im.v1.messageResource.get({ path, params: { type: 'file' } }))).toEqual(bytes);
});

test('in a group the bot does not hear of a file, because a file cannot mention it', async () => {
  const { eventId } = await s.sim.send(openId, chatId, { name: '户清单.xlsx', bytes });
  expect(eventId).toBe('');
  expect((await shown(openId, chatId)).at(-1)).toMatchObject({ type: 'file', file: { name: '户清单.xlsx' } });
});

test.each([
  [{ name: '空.txt', data: '' }, '这个文件是空的，请换一个'],
  [{ name: '大.bin', data: Buffer.alloc(30 * 1024 * 1024 + 1).toString('base64') }, '文件不能超过 30 MB，请压缩后再发'],
  [{ name: '', data: 'aa' }, '没有收到文件，请再选一次'],
])('what the client would not send is refused with a sentence', async (upload, sentence) => {
  const answer = await post({ as: openId, chatId: p2p, ...upload });
  expect([answer.status, await answer.json()]).toEqual([400, { error: sentence }]);
});

test('files are still there after a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'files-'));
  const storage = join(dir, 'world.db');
  await s.close();
  s = await scene({ storage });
  await people();
  const sent = await s.sim.send(openId, p2p, { name: '户清单.xlsx', bytes });
  await s.close();
  s = await scene({ storage });
  const { file_key } = JSON.parse(s.sim.messages(p2p).at(-1)?.content ?? '{}');
  const path = { message_id: sent.messageId, file_key };
  expect(await read(await s.client.im.v1.messageResource.get({ path, params: { type: 'file' } }))).toEqual(bytes);
  rmSync(dir, { recursive: true });
});
