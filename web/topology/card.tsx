import type { Peer } from '../bgp/peers.ts';
import type { Session } from '../bgp/sessions.ts';
import { Age } from '../parts/age.tsx';
import { Text } from '../parts/text.tsx';
import type { Edge } from './layout.ts';

const rows: readonly [string, (peer: Peer) => string][] = [
  ['State', ({ state }) => state],
  ['AS', ({ localAs }) => String(localAs ?? 'not reported')],
  ['Peer', ({ address }) => address],
  ['Prefixes', ({ prefixes }) => String(prefixes ?? 'not reported')],
  ['Last error', ({ lastError }) => lastError || '–'],
];

const Ends = ({ session: { end, other } }: { session: Session }) => (
  <table class="ends">
    <thead>
      <tr>
        <td />
        <th scope="col">{end.device}</th>
        {other && <th scope="col">{other.device}</th>}
      </tr>
    </thead>
    <tbody>
      {rows.map(([name, of]) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          {[end, ...(other ? [other] : [])].map((peer) => (
            <td key={peer.device}>
              <Text>{of(peer)}</Text>
            </td>
          ))}
        </tr>
      ))}
      <tr>
        <th scope="row">Read</th>
        <td>
          <Age since={end.at} /> ago
        </td>
        {other && (
          <td>
            <Age since={other.at} /> ago
          </td>
        )}
      </tr>
    </tbody>
  </table>
);

const most = 3;

/** Both ends of what is under the pointer, as each device told them. */
export const Card = ({ edge: { from, to, sessions } }: { edge: Edge }) => (
  <section class="topo-card" aria-label="Sessions under the pointer">
    <h2 class="m">
      {from.name} — {to.name}
    </h2>
    {sessions.slice(0, most).map((session) => (
      <Ends key={session.key} session={session} />
    ))}
    {sessions.length > most && <p class="quiet">and {sessions.length - most} more</p>}
  </section>
);
