// Owns the proof that sealed numbers stay sealed, stay readable after a key change, and can be looked up.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createVault, isDataKey, newDataKey } from '../src/vault.ts';

const keyA = Buffer.alloc(32, 7).toString('base64');
const keyB = Buffer.alloc(32, 9).toString('base64');
const number = '360799199001011234';

test('what was sealed opens again, Chinese and empty text included', async () => {
  const vault = await createVault(keyA);
  for (const plain of [number, '', '大阿镇樟塘村', '👩‍🌾'.repeat(300)]) {
    expect(await vault.open(await vault.seal(plain))).toBe(plain);
  }
});

test('a sealed text carries version and key id, and nothing of what it holds', async () => {
  const vault = await createVault(keyA);
  const sealed = await vault.seal(number);
  const id = createHash('sha256').update(Buffer.alloc(32, 7)).digest('hex').slice(0, 8);
  expect(vault.keyId).toBe(id);
  expect(sealed).toMatch(new RegExp(`^v1\\.${id}\\.[A-Za-z0-9_-]+$`));
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('3607');
});

test('the same number sealed twice is two different texts', async () => {
  const vault = await createVault(keyA);
  const sealed = await Promise.all(Array.from({ length: 50 }, () => vault.seal(number)));
  expect(new Set(sealed).size).toBe(50);
});

test('a change of any character of a sealed text is noticed', async () => {
  const vault = await createVault(keyA);
  const sealed = await vault.seal(number);
  for (let at = 0; at < sealed.length; at += 1) {
    // The last character of base64 may carry unused bits; all others count.
    if (at === sealed.length - 1) continue;
    const other = sealed[at] === 'A' ? 'B' : 'A';
    await expect(vault.open(sealed.slice(0, at) + other + sealed.slice(at + 1)), `at ${at}`).rejects.toThrow();
  }
  for (const bad of ['', 'v1', 'v1..', sealed.slice(0, -4), `${sealed}.x`, 'v1.zz.%%%', number]) {
    await expect(vault.open(bad), bad).rejects.toMatchObject({ name: 'VaultError' });
  }
});

test('a new key opens what the previous key sealed, and seals with its own', async () => {
  const before = await createVault(keyA);
  const sealed = await before.seal(number);
  const after = await createVault(keyB, [keyA]);
  expect(await after.open(sealed)).toBe(number);
  expect((await after.seal(number)).split('.')[1]).toBe(after.keyId);
  expect(after.keyId).not.toBe(before.keyId);
});

test('without the key a sealed text stays closed, and the refusal names the key that is missing', async () => {
  const [a, b] = await Promise.all([createVault(keyA), createVault(keyB)]);
  const sealed = await a.seal(number);
  await expect(b.open(sealed)).rejects.toThrow(a.keyId);
});

test('a digest is the same for the same number and key, differs otherwise, and is no plain hash', async () => {
  const [a, again, b] = await Promise.all([createVault(keyA), createVault(keyA), createVault(keyB)]);
  expect(await a.digest(number)).toBe(await again.digest(number));
  expect(await a.digest(number)).not.toBe(await b.digest(number));
  expect(await a.digest(number)).not.toBe(await a.digest('360799199001011235'));
  expect(await a.digest(number)).not.toBe(createHash('sha256').update(number).digest('hex'));
  expect(await a.digest(number)).toMatch(/^[0-9a-f]{64}$/);
});

test('a key that is not exactly 32 bytes is refused without being repeated', async () => {
  const wrong = [Buffer.alloc(31, 1), Buffer.alloc(33, 1), Buffer.alloc(16, 1)].map((b) => b.toString('base64'));
  for (const key of [...wrong, '', 'password', `${'a'.repeat(42)}!=`]) {
    expect(isDataKey(key)).toBe(false);
    const refusal = await createVault(key).catch((error: Error) => error.message);
    expect(refusal).toBe('a data key is 32 bytes in base64');
  }
  const fresh = newDataKey();
  expect(Buffer.from(fresh, 'base64')).toHaveLength(32);
  expect(isDataKey(fresh)).toBe(true);
  expect(newDataKey()).not.toBe(fresh);
});
