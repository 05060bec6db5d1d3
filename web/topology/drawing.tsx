import type { Session } from '../bgp/sessions.ts';
import { shownOf } from '../fleet/state.ts';
import { go } from '../shell/route.ts';
import type { Edge, Layout, Spot } from './layout.ts';

const classes: Record<Session['kind'], string> = { up: '', down: 'down', half: 'half', unknown: 'na', off: 'na' };

/** Straight, but beside a row for two that stand in it. */
const pathOf = ({ from, to }: Edge): string =>
  Math.abs(from.y - to.y) < 30
    ? `M${from.x} ${from.y}Q${(from.x + to.x) / 2} ${from.y - 64} ${to.x} ${to.y}`
    : `M${from.x} ${from.y}L${to.x} ${to.y}`;

const middleOf = ({ from, to }: Edge) => {
  const bow = Math.abs(from.y - to.y) < 30 ? -32 : 0;
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 + bow };
};

/** What a line cannot say without colour: cut, or known at one end alone. */
const Mark = ({ edge }: { edge: Edge }) => {
  const { x, y } = middleOf(edge);
  if (edge.kind === 'down')
    return (
      <g>
        <circle class="halo" cx={x} cy={y} r="8" />
        <path class="x" d={`M${x - 4} ${y - 4}l8 8m0-8l-8 8`} />
      </g>
    );
  if (edge.kind !== 'half') return null;
  return (
    <g>
      <rect class="halo" x={x - 8} y={y - 8} width="16" height="16" />
      <use class="s-wait" href="#m-half" x={x - 6} y={y - 6} width="12" height="12" />
    </g>
  );
};

const Node = ({ spot: { name, device, label, isDense, x, y } }: { spot: Spot }) => {
  const { mark, tone } = device ? shownOf(device, 0) : ({ mark: 'next', tone: 'none' } as const);
  const isHot = device !== undefined && mark !== 'sync';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the fleet has the same devices as links
    <g class={device ? 'spot' : ''} onClick={() => device && go(`/devices/${name}`)}>
      <title>{name}</title>
      <rect class="halo" x={x - 9} y={y - 9} width="18" height="18" />
      <use class={`s-${tone}`} href={`#m-${mark}`} x={x - 7} y={y - 7} width="14" height="14" />
      <text
        class={`${isDense ? '' : 'side'} ${isHot ? `hot s-${tone}` : ''}`}
        x={isDense ? x : x + 15}
        y={isDense ? y + 20 : y + 4}
      >
        {label}
      </text>
    </g>
  );
};

type Props = { layout: Layout; label: string; hover: (key: string) => void };

/** The site as its BGP sessions make it: what is up recedes, what is cut stands out. */
export const Drawing = ({ layout: { width, height, rows, edges }, label, hover }: Props) => (
  <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
    {rows.map(({ name, y }) => (
      <text key={`${name} ${y}`} class="lbl" x="24" y={y + 4}>
        {name}
      </text>
    ))}
    {edges.map((edge) => (
      // biome-ignore lint/a11y/noStaticElementInteractions: the table below has what the card tells
      <g key={edge.key} onMouseEnter={() => hover(edge.key)}>
        <path class={`e ${classes[edge.kind] || (edge.isOnTrial ? 'on' : '')}`} d={pathOf(edge)} />
        <path class="near" d={pathOf(edge)} />
        <Mark edge={edge} />
      </g>
    ))}
    {rows.flatMap(({ spots }) => spots.map((spot) => <Node key={spot.name} spot={spot} />))}
  </svg>
);
