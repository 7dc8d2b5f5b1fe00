// Owns writing a message: Enter sends, Shift+Enter breaks the line, and in groups whether the bot is mentioned.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageChat, PageMessage } from '../wire.ts';
import { Glyph } from './card/Icon.tsx';
import type { ShowToast } from './toasts.tsx';

interface ComposerProps {
  readonly chat: PageChat;
  readonly bot: string;
  readonly suggestions: readonly string[]; // what one might send
  readonly replyTo: PageMessage | null;
  readonly dropReply: () => void;
  readonly say: (text: string, mentionBot: boolean) => Promise<boolean>;
  readonly sendFile: (file: File) => Promise<boolean>;
  readonly toast: ShowToast;
}

export function Composer({ chat, bot, suggestions, replyTo, dropReply, say, sendFile, toast }: ComposerProps) {
  const [text, setText] = useState('');
  const [mention, setMention] = useState(true);
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const mentionable = chat.type === 'group' && chat.hasBot;
  useEffect(() => {
    if (replyTo) field.current?.focus();
  }, [replyTo]);
  useEffect(() => grow(field.current), [text]);
  const send = (words: string): Promise<boolean> => {
    setSending(true);
    return say(words, mentionable && mention).finally(() => setSending(false));
  };
  const sendTyped = async (): Promise<void> => {
    if (sending) return;
    if (text.trim() === '') return toast('info', '先写点什么再发送');
    if (await send(text.trim())) setText('');
    field.current?.focus();
  };
  const keyed = (event: KeyboardEvent): void => {
    // While pinyin is being composed, Enter belongs to the input method.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void sendTyped();
  };
  return (
    <div class="composer" data-testid="composer">
      {replyTo && <Replying to={replyTo} drop={dropReply} />}
      {text === '' && (chat.type === 'p2p' || mentionable) && (
        <Suggestions words={suggestions} sending={sending} choose={(words) => void send(words)} />
      )}
      <div class="composer-row">
        {mentionable && (
          <button
            type="button"
            class="mention"
            aria-pressed={mention}
            data-testid="mention"
            title={mention ? '这条会 @机器人' : '这条不 @机器人，它看不到'}
            onClick={() => setMention(!mention)}
          >
            @机器人
          </button>
        )}
        <FileButton sendFile={sendFile} />
        <textarea
          ref={field}
          rows={1}
          aria-label="写消息"
          placeholder={placeholderOf(chat, bot, mention)}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={keyed}
        />
        <button
          type="button"
          class="send"
          aria-label="发送"
          disabled={sending}
          data-ready={text.trim() !== ''}
          onClick={() => void sendTyped()}
        >
          {sending ? <span class="spin" /> : <Glyph name="send" size={20} />}
        </button>
      </div>
    </div>
  );
}

function Replying({ to, drop }: { readonly to: PageMessage; readonly drop: () => void }) {
  return (
    <div class="replying">
      <span>
        回复 {to.from.name}：{to.type === 'card' ? '[卡片]' : (to.file?.name ?? to.text)}
      </span>
      <button type="button" class="icon-btn small" aria-label="不回复了" onClick={drop}>
        <Glyph name="close" size={14} />
      </button>
    </div>
  );
}

interface SuggestionsProps {
  readonly words: readonly string[];
  readonly sending: boolean;
  readonly choose: (words: string) => void;
}
/** One press sends it. */
function Suggestions({ words, sending, choose }: SuggestionsProps) {
  if (words.length === 0) return null;
  return (
    <div class="suggestions" role="group" aria-label="可以发">
      {words.map((one) => (
        <button key={one} type="button" class="suggestion" disabled={sending} onClick={() => choose(one)}>
          {one}
        </button>
      ))}
    </div>
  );
}

function FileButton({ sendFile }: Pick<ComposerProps, 'sendFile'>) {
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const chosen = async (field: HTMLInputElement): Promise<void> => {
    const file = field.files?.[0];
    if (!file || busy) return;
    setBusy(true);
    await sendFile(file);
    setBusy(false);
    field.value = ''; // the same file may be sent again
  };
  return (
    <>
      <button
        type="button"
        class="attach"
        aria-label="发送图片或文件"
        title="发送图片或文件（30 MB 以内）"
        aria-busy={busy}
        onClick={() => input.current?.click()}
      >
        {busy ? <span class="spin" /> : <Glyph name="plus" size={20} />}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        tabIndex={-1}
        aria-hidden="true"
        data-testid="file"
        onChange={(event) => void chosen(event.currentTarget)}
      />
    </>
  );
}

function placeholderOf(chat: PageChat, bot: string, mention: boolean): string {
  if (chat.type === 'p2p') return `发给${bot}，例如：帮助`;
  return chat.hasBot && mention ? '例如：进度' : '发到群里';
}

function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = 'auto';
  field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
}
