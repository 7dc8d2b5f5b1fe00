// Owns handing tests the campaign of the repository, parsed once in a process from its file.
import { readFileSync } from 'node:fs';
import type { Campaign } from '../../src/domain/campaign.ts';
import { faultLine, parseCampaign } from '../../src/sheets/campaignFile.ts';

const file = new URL('../../campaigns/xinfeng-2023-13.yaml', import.meta.url);
let parsed: Campaign | undefined;

/** As the file stands: not confirmed, no sample; a copy of one's own. Throws with every fault. */
export function xinfeng(): Campaign {
  parsed ??= parse();
  return structuredClone(parsed);
}

function parse(): Campaign {
  const read = parseCampaign(readFileSync(file, 'utf8'), 'xinfeng-2023-13.yaml');
  if ('faults' in read) throw new Error(read.faults.map(faultLine).join('\n'));
  return read.campaign;
}
