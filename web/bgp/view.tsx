import { useMemo, useRef } from 'preact/hooks';
import type { Device } from '../data/types.ts';
import { CountStrip } from '../parts/counts.tsx';
import { Failed } from '../parts/failed.tsx';
import { Head } from '../parts/head.tsx';
import { useKeys } from '../shell/keys.ts';
import { go, place, withQuery } from '../shell/route.ts';
import { countsOf, kinds, type Session, saidOf } from './sessions.ts';
import { SessionTable } from './table.tsx';
import { useSessions } from './use-sessions.ts';
import { verdictOf } from './verdict.ts';

const strip = [
  ['', 'sessions', undefined],
  ['up', 'up', 'sync'],
  ['down', 'down', 'out'],
  ['half', 'one side only', 'half'],
  ['unknown', 'unknown', 'none'],
  ['off', 'switched off', 'later'],
] as const;

const spans = [
  ['1 h', 1],
  ['24 h', 24],
  ['7 d', 168],
] as const;

const tones = { sync: 'sync', out: 'out', half: 'wait', none: 'none', later: 'later' } as const;

/** Whether what was typed is found in anything that the session's line shows. */
const has = (session: Session, typed: string): boolean => {
  const { end, other, peerDevice = '' } = session;
  const texts = [end.device, peerDevice, end.address, other?.address ?? '', end.vrf, end.description, saidOf(session)];
  const numbers = [end.localAs, end.remoteAs].map((as) => `as${as}`);
  return [...texts, ...numbers].some((text) => text.toLowerCase().includes(typed.toLowerCase()));
};

/** Which sessions are down, and what did the peer say? */
export const BgpView = ({ all }: { all: readonly Device[] }) => {
  const field = useRef<HTMLInputElement>(null);
  const { sessions = [], unread, unaddressed, busy, failed, refusals, readAll } = useSessions(all);
  const { query } = place.value;
  const [pressed, typed] = [query.get('state') ?? '', query.get('find') ?? ''];
  const hours = spans.find(([, span]) => String(span) === query.get('hours'))?.[1] ?? 24;
  const counts = useMemo(() => countsOf(sessions), [sessions]);
  const { answer, rest } = verdictOf(sessions, unread.length, unaddressed.length);
  const shown = useMemo(
    () =>
      sessions
        .filter((session) => (pressed === '' || session.kind === pressed) && has(session, typed))
        .sort((one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind)),
    [sessions, pressed, typed],
  );
  useKeys(() => [{ press: '/', does: 'find', run: () => field.current?.focus() }], []);
  return (
    <>
      <Head title="BGP" answer={answer} rest={rest}>
        <fieldset class="seg" aria-label="How far back each session is shown">
          {spans.map(([word, span]) => (
            <button
              key={word}
              type="button"
              aria-pressed={span === hours}
              onClick={() => go(withQuery({ hours: span === 24 ? '' : String(span) }), 'replace')}
            >
              {word}
            </button>
          ))}
        </fieldset>
        <button class="btn" type="button" disabled={busy} onClick={readAll}>
          {busy ? 'Reading' : 'Read all now'}
        </button>
      </Head>
      <CountStrip
        label="Sessions by state; each filters"
        items={strip.map(([value, word, mark]) => ({
          value,
          word,
          number: value === '' ? sessions.length : counts[value],
          ...(mark ? { mark, tone: tones[mark] } : {}),
        }))}
        pressed={pressed}
        press={(value) => go(withQuery({ state: value }), 'replace')}
      />
      <section>
        <div class="tools">
          <label class="filter">
            <span class="vh">Find a session</span>
            <input
              ref={field}
              value={typed}
              spellcheck={false}
              autocomplete="off"
              placeholder="leaf1, 10.1.1.0, as65100"
              onInput={({ currentTarget }) => go(withQuery({ find: currentTarget.value }), 'replace')}
            />
          </label>
        </div>
        <Failed refusal={failed} />
        {[...refusals].map(([device, refusal]) => (
          <Failed key={device} refusal={refusal} />
        ))}
        {shown.length > 0 && <SessionTable sessions={shown} hours={hours} />}
      </section>
    </>
  );
};
