// Owns one message: who, when, what it answers, its bubble or card, and the thread under it.
import type { PageMessage } from '../wire.ts';
import { fileUrl } from './api.ts';
import { Card } from './card/Card.tsx';
import { Glyph } from './card/Icon.tsx';
import { Avatar } from './card/People.tsx';
import { clockText } from './card/when.ts';
import { type MessageLine, sizeText } from './lines.ts';
import type { Sim } from './sim.ts';

interface MessageProps {
  readonly message: PageMessage;
  readonly goesOn: boolean;
  readonly sim: Sim;
  readonly me: string;
  readonly reply: (to: PageMessage) => void;
  readonly inThread: boolean;
}

export function MessageGroup({
  line,
  ...rest
}: { readonly line: MessageLine } & Omit<MessageProps, 'message' | 'goesOn' | 'inThread'>) {
  return (
    <>
      <Message message={line.message} goesOn={line.goesOn} inThread={false} {...rest} />
      {line.replies.length > 0 && (
        <div class="thread" data-testid="thread" role="group" aria-label={`话题，${line.replies.length} 条回复`}>
          <div class="thread-head">{line.replies.length} 条回复</div>
          {line.replies.map((message) => (
            <Message key={message.messageId} message={message} goesOn={false} inThread {...rest} />
          ))}
        </div>
      )}
    </>
  );
}

function Message({ message, goesOn, sim, me, reply, inThread }: MessageProps) {
  const own = message.from.openId === me && !inThread;
  const hooks = { 'data-testid': 'message', 'data-message-id': message.messageId, 'data-type': message.type };
  if (message.type === 'system')
    return (
      <div class="system" {...hooks}>
        {message.text}
      </div>
    );
  if (message.recalled) {
    return (
      <div class="system" {...hooks} data-recalled="true">
        {message.from.openId === me ? '您' : message.from.name}撤回了一条消息
      </div>
    );
  }
  const card = message.type === 'card' && message.card !== null;
  return (
    <div
      class={`message${own ? ' own' : ''}${goesOn ? ' goes-on' : ''}${card ? ' with-card' : ''}`}
      {...hooks}
      data-from={message.from.openId}
    >
      <span class="face">
        {!goesOn && <Avatar name={message.from.name} size={inThread ? 26 : 36} bot={message.from.bot} />}
      </span>
      <div class="message-main">
        {!goesOn && (
          <div class="message-who">
            {!own && <span class="who-name">{message.from.name}</span>}
            {message.from.bot && <span class="mark">机器人</span>}
            <time>{clockText(message.at)}</time>
          </div>
        )}
        <div class="message-line">
          {card && message.card ? (
            <div class="card-slot">
              {message.replyTo && <Quote line={message.replyTo.line} />}
              <Card id={message.messageId} version={message.updatedAt} json={message.card} host={sim.host} />
            </div>
          ) : (
            <div class="bubble">
              {message.replyTo && <Quote line={message.replyTo.line} />}
              {message.file ? (
                <Attachment message={message} me={me} />
              ) : (
                <span class="bubble-text">{message.text}</span>
              )}
            </div>
          )}
          <button
            type="button"
            class="reply-btn"
            aria-label={`回复 ${message.from.name}`}
            title="回复"
            onClick={() => reply(message)}
          >
            <Glyph name="reply" size={16} />
          </button>
        </div>
      </div>
    </div>
  );
}

function Attachment({ message, me }: Pick<MessageProps, 'message' | 'me'>) {
  const { file } = message;
  if (!file) return null;
  const url = fileUrl(me, file.key);
  if (message.type === 'image') {
    return (
      <a class="sent-picture" href={url} target="_blank" rel="noopener" aria-label={`打开图片 ${file.name}`}>
        <img src={url} alt={file.name} loading="lazy" />
      </a>
    );
  }
  return (
    <a class="sent-file" href={url} download={file.name} aria-label={`下载 ${file.name}，${sizeText(file.size)}`}>
      <Glyph name="file" size={26} />
      <span class="sent-file-text">
        <span>{file.name}</span>
        <small>{sizeText(file.size)} · 点一下下载</small>
      </span>
    </a>
  );
}

function Quote({ line }: { readonly line: string }) {
  return (
    <div class="quote" data-testid="quote">
      {line}
    </div>
  );
}
