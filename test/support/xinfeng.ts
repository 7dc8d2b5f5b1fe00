// Owns handing tests the campaign of the repository, parsed once in a process from its file.
import { readFileSync } from 'node:fs';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { Answers } from '../../src/ports.ts';
import { faultLine, parseCampaign } from '../../src/sheets/campaignFile.ts';

/** What is said on the first step of its short card where all is well. */
export const allWell: Answers = {
  'L1-01': '入户面谈',
  'L1-02': '一致',
  'L1-03': '1.5倍以上',
  'L1-S1': '全部正常',
  'L1-13': '否',
  'L1-15': '无返贫致贫风险',
};

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
