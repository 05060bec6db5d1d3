import { now } from '../data/clock.ts';
import { Age } from '../parts/age.tsx';
import { type Column, LongTable } from '../parts/long-table.tsx';
import { Badge } from '../parts/mark.tsx';
import { Text } from '../parts/text.tsx';
import { age } from '../words/time.ts';
import { type SessionHistory, sessionIn } from './history.ts';
import { flapWords } from './history-words.ts';
import { Spark, Strip } from './over-time.tsx';
import { type Session, saidOf } from './sessions.ts';
import { useHistory } from './use-history.ts';

const badges = {
  up: { mark: 'sync', tone: 'sync', word: 'up' },
  down: { mark: 'out', tone: 'out', word: 'down' },
  half: { mark: 'half', tone: 'wait', word: 'one side only' },
  unknown: { mark: 'none', tone: 'none', word: 'unknown' },
  off: { mark: 'later', tone: 'later', word: 'switched off' },
} as const;

const paths = { up: 'pu', down: 'pd', half: 'ph', unknown: 'pn', off: 'pn' } as const;

/** The line between two ends: whole, cut, or known at one end alone. */
const Between = ({ kind }: { kind: Session['kind'] }) => (
  <svg viewBox="0 0 48 12" aria-hidden="true">
    <path class={paths[kind]} d={kind === 'half' ? 'M0 6h28' : kind === 'down' ? 'M0 6h18M30 6h18' : 'M0 6h48'} />
    {kind === 'half' && <path class="pn" d="M28 6h20" />}
    {kind === 'down' && <path class="px" d="M20 2l8 8M28 2l-8 8" />}
  </svg>
);

const Name = ({ device }: { device: string }) => (
  <a class="name" href={`/devices/${device}`}>
    {device}
  </a>
);

const Pair = ({ session: { end, peerDevice, kind } }: { session: Session }) => (
  <span class="pair">
    <Name device={end.device} />
    <Between kind={kind} />
    {peerDevice ? (
      <Name device={peerDevice} />
    ) : (
      <span class="m">
        <Text>{end.description || end.address}</Text>
      </span>
    )}
  </span>
);

/** What both ends received, where both tell it. */
const prefixesOf = ({ end, other }: Session): string =>
  [end, ...(other ? [other] : [])].map(({ prefixes }) => prefixes ?? '–').join(' / ');

const oldest = ({ end, other }: Session): string => (other && other.at < end.at ? other.at : end.at);

/** Since when it is as it is, by what was read and the time that went by, or by what was kept. */
const sinceOf = ({ end, kind }: Session, kept: SessionHistory | undefined): string => {
  if (kind === 'up')
    return end.uptimeSeconds === null ? '' : age(Date.parse(end.at) - end.uptimeSeconds * 1000, now.value);
  const last = kept?.states.at(-1);
  return last && last.is === kind ? age(last.at, now.value) : '';
};

const spans: Readonly<Record<number, string>> = { 1: 'Last hour', 24: 'Last 24 h', 168: 'Last 7 d' };

const columnsOf = (hours: number): readonly Column[] => [
  { name: 'Session' },
  { name: 'State' },
  { name: 'AS', class: 'p3' },
  { name: 'Address or problem' },
  { name: 'VRF', class: 'p3' },
  { name: spans[hours] ?? `Last ${hours} h`, class: 'p2', title: 'whether it was up; an outline: not known' },
  { name: 'Prefixes', class: 'p3', title: 'received, over the same time' },
  { name: 'Now', class: 'end', title: 'prefixes received by either end' },
  { name: 'Since', class: 'end p2' },
  { name: 'Read', class: 'end' },
];

const never: SessionHistory = { vrf: '', peer: '', states: [], prefixes: [], flaps: 0 };

type RowProps = { session: Session; hours: number; inTable: Record<string, unknown> };

const Row = ({ session, hours, inTable }: RowProps) => {
  const { end, other, kind, silent } = session;
  const teller = silent === end.device && other ? other : end;
  const history = useHistory(teller.device, hours);
  const kept = history && sessionIn(history, teller.vrf, teller.address);
  const over = history && { history, session: kept ?? never, hours };
  // the one that it is down of is told already
  const flaps = kept && kept.flaps > (kind === 'down' ? 1 : 0) ? flapWords(kept, now.value) : '';
  return (
    <tr class={kind === 'unknown' ? 'stale' : ''} {...inTable}>
      <td>
        <Pair session={session} />
      </td>
      <td>
        <Badge {...badges[kind]} />
      </td>
      <td class="m p3 hide-s">
        {end.localAs ?? '–'} {end.remoteAs ?? '–'}
      </td>
      <td class={`why ${kind === 'up' && flaps === '' ? 'm' : ''}`}>
        <Text>{[kind === 'up' && flaps !== '' ? '' : saidOf(session), flaps].filter(Boolean).join('; ')}</Text>
      </td>
      <td class="p3 hide-s">
        <Text>{end.vrf}</Text>
      </td>
      <td class="p2 over">{over && <Strip {...over} />}</td>
      <td class="p3 hide-s">{over && <Spark {...over} />}</td>
      <td class="end hide-s">{prefixesOf(session)}</td>
      <td class="end p2 hide-s">{sinceOf(session, kept)}</td>
      <td class="end quiet hide-s">
        <Age since={oldest(session)} />
      </td>
    </tr>
  );
};

/** Sessions, both ends in one line. @param hours how far back each is shown */
export const SessionTable = ({ sessions, hours }: { sessions: readonly Session[]; hours: number }) => (
  <LongTable
    caption="Sessions, both ends in one row, those that are down first"
    columns={columnsOf(hours)}
    keys={sessions.map(({ key }) => key)}
    row={(index, inTable) => {
      const session = sessions[index];
      return session && <Row key={session.key} session={session} hours={hours} inTable={inTable} />;
    }}
  />
);
