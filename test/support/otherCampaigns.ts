// Owns handing tests the campaigns that are not the county's own, and who works in them.
import { readFileSync } from 'node:fs';
import type { Campaign } from '../../src/domain/campaign.ts';
import { faultLine, parseCampaign } from '../../src/sheets/campaignFile.ts';
import { daa, daaTown, jinxing, people, type Row } from './people.ts';

function fixture(id: string): Campaign {
  const file = new URL(`../fixtures/campaigns/${id}.yaml`, import.meta.url);
  const read = parseCampaign(readFileSync(file, 'utf8'), `${id}.yaml`);
  if ('faults' in read) throw new Error(read.faults.map(faultLine).join('\n'));
  return read.campaign;
}

/** Three phases, six items, roles, populations, reasons and dates of its own. */
export const flood = (): Campaign => fixture('flood-2023');
/** One phase, one item, one role, no deadline, another zone. */
export const oneWell = (): Campaign => fixture('one-well');

/** Who looks at houses in the flood season; 外人 does nothing else. */
export const floodRoles: readonly Row[] = [
  { 姓名: '王例', 角色: '网格员', 区划代码: daa, open_id: people.cadre },
  { 姓名: '张示', 角色: '网格员', 区划代码: jinxing, open_id: people.neighbour },
  { 姓名: '外人', 角色: '镇巡查员', 区划代码: daaTown, open_id: people.stranger },
  { 姓名: '陈例', 角色: '镇村建站', 区划代码: daaTown, open_id: people.clerk },
  { 姓名: '刘示', 角色: '县住建局', 区划代码: '360722', open_id: people.leader },
];
