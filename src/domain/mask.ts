// Owns what a name looks like to people who may not see it. Pure.

const compound = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '东方',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '司徒',
  '夏侯',
  '端木',
  '长孙',
  '南宫',
  '轩辕',
];

/** 张三 → 张某, 欧阳娜 → 欧阳某. An empty name becomes 某. */
export function maskName(name: string): string {
  const trimmed = name.trim();
  const surname =
    compound.find((s) => trimmed.startsWith(s) && [...trimmed].length > 2) ??
    [...trimmed].find((c) => /\p{L}/u.test(c)) ??
    '';
  return `${surname}某`;
}
