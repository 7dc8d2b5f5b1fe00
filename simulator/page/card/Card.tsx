// Owns a whole card: header, body, its confirm dialog, and what was typed into it. The door of this folder.
// A new version of the card starts empty, as on the platform, unless this client keeps what was typed; other people's
// typing is never here.
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { bandOf } from './color.ts';
import { Dialog } from './Dialog.tsx';
import { Elements } from './Element.tsx';
import { fieldsIn, labelsIn, type Value, type Values } from './form.ts';
import { CardIcon } from './Icon.tsx';
import { asObject, asObjects, asText, type Json, words } from './json.ts';
import { boxOf, inner } from './layout.ts';
import { CardContext, type CardHost, type CardSession } from './session.tsx';
import { CardText, TagChip } from './Text.tsx';

export interface CardProps {
  readonly id: string; // message id
  readonly version: number; // changes with every update of the card
  readonly json: Json;
  readonly host: CardHost;
}

export function Card(props: CardProps) {
  const place = useRef<HTMLDivElement>(null);
  const stamp = useMemo(() => `${props.version} ${sumOf(JSON.stringify(props.json))}`, [props.version, props.json]);
  const version = `${props.host.me} ${props.id} ${stamp}`;
  const shown = useRef(version);
  const focused = shown.current !== version && place.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    // The pressed button is gone with the old version; a keyboard goes on from the new card, not from the page's top.
    if (focused) place.current?.focus({ preventScroll: true });
    shown.current = version;
  }, [version]);
  return (
    <div class="card-place" ref={place} tabIndex={-1}>
      <OneVersion key={version} {...props} stamp={stamp} />
    </div>
  );
}

/** Tells two versions of one moment apart: while the clock stands still, time does not. */
function sumOf(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) | 0;
  return sum;
}

function OneVersion({ id, stamp, json, host }: CardProps & { readonly stamp: string }) {
  const [values, setValues] = useDraft(host, `${host.me} ${id}`, { stamp, json });
  const [question, setQuestion] = useState<{ json: Json; answer: (yes: boolean) => void } | null>(null);
  const config = asObject(json.config) ?? {};
  const body = asObject(json.body) ?? {};
  const labels = useMemo(() => labelsIn(body.elements), [json]);
  const session: CardSession = {
    id,
    host,
    Elements,
    colors: ownColors(config),
    sizes: ownSizes(config),
    labels,
    values,
    set: (key, value) => setValues((now) => ({ ...now, [key]: value })),
    forget: (keys) =>
      setValues((now) => Object.fromEntries(Object.entries(now).filter(([key]) => !keys.includes(key)))),
    ask: (asked) => new Promise((answer) => setQuestion({ json: asked, answer })),
  };
  const answered = (yes: boolean): void => {
    question?.answer(yes);
    setQuestion(null);
  };
  const mode = asText(config.width_mode);
  return (
    <CardContext.Provider value={session}>
      <article
        class={`card ${mode === 'compact' || mode === 'fill' ? mode : 'default'}`}
        data-testid="card"
        data-card={id}
        aria-label={words(asObject(json.header)?.title) || '卡片'}
      >
        <Header json={asObject(json.header)} />
        {host.client.old ? (
          <div class="card-body too-old">当前版本过低，看不到卡片内容，请升级客户端</div>
        ) : (
          <div class="card-body" style={{ ...inner(body, '8px'), padding: boxOf(body.padding) ?? '12px' }}>
            <Elements of={body.elements} path="body" />
          </div>
        )}
        {question && <Question json={question.json} answered={answered} />}
      </article>
    </CardContext.Provider>
  );
}

type SetValues = (change: (now: Values) => Values) => void;

interface Version {
  readonly stamp: string;
  readonly json: Json;
}

/** What was typed outlives a look into another chat, but not a new version of the card, unless the client keeps it. */
function useDraft(host: CardHost, card: string, { stamp, json }: Version): [Record<string, Value>, SetValues] {
  const key = `${card} ${stamp}`;
  const [values, setValues] = useState<Record<string, Value>>(() => ({
    ...(host.client.keepsInputs && keptIn(host.drafts.get(card), json)),
    ...host.drafts.get(key),
  }));
  const latest = useRef(values);
  const change: SetValues = (how) => {
    latest.current = { ...how(latest.current) };
    host.drafts.set(key, latest.current);
    host.drafts.set(card, latest.current);
    setValues(latest.current);
  };
  return [values, change];
}

/** What was typed into the version before, where a field of the same name is there again. */
function keptIn(before: Values | undefined, json: Json): Values {
  const names = new Set(fieldsIn(asObject(json.body)?.elements).map((field) => field.name));
  return Object.fromEntries(Object.entries(before ?? {}).filter(([name]) => names.has(name)));
}

function Header({ json }: { readonly json: Json | undefined }) {
  if (!json) return null;
  const band = bandOf(asText(json.template));
  const local = asObject(json.i18n_text_tag_list);
  const tags = asObjects(local?.zh_cn ?? json.text_tag_list).slice(0, 3);
  const icon = asObject(json.icon);
  const css = {
    padding: boxOf(json.padding) ?? (band ? '12px' : '12px 12px 0'),
    ...(band && { background: band.tint, color: band.ink }),
  };
  return (
    <header class={`card-head${band ? ' band' : ''}`} data-template={asText(json.template) || 'default'} style={css}>
      {icon && <CardIcon icon={icon} colors={{}} size={20} />}
      <div class="card-titles">
        <div class="card-title-line">
          <h3>
            <CardText of={json.title} />
          </h3>
          {tags.map((tag, at) => (
            <TagChip key={at} color={asText(tag.color)}>
              {words(tag.text)}
            </TagChip>
          ))}
        </div>
        {words(json.subtitle) !== '' && (
          <div class="card-subtitle">
            <CardText of={json.subtitle} />
          </div>
        )}
      </div>
    </header>
  );
}

function Question({ json, answered }: { readonly json: Json; readonly answered: (yes: boolean) => void }) {
  return (
    <Dialog label={words(json.title) || '请确认'} kind="box" onClose={() => answered(false)}>
      <div class="box-title">{words(json.title)}</div>
      <div class="box-text">{words(json.text)}</div>
      <div class="box-buttons">
        <button type="button" class="btn default" onClick={() => answered(false)}>
          取消
        </button>
        <button type="button" class="btn primary_filled" data-first onClick={() => answered(true)}>
          确定
        </button>
      </div>
    </Dialog>
  );
}

function ownColors(config: Json): Readonly<Record<string, string>> {
  const colors = asObject(asObject(config.style)?.color) ?? {};
  return Object.fromEntries(Object.entries(colors).map(([name, modes]) => [name, asText(asObject(modes)?.light_mode)]));
}

function ownSizes(config: Json): Readonly<Record<string, string>> {
  const sizes = asObject(asObject(config.style)?.text_size) ?? {};
  return Object.fromEntries(
    Object.entries(sizes).map(([name, one]) => [name, asText(asObject(one)?.pc) || asText(asObject(one)?.default)]),
  );
}
