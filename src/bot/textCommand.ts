// Owns the command 文字排查: the same work as 排查, by text, in the private chat only.
import { ownVillages, whichVillage } from '../usecases/ownVillages.ts';
import { workByText } from '../usecases/textWork.ts';
import { campaignPicker, whichCampaign } from '../usecases/whichCampaign.ts';
import { noCampaign } from '../usecases/world.ts';
import type { Command, Reply, Request } from './commands.ts';

export const textCommand: Command = {
  id: 'text',
  word: '文字排查',
  aliases: [],
  usage: '文字排查',
  text: '卡片打不开时用：在私聊里看题回数字，一户一户往下填',
  needs: 'answer',
  answers: 'here',
  asksWhenLate: false,
  run: checkByText,
};

async function checkByText({ world, person, chatType, argument, eventId }: Request): Promise<Reply> {
  if (chatType === 'group') return { text: '文字排查要在私聊里做：点我的头像打开私聊，发送「文字排查」。' };
  const which = await whichCampaign(world, { person, argument, needs: ['answer'], chat: null });
  if (which.is === 'none') return { text: noCampaign };
  if (which.is === 'several') return { shown: campaignPicker(world, '文字排查', which) };
  const { campaign } = which;
  const { own, named } = await ownVillages(world, { person, campaign, wanted: which.area });
  const [village, ...others] = named;
  if (!village || others.length > 0) return { text: whichVillage(own, '文字排查') };
  const asker = { person, eventId: `${eventId}/sit` }; // the event's own id is taken by the inbox
  return workByText(world, { asker, campaign, village });
}
