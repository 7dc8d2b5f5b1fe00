// Owns `rotate-key`: the new key is DATA_KEY, the old one DATA_KEY_PREVIOUS or in a file.
import { existsSync, readFileSync } from 'node:fs';
import { importStore } from '../../db/storeImport.ts';
import { operatorStore } from '../../db/storeOperator.ts';
import { rotationStore } from '../../db/storeRotation.ts';
import { configExit } from '../config.ts';
import { rotate } from '../keyRotation.ts';
import { newId } from '../newId.ts';
import { createImports } from '../usecases/imports.ts';
import { createVault, isDataKey } from '../vault.ts';
import { type Call, Exit, type Result } from './command.ts';

export async function rotateKey(c: Call): Promise<Result> {
  const { engine, config, clock } = c;
  if (config.dataKey === null) throw new Exit(configExit, 'DATA_KEY：请填新的密钥（openssl rand -base64 32）。');
  const old = previousKey(c);
  const vault = await createVault(config.dataKey, [old]);
  const previous = await createVault(old);
  const foreign = [...(await operatorStore(engine).keyIds()).keys()].filter(
    (id) => id !== vault.keyId && id !== previous.keyId,
  );
  if (foreign.length > 0) {
    const told = `库里的号码是用密钥 ${foreign.join('、')} 加密的，给出的旧密钥是 ${previous.keyId}`;
    throw new Exit(configExit, `DATA_KEY_PREVIOUS：${told}，打不开。请填原来的那把，没有改动。`);
  }
  // an import that only waits to be finished is finished first
  await createImports({ store: importStore(engine), vault, clock, newId }).resume();
  const done = await rotate({
    store: rotationStore(engine),
    vault,
    previous,
    now: clock.now,
    onProgress: c.progress('换密钥'),
  });
  if (done === 'importing') throw new Exit(1, 'rotate-key: 正在导入名单，请等导入完成再换。没有改动。');
  const text = `已换成密钥 ${vault.keyId}，改写 ${done.resealed} 处。旧密钥不再需要：请去掉 DATA_KEY_PREVIOUS，再重启机器人。`;
  return { text, json: { keyId: vault.keyId, resealed: done.resealed } };
}

function previousKey({ flags, config }: Call): string {
  const file = flags['from-file'];
  if (typeof file !== 'string') {
    if (config.dataKeyPrevious !== null) return config.dataKeyPrevious;
    const how = '请填原来的密钥，或用 --from-file 给出它的文件；DATA_KEY 填新的';
    throw new Exit(configExit, `DATA_KEY_PREVIOUS：还没有填写。${how}。`);
  }
  const key = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (!isDataKey(key)) throw new Exit(configExit, `${file}: 里面要有一把密钥（44 个字符的 base64），请核对。`);
  if (key === config.dataKey) throw new Exit(configExit, `${file}: 和 DATA_KEY 相同，请把 DATA_KEY 换成新的密钥。`);
  return key;
}
