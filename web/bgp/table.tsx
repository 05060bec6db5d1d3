import { now } from '../data/clock.ts';
import { Age } from '../parts/age.tsx';
import { type Column, LongTable } from '../parts/long-table.tsx';
import { Badge } from '../parts/mark.tsx';
import { Text } from '../parts/text.tsx';
import { age } from '../words/time.ts';
import { type Session, saidOf } from './sessions.ts';

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

/** Since when it is up, by what was read and the time that went by. */
const sinceOf = ({ end, kind }: Session): string =>
  kind === 'up' && end.uptimeSeconds !== null ? age(Date.parse(end.at) - end.uptimeSeconds * 1000, now.value) : '';

const columns: readonly Column[] = [
  { name: 'Session' },
  { name: 'State' },
  { name: 'AS', class: 'p3' },
  { name: 'Address or problem' },
  { name: 'VRF', class: 'p2' },
  { name: 'Prefixes', class: 'end', title: 'received by either end' },
  { name: 'Up for', class: 'end p2' },
  { name: 'Read', class: 'end' },
];

/** Sessions, both ends in one line. */
export const SessionTable = ({ sessions }: { sessions: readonly Session[] }) => (
  <LongTable
    caption="Sessions, both ends in one row, those that are down first"
    columns={columns}
    keys={sessions.map(({ key }) => key)}
    row={(index, inTable) => {
      const session = sessions[index];
      if (!session) return null;
      const { key, end, kind } = session;
      return (
        <tr key={key} class={kind === 'unknown' ? 'stale' : ''} {...inTable}>
          <td>
            <Pair session={session} />
          </td>
          <td>
            <Badge {...badges[kind]} />
          </td>
          <td class="m p3 hide-s">
            {end.localAs ?? '–'} {end.remoteAs ?? '–'}
          </td>
          <td class={`why ${kind === 'up' ? 'm' : ''}`}>
            <Text>{saidOf(session)}</Text>
          </td>
          <td class="p2 hide-s">
            <Text>{end.vrf}</Text>
          </td>
          <td class="end hide-s">{prefixesOf(session)}</td>
          <td class="end p2 hide-s">{sinceOf(session)}</td>
          <td class="end quiet hide-s">
            <Age since={oldest(session)} />
          </td>
        </tr>
      );
    }}
  />
);
