// Owns the villages of the demo's county as the public list names them, and the short name each has in household codes.

export interface Area {
  readonly code: string;
  readonly name: string; // 大阿村, 大阿社区
  readonly short: string; // first part of a household code, unique in the county
  readonly township: string; // code
  readonly townshipName: string;
}

/** Villages and communities of the list (CSV: 区划代码, 乡镇, 乡镇代码, 村(居)名称, 类别); the virtual community is left out. */
export function areasOf(csv: string): Area[] {
  const lines = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .slice(1);
  const rows = lines.map((l) => l.split(',')).filter((f) => f.length >= 5 && f[4] !== '虚拟社区');
  const named = rows.map(([code = '', townshipName = '', township = '', full = '']) => {
    const stem = full.replace(/(村委会|居委会|居民委员会)$/, '');
    const community = !full.endsWith('村委会');
    const name = community ? `${stem.replace(/社区$/, '')}社区` : `${stem.replace(/村$/, '')}村`;
    return { code, township, townshipName, name, stem: community ? name : stem };
  });
  // 大阿 is the village, 大阿社区 the community; where two townships share a name both say which.
  const times = new Map<string, number>();
  for (const a of named) times.set(a.stem, (times.get(a.stem) ?? 0) + 1);
  return named.map(({ stem, ...a }) => {
    const town = a.townshipName.replace(/[镇乡]$/, '');
    return { ...a, short: (times.get(stem) ?? 0) > 1 ? `${town}${stem}` : stem };
  });
}
