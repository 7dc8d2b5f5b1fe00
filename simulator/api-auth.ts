// Owns the token endpoints.
import { ApiFault } from './apiFault.ts';
import type { Platform } from './platform.ts';
import type { Call, Route } from './route.ts';

function issue(p: Platform, call: Call): { token: string; expire: number } {
  const { app_id, app_secret } = call.body;
  if (typeof app_id !== 'string' || typeof app_secret !== 'string') throw new ApiFault(10003);
  if (app_id !== p.app.appId) throw new ApiFault(10014);
  if (app_secret !== p.app.appSecret) throw new ApiFault(10015);
  return p.tokens.issue(call.now);
}

export const authRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/auth/v3/tenant_access_token/internal',
    token: false,
    run: (p, call) => {
      const { token, expire } = issue(p, call);
      return { msg: 'ok', tenant_access_token: token, expire };
    },
  },
  {
    method: 'POST',
    path: '/auth/v3/app_access_token/internal',
    token: false,
    run: (p, call) => {
      const { token, expire } = issue(p, call);
      return { msg: 'ok', app_access_token: token, tenant_access_token: token, expire };
    },
  },
];
