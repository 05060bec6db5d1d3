import { peersOf } from '../../bgp/peers.ts';
import type { Device } from '../../data/types.ts';
import { useReading } from '../../data/use-reading.ts';
import { Failed } from '../../parts/failed.tsx';
import { Badge } from '../../parts/mark.tsx';
import { Text } from '../../parts/text.tsx';
import { ReadHead } from './read-head.tsx';

/** The BGP sessions of a device as they were read last; of a device that nobody looks at, none is told to be up or down. */
export const DeviceBgp = ({ device: { device, sync } }: { device: Device }) => {
  const reading = useReading(device, 'bgp');
  const isKnown = sync !== 'unknown';
  const peers = reading.job ? peersOf(reading.job) : [];
  return (
    <section>
      <ReadHead title="BGP" reading={reading} />
      <Failed refusal={reading.failed} />
      {reading.job && peers.length === 0 && <p class="quiet">No BGP sessions.</p>}
      {peers.length > 0 && (
        <table class="tbl">
          <caption class="vh">Sessions</caption>
          <thead class="vh">
            <tr>
              <th scope="col">Peer</th>
              <th scope="col">State</th>
              <th scope="col">Prefixes</th>
            </tr>
          </thead>
          <tbody>
            {peers.map(({ vrf, address, description, isUp, state, prefixes }) => (
              <tr key={`${vrf} ${address}`}>
                <td class="peer">
                  <span class="m" title={address}>
                    <Text>{description || address}</Text>
                  </span>
                  {vrf && <span class="quiet"> {vrf}</span>}
                </td>
                <td>
                  {!isKnown ? (
                    <Badge mark="none" tone="none" word="unknown" />
                  ) : isUp ? (
                    <Badge mark="sync" tone="sync" word="up" />
                  ) : (
                    <Badge mark="out" tone="out" word={state.toLowerCase()} />
                  )}
                </td>
                <td class="end soft">{prefixes ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};
