// Owns drawing what nobody asked for, at the moment it is sent, for the rights its reader then has. null: nothing is left
// to say.
import type { OutboxPayload } from '../ports.ts';
import { digestView } from '../usecases/digest.ts';
import { groupDigestView, milestoneView } from '../usecases/milestone.ts';
import type { Shown, World } from '../usecases/world.ts';

type Unasked = Extract<OutboxPayload, { type: 'digest' | 'milestone' | 'groupDigest' }>;

export async function reminderShown(world: World, of: Unasked): Promise<Shown | null> {
  switch (of.type) {
    case 'digest': {
      const person = await world.store.personById(of.personId);
      const view = person ? await digestView(world, person) : null;
      return view === null ? null : { card: 'digest', view };
    }
    case 'milestone': {
      const view = await milestoneView(world, of);
      return view === null ? null : { card: 'milestone', view };
    }
    case 'groupDigest': {
      const view = await groupDigestView(world, of);
      return view === null ? null : { card: 'groupDigest', view };
    }
  }
}
