// Owns the list of everything that is stored sealed. Whoever seals another column adds it here: rotation and checks follow
// the list, and test/cli/rotateKey.test.ts scans the whole database for what is missing on it.

export interface SealedColumn {
  readonly table: string;
  /** An SQL expression over the table's columns; null where nothing is sealed. */
  readonly value: string;
}

/** The path of the disability certificate inside member.facts: sealed there, plain in no file. */
const certPath = '$."残疾证号"';

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'household', value: 'id_sealed' },
  { table: 'household', value: 'phone_sealed' },
  { table: 'member', value: 'id_sealed' },
  { table: 'member', value: `json_extract(facts, '${certPath}')` },
  { table: 'person', value: 'phone_sealed' },
];

/** Rows of `meta` whose value is sealed; they are remade by themselves, so rotation forgets them. */
export const sealedMeta: readonly string[] = ['tenantToken'];
