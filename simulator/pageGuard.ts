// Owns who may use the page's routes: this machine only, and only pages this server itself gave out.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

const LOOPBACK_HOST = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/;
const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;

/** Refuses other machines, other host names (DNS rebinding), and other origins' posts and forms. */
export function isTrusted(c: Context<{ Bindings: HttpBindings }>): boolean {
  const host = c.req.header('host') ?? '';
  const address = c.env.incoming.socket.remoteAddress ?? '';
  if (!LOOPBACK_HOST.test(host) || !LOOPBACK_ADDRESS.test(address)) return false;
  const origin = c.req.header('origin');
  if (origin !== undefined && origin !== `http://${host}`) return false;
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return true;
  return (c.req.header('content-type') ?? '').startsWith('application/json');
}
