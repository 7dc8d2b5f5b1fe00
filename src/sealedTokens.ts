// Owns keeping the platform's access token between short-lived processes: in the database, sealed. Losing it only costs
// another fetch, so every failure is swallowed by the caller's contract.
import type { Token, TokenCache } from './feishu/token.ts';
import type { Vault } from './ports.ts';
import type { Store } from './store.ts';

const key = 'tenantToken';

export function sealedTokens(store: Store, vault: Vault): TokenCache {
  return {
    async get() {
      const sealed = await store.meta(key);
      return sealed === null ? null : (JSON.parse(await vault.open(sealed)) as Token);
    },
    async set(token) {
      await store.setMeta(key, await vault.seal(JSON.stringify(token)));
    },
  };
}
