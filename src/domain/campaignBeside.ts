// Owns what a campaign must keep to beside those already loaded: a name to ask for it by, and group codes that mean one
// thing, since all campaigns share one roster. Pure.
import { plain } from './areaNames.ts';
import type { Campaign } from './campaign.ts';

/** Sentences about what clashes with another campaign; empty: they go together. A campaign never clashes with itself. */
export function checkBeside(campaign: Campaign, loaded: readonly Campaign[]): string[] {
  return loaded.filter((other) => other.id !== campaign.id).flatMap((other) => clashes(campaign, other));
}

function clashes(campaign: Campaign, other: Campaign): string[] {
  const name =
    plain(campaign.short) === plain(other.short)
      ? [`简称“${campaign.short}”和活动 ${other.id} 一样，发命令时分不清，请改 short`]
      : [];
  const groups = campaign.keyGroups.flatMap(({ code, label }) => {
    const theirs = other.keyGroups.find((g) => g.code === code);
    if (!theirs || theirs.label === label) return [];
    return [`keyGroups 的编号 ${code} 在活动 ${other.id} 里是“${theirs.label}”，这里是“${label}”，请换一个编号`];
  });
  return [...name, ...groups];
}
