import { useSignal } from '@preact/signals';
import type { Device } from '../data/types.ts';
import { go } from '../shell/route.ts';
import { DeviceBadge } from './badge.tsx';
import { shownOf } from './state.ts';
import { toldCounts } from './verdict.ts';

/** The side of a tile and its place, in pixels: the more devices, the smaller. */
const pitchOf = (devices: number): number => (devices <= 150 ? 18 : devices <= 600 ? 14 : 10);
const widest = 1_080;

type Group = { role: string; members: Device[] };

const groupsOf = (devices: readonly Device[]): Group[] => {
  const groups = new Map<string, Device[]>();
  for (const device of devices) {
    const role = device.labels?.role?.[0] ?? device.groups[0] ?? 'other';
    groups.set(role, [...(groups.get(role) ?? []), device]);
  }
  return [...groups].map(([role, members]) => ({ role, members })).sort((a, b) => a.members.length - b.members.length);
};

type TilesProps = { group: Group; pitch: number; at: string; hover: (name: string) => void };

const Tiles = ({ group: { members }, pitch, at, hover }: TilesProps) => {
  const perRow = Math.max(1, Math.floor(widest / pitch));
  const width = Math.min(members.length, perRow) * pitch;
  const height = Math.ceil(members.length / perRow) * pitch;
  const side = pitch - 2;
  return (
    <svg
      class="tiles"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={toldCounts(members)}
    >
      {members.map((device, index) => {
        const { mark, tone } = shownOf(device, 0);
        const [x, y] = [(index % perRow) * pitch, Math.floor(index / perRow) * pitch];
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the table below has the same devices as links
          <g
            key={device.device}
            onClick={() => go(`/devices/${device.device}`)}
            onMouseEnter={() => hover(device.device)}
          >
            <rect class="field" x={x} y={y} width={pitch} height={pitch} />
            <use class={`s-${tone}`} href={`#m-${mark}`} x={x + 1} y={y + 1} width={side} height={side} />
            {device.device === at && <rect class="hit" x={x - 1} y={y - 1} width={pitch} height={pitch} />}
          </g>
        );
      })}
    </svg>
  );
};

/** Every device as a tile, by role: what is out of true stands out by its shape. */
export const TileMap = ({ devices, at }: { devices: readonly Device[]; at: string }) => {
  const over = useSignal('');
  const pitch = pitchOf(devices.length);
  const found = devices.find(({ device }) => device === (over.value || at));
  return (
    <section class="map" aria-label="Map of the devices" onMouseLeave={() => (over.value = '')}>
      <div class="map-groups">
        {groupsOf(devices).map((group) => (
          <figure key={group.role}>
            <figcaption>
              {group.role} {group.members.length}
            </figcaption>
            <Tiles group={group} pitch={pitch} at={at} hover={(name) => (over.value = name)} />
          </figure>
        ))}
      </div>
      <p class="map-name quiet" aria-hidden="true">
        {found ? (
          <>
            <span class="m">{found.device}</span> <DeviceBadge device={found} />
          </>
        ) : (
          ' '
        )}
      </p>
    </section>
  );
};
