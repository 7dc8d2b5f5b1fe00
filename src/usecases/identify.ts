// Owns recognising people of whom the people file gives a mobile number only: the platform is asked who they are, at most
// once a day each. A number is opened for that call alone; it is never logged.
import { dayLength, hour, minute } from '../domain/time.ts';
import type { Unidentified } from '../phoneStore.ts';
import { type Log, type Platform, PlatformError, type Vault } from '../ports.ts';
import type { World } from './world.ts';

/** The platform's limit of numbers in one call. */
const perCall = 50;
/** Epoch ms before which the platform is not asked again, whoever is waiting. */
const pausedUntil = 'phonesPausedUntil';

interface Lookup {
  readonly platform: Pick<Platform, 'peopleByPhone'>;
  readonly log: Log;
  /** Opens a sealed number; absent: this process holds no key and asks for nobody. */
  readonly openSealed?: Vault['open'];
}

/** One batch, one call; none when nobody is due. What the platform refuses rests; other surprises are thrown. */
export async function identifyPeople(world: World, { platform, log, openSealed }: Lookup): Promise<void> {
  if (!openSealed) return;
  const { store } = world;
  const at = world.clock.now();
  const before = at - dayLength;
  const people = await store.unidentified(before, perCall);
  if (people.length === 0 || at < Number((await store.meta(pausedUntil)) ?? 0) || (await store.importing())) return;
  const ids = people.map((p) => p.id);
  if (!(await store.askFor({ ids, before, at }))) return;
  const byPhone = await opened(people, openSealed);
  if (byPhone.size < people.length) log.warn('phone numbers not opened', { people: people.length - byPhone.size });
  if (byPhone.size === 0) return;
  try {
    const found = await platform.peopleByPhone([...byPhone.keys()]);
    for (const [phone, personId] of byPhone) {
      const openId = found.get(phone);
      if (openId === undefined || (await store.identify({ personId, openId, at }))) continue;
      log.warn('person not identified: the open_id belongs to somebody else', { person: personId, openId });
    }
    log.info('people looked up by phone', { asked: byPhone.size, known: found.size });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    await store.notAnswered({ ids, at });
    await store.setMeta(pausedUntil, String(at + restAfter(error)));
    log.warn('people not looked up by phone', { code: error.code, retry: error.retry, error: error.message });
  }
}

/** Every call costs of the month's allowance: what an operator has to mend is not tried again every minute. */
const restAfter = ({ retry, waitMs }: PlatformError): number =>
  retry === 'later' ? Math.max(10 * minute, waitMs) : 6 * hour;

/** Person ids by number. A number of a key that is not at hand is left out. */
async function opened(people: readonly Unidentified[], open: Vault['open']): Promise<ReadonlyMap<string, string>> {
  const pairs = await Promise.all(
    people.map(async ({ id, phoneSealed }) => [await open(phoneSealed).catch(() => null), id] as const),
  );
  return new Map(pairs.flatMap(([phone, id]) => (phone === null ? [] : [[phone, id] as const])));
}
