// Owns who is in the demo's chat program when the page opens: everybody of the invented county, every work group, and the
// bot in the groups of one township. May be repeated after a start that was cut short.
import type { County } from './county.ts';
import type { Simulator } from './simulator.ts';

const openTownship = '360722108'; // 大阿镇: its village groups already work

export async function settlePeople(sim: Simulator, county: County): Promise<void> {
  addPeople(sim, county);
  for (const g of county.groups) {
    const members = g.members.filter((m) => sim.user(m) !== undefined);
    const missing = sim.chat(g.chatId) === undefined;
    if (missing && members.length > 0) sim.addChat({ chatId: g.chatId, name: g.name, members });
  }
  for (const g of county.groups.filter((group) => isOpen(group.villageCode ?? ''))) {
    const cadre = g.members[0];
    if (cadre === undefined || sim.chat(g.chatId)?.hasBot) continue;
    // as its cadres would have done
    sim.addBot(g.chatId, cadre);
    await sim.idle();
    await sim.say(cadre, g.chatId, '绑定', { mentionBot: true });
  }
  await sim.idle();
}

/** Villages, not the community (…0xx): its group shows what it is like to let the bot in. */
const isOpen = (villageCode: string) =>
  villageCode.startsWith(openTownship) && !villageCode.startsWith(`${openTownship}0`);

function addPeople(sim: Simulator, county: County): void {
  const roles = new Map(county.people.map((p) => [p.open_id ?? '', p]));
  const notes = new Map(county.featured.map((f) => [f.openId, f.note]));
  for (const [openId, p] of roles) {
    const note = notes.get(openId) ?? `${county.places.get(p.区划代码 ?? '') ?? ''} ${p.角色 ?? ''}`.trim();
    if (sim.user(openId) === undefined) sim.addUser({ openId, name: p.姓名 ?? '', note });
  }
  const outsiders = county.featured.filter((f) => sim.user(f.openId) === undefined);
  for (const f of outsiders) sim.addUser({ openId: f.openId, name: f.name, note: f.note });
}
