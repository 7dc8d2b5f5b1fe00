// What 「故障演练」 offers: every switch once, in words, off first; and that turning it does what its button says.
import { describe, expect, it } from 'vitest';
import { applyDrill, drillOf } from '../../simulator/drill.ts';
import { noFaults } from '../../simulator/faults.ts';
import { type Drill, drillsOf, rehearsed } from '../../simulator/page/drills.ts';
import { sizeText } from '../../simulator/page/lines.ts';

const here = { me: 'ou_zhang', group: 'oc_1', longConnection: true };
const off = drillOf(noFaults());
const all = (faults = off, at = here): readonly Drill[] => drillsOf(faults, at).flatMap((group) => group.drills);
const pressed = (drill: Drill | undefined): readonly string[] =>
  drill?.choices.filter((choice) => choice.on).map((choice) => choice.text) ?? [];

describe('the panel', () => {
  it('offers every switch there is, once', () => {
    expect(
      all()
        .map((drill) => drill.id)
        .sort(),
    ).toEqual(Object.keys(off).sort());
  });
  it('begins with everything off, and says in Chinese what happens and what to expect', () => {
    for (const drill of all()) {
      expect(pressed(drill), drill.id).toEqual(['关']);
      for (const text of [drill.title, drill.what, drill.expect]) expect(text).toMatch(/[\u4e00-\u9fff]{4}/);
    }
  });
  it.each(all().flatMap((drill) => drill.choices.slice(1).map((choice) => [drill.id, choice] as const)))(
    '%s %j is then pressed, listed as rehearsed, and 关 takes it back',
    (id, choice) => {
      const faults = noFaults();
      applyDrill(faults, choice.turn);
      const on = all(drillOf(faults)).find((drill) => drill.id === id);
      expect(pressed(on)).toEqual([choice.text]);
      expect(rehearsed(drillOf(faults))).toEqual([on?.title]);
      applyDrill(faults, on?.choices[0]?.turn);
      expect(drillOf(faults)).toEqual(off);
    },
  );
});

describe('switches about one person or one group', () => {
  const of = (id: string, faults = off, at = here) => all(faults, at).find((drill) => drill.id === id);
  it('an old client is this person’s; others keep theirs', () => {
    const faults = { ...off, oldClients: ['ou_li'] };
    expect(pressed(of('oldClients', faults))).toEqual(['关']);
    expect(of('oldClients', faults)?.choices.map((choice) => choice.turn)).toEqual([
      { oldClients: ['ou_li'] },
      { oldClients: ['ou_li', 'ou_zhang'] },
    ]);
  });
  it('the bot is taken out of the open group only, and nowhere without one', () => {
    expect(of('withoutBot')?.choices[1]?.turn).toEqual({ withoutBot: ['oc_1'] });
    expect(of('withoutBot', off, { ...here, group: '' })?.blocked).toBe('先打开一个有机器人的群');
  });
  it('trouble of a long connection is rehearsed where there is one, and else it is said how to have one', () => {
    const ids = ['refusedConnections', 'silentGateway', 'cutLines', 'cardFrames', 'fragments'];
    for (const id of ids) {
      expect(of(id)?.blocked).toBe('');
      expect(of(id, off, { ...here, longConnection: false })?.blocked).toContain('LARK_TRANSPORT=websocket');
    }
    const others = all(off, { ...here, longConnection: false }).filter((drill) => !ids.includes(drill.id));
    expect(others.every((drill) => drill.blocked === '')).toBe(true);
  });
  it('what was turned on in another group can be turned off from anywhere', () => {
    const elsewhere = of('withoutBot', { ...off, withoutBot: ['oc_2'] }, { ...here, group: '' });
    expect([elsewhere?.blocked, pressed(elsewhere), elsewhere?.choices[0]?.turn]).toEqual([
      '',
      ['开'],
      { withoutBot: [] },
    ]);
  });
});

describe('a file', () => {
  it.each([
    [1023, '1023 字节'],
    [1024, '1 KB'],
    [1_572_864, '1.5 MB'],
  ])('of %i bytes is %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
