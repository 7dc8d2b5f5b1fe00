// Owns loaded campaigns. A definition never changes under its hash, so that parsed ones may be kept.
import type { Campaign } from '../src/domain/campaign.ts';
import type { LoadedCampaign } from '../src/ports.ts';
import type { Store } from '../src/store.ts';
import type { Engine } from './engine.ts';
import { kept } from './kept.ts';
import { happened, statement } from './units.ts';

const load =
  'insert into campaign (id, hash, definition, loaded_at) values (?, ?, ?, ?) ' +
  'on conflict (id) do update set hash = excluded.hash, definition = excluded.definition, loaded_at = excluded.loaded_at';

const tables = ['campaign'];

/** Plain data, no I/O: may outlive an invocation on Workers. */
const parsed = new Map<string, LoadedCampaign>();

export function campaignVerbs(engine: Engine): Pick<Store, 'campaign' | 'campaigns' | 'loadCampaign'> {
  const loaded = async (id: string, hash: string): Promise<LoadedCampaign | null> => {
    const key = `${id}:${hash}`;
    const known = parsed.get(key);
    if (known) return known;
    const row = (await engine.read('select definition, hash from campaign where id = ?', [id]))[0];
    if (!row) return null;
    const definition = { ...(JSON.parse(String(row[0])) as Campaign), hash: String(row[1]) };
    parsed.set(key, definition);
    return definition;
  };
  const one = kept(engine, tables, async (id) => {
    const row = (await engine.read('select hash from campaign where id = ? limit 1', [id]))[0];
    return row ? loaded(id, String(row[0])) : null;
  });
  const all = kept(engine, tables, async () => {
    const heads = await engine.read('select id, hash from campaign order by loaded_at, id', []);
    const found = await Promise.all(heads.map(([id, hash]) => loaded(String(id), String(hash))));
    return found.filter((c) => c !== null);
  });
  return {
    campaign: one,
    campaigns: async () => [...(await all(''))],
    async loadCampaign(definition, hash, at) {
      const subject = `campaign:${definition.id}`;
      await engine.commit([
        statement(load, definition.id, hash, JSON.stringify(definition), at),
        happened({
          campaignId: definition.id,
          subject,
          actor: 'operator',
          verb: 'load',
          before: null,
          after: { hash },
          at,
        }),
      ]);
    },
  };
}
