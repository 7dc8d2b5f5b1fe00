// Owns the national check digit and the number shapes built on it: identity numbers, disability certificates, phones.
// Pure. Source: GB 11643 (ISO 7064 MOD 11-2).

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The 18th character for the first 17 digits. */
export function checkDigit(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - 48) * (weights[i] ?? 0);
  return '10X98765432'[sum % 11] ?? '';
}

export type IdFault = 'length' | 'check' | 'birthday';

/** Null when `id` is an 18-character identity number with a possible birthday and the right check digit. */
export function idFault(id: string): IdFault | null {
  if (!/^\d{17}[\dX]$/.test(id)) return 'length';
  const [year, month, day] = [Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14))];
  if (year < 1880 || year > 2100 || day < 1 || day > daysIn(year, month)) return 'birthday';
  return checkDigit(id) === id[17] ? null : 'check';
}

/** A disability certificate is the identity number, one digit of kind, one of grade, and B1… when it was issued anew. */
export function disabilityCertFault(cert: string): IdFault | null {
  if (!/^\d{17}[\dX][1-7][1-4]([A-Z]\d)?$/.test(cert)) return 'length';
  return idFault(cert.slice(0, 18));
}

/** Days of a month; 0 for a month that does not exist. */
export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [0, 31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0;
}

/** A mobile number, whole or masked at its source (139****1234), or a landline with its area code. */
export function phoneKind(phone: string): 'whole' | 'masked' | 'landline' | null {
  if (/^1[3-9]\d{9}$/.test(phone)) return 'whole';
  if (/^1[3-9]\d\*{4}\d{4}$/.test(phone)) return 'masked';
  return /^0\d{2,3}-?\d{7,8}$/.test(phone) ? 'landline' : null;
}
