import { memo } from 'preact/compat';
import type { Device } from '../data/types.ts';
import { Age, Old } from '../parts/age.tsx';
import { Text } from '../parts/text.tsx';
import { DeviceBadge } from './badge.tsx';
import { hasBgpDown } from './state.ts';

const Bgp = ({ device }: { device: Device }) => {
  const bgp = device.state?.bgp;
  if (!bgp) return <span class="quiet">–</span>;
  return (
    <span class={hasBgpDown(device) ? 'cut' : ''}>
      {bgp.established}/{bgp.expected}
    </span>
  );
};

const commitOf = ({ state, intended }: Device): string =>
  (state?.applied?.commit ?? intended?.commit ?? '').slice(0, 7);

type Props = { device: Device; at: boolean; index: number; measure: (row: Element | null) => void };

/** A device in the table. */
export const DeviceRow = memo(({ device, at, index, measure }: Props) => {
  const { device: name, sync, reason, platform, labels, state } = device;
  const stale = sync === 'unknown';
  return (
    <tr class={`${at ? 'at' : ''} ${stale ? 'stale' : ''}`} data-index={index} aria-rowindex={index + 2} ref={measure}>
      <th scope="row">
        <a class="name" href={`/devices/${name}`} data-device={name}>
          {name}
        </a>
      </th>
      <td>
        <DeviceBadge device={device} />
      </td>
      <td class="why" title={reason}>
        <Text>{reason}</Text>
      </td>
      <td class="end hide-s">
        <Bgp device={device} />
      </td>
      <td class="p2 hide-s">{platform}</td>
      <td class="p2 hide-s">{labels?.role?.[0] ?? ''}</td>
      <td class="m p3 hide-s">{commitOf(device)}</td>
      <td class="end quiet hide-s">
        {stale ? state && <Old since={state.updatedAt} /> : state?.changed?.at && <Age since={state.changed.at} />}
      </td>
    </tr>
  );
});
