// Owns turning the campaign files of a folder into JSON for the built program. Node only: the build calls it.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faultLine, parseCampaign } from './campaignFile.ts';

/**
 * Writes `outDir`/NAME.json for every NAME.yaml of `dir`, in file-name order, and returns the written paths. Throws with
 * one line per fault when any file is faulty or is not named after its id; then nothing is written.
 */
export async function compileCampaigns(dir: string, outDir: string): Promise<string[]> {
  const names = (await readdir(dir)).filter((n) => n.endsWith('.yaml')).sort();
  const read = await Promise.all(names.map(async (name) => ({ name, result: parseCampaign(await readFile(join(dir, name), 'utf8'), join(dir, name)) })));
  const bad = read.flatMap(({ name, result }) => {
    if ('faults' in result) return result.faults.map(faultLine);
    const { id } = result.campaign;
    return name === `${id}.yaml` ? [] : [`${join(dir, name)}:1:1: 文件名请与 id 一致：${id}.yaml`];
  });
  if (bad.length > 0) throw new Error(bad.join('\n'));
  await mkdir(outDir, { recursive: true });
  const written = read.flatMap(({ result }) => ('campaign' in result ? [result.campaign] : []));
  return Promise.all(
    written.map(async (campaign) => {
      const path = join(outDir, `${campaign.id}.json`);
      await writeFile(path, `${JSON.stringify(campaign)}\n`);
      return path;
    }),
  );
}
