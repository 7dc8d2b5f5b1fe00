import { describe, expect, it } from 'vitest';
import { dueLine, standing } from '../../src/domain/phase.ts';
import { instantOf } from '../../src/domain/time.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const at = (local: string) => instantOf(`2023-${local}:00+08:00`);

describe('where the campaign stands', () => {
  it.each([
    ['07-11T23:59', 'before', 'P1', { open: false, late: false }],
    ['07-12T00:00', 'during', 'P1', { open: true, late: false }],
    ['07-21T23:59', 'during', 'P1', { open: true, late: false }],
    ['07-22T00:00', 'during', 'P2', { open: true, late: true }],
    ['07-30T23:59', 'during', 'P2', { open: true, late: true }],
    ['07-31T00:00', 'after', 'P2', { open: true, late: true }],
  ])('%s: %s, %s', (...[local, when, phase, rest]) => {
    const { phase: running, ...state } = standing(campaign, at(local));
    expect({ ...state, phase: running.id }).toEqual({ when, phase, ...rest });
  });

  it('without a lock an answer is late from the day after the phase', () => {
    const phases = campaign.phases.map(({ lockAt: _, ...phase }) => phase);
    expect(standing({ ...campaign, phases }, at('07-21T23:59')).late).toBe(false);
    expect(standing({ ...campaign, phases }, at('07-22T00:00')).late).toBe(true);
  });
});

describe('what a level owes next', () => {
  it.each([
    ['07-11T09:00', 'village', '7月12日开始，村级完成：7月20日 18:00', false],
    ['07-12T08:30', 'village', '村级完成：7月20日 18:00，还剩 8 天', false],
    ['07-19T23:59', 'village', '村级完成：7月20日 18:00，还剩 1 天', false],
    ['07-20T17:59', 'village', '村级完成：7月20日 18:00，就在今天', true],
    ['07-20T18:00', 'village', '村级完成的时间（7月20日 18:00）已过，仍可补报', true],
    ['07-20T18:00', 'township', '乡镇报送：7月21日 12:00，还剩 1 天', false],
    ['07-12T08:30', 'county', '', false],
  ] as const)('%s, %s: %s', (...[local, level, text, late]) => {
    expect(dueLine(campaign, level, at(local))).toEqual({ text, late });
  });
});

describe('a campaign without deadlines', () => {
  const phases = campaign.phases.map((p) => ({ ...p, deadlines: [] }));
  it.each([
    ['07-11T09:00', '7月12日开始，乡镇自查整改阶段：7月21日', false],
    ['07-20T23:59', '乡镇自查整改阶段：7月21日，还剩 1 天', false],
    ['07-21T23:59', '乡镇自查整改阶段：7月21日，就在今天', true],
    ['07-22T00:00', '乡镇自查整改阶段的时间（7月21日）已过，仍可补报', true],
  ] as const)('%s: villages have until the phase ends: %s', (...[local, text, late]) => {
    expect(dueLine({ ...campaign, phases }, 'village', at(local))).toEqual({ text, late });
    expect(dueLine({ ...campaign, phases }, 'township', at(local))).toEqual({ text: '', late: false });
  });
});

describe('a campaign that goes from house to house twice', () => {
  const phases = campaign.phases.map((p) => ({ ...p, screening: true }));
  it.each([
    ['07-11T09:00', { open: false, late: false }],
    ['07-21T23:59', { open: true, late: false }],
    ['07-22T00:00', { open: true, late: false }], // the second time has begun
    ['07-31T00:00', { open: true, late: true }],
  ])('%s: an answer belongs to the time that has begun last', (local, expected) => {
    expect(standing({ ...campaign, phases }, at(local))).toMatchObject(expected);
  });
});
