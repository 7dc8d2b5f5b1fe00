// Owns serving the built web page: only files inside its folder, with their types.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Context } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
};
const NO_PAGE = '<!doctype html><meta charset="utf-8"><title>模拟平台</title><p>模拟平台已启动，这次没有附带网页。</p>';

export function servePage(dir: string | null): (c: Context) => Promise<Response> {
  return async (c) => {
    if (dir === null) return c.req.path === '/' ? c.html(NO_PAGE) : c.notFound();
    const file = inside(dir, c.req.path);
    const type = file === null ? undefined : TYPES[extname(file)];
    if (file === null || type === undefined) return c.notFound();
    try {
      const bytes = await readFile(file);
      const hashed = c.req.path.startsWith('/assets/');
      const cache = hashed ? 'public, max-age=31536000, immutable' : 'no-cache';
      return c.body(bytes, 200, { 'content-type': type, 'cache-control': cache, 'x-content-type-options': 'nosniff' });
    } catch {
      return c.notFound();
    }
  };
}

function inside(dir: string, path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes('\0')) return null;
  const root = normalize(dir + sep);
  const file = normalize(join(root, decoded.endsWith('/') ? `${decoded}index.html` : decoded));
  return file.startsWith(root) ? file : null;
}
