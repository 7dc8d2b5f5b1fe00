import { describe, expect, test } from 'vitest';
import { samples } from '../../cards/samples.ts';
import { find } from '../../src/bot/commands.ts';
import { childOf } from './outline.ts';

// Clients before 7.20 show the header and the chat-list line of a card and nothing else.
// Of hostile samples the command itself is hostile.
const honest = samples.filter((s) => !s.name.endsWith('-hostile'));

describe.each(honest)('$name, where only header and chat list are shown', ({ card }) => {
  test('names a command that the bot understands', () => {
    const header = childOf(card(), 'header');
    const summary = String(childOf(childOf(card(), 'config'), 'summary').content);
    expect(String(childOf(header, 'title').content).length).toBeGreaterThan(3);
    const [, named = ''] = /也可发送：(.+)$/u.exec(String(childOf(header, 'subtitle').content)) ?? [];
    expect(find(named.replace(/^@我 /u, '')), named).not.toBeNull();
    expect(summary).toContain(named);
  });
});
