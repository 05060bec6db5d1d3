import { kinds, type Session } from '../bgp/sessions.ts';
import type { Device } from '../data/types.ts';

/** A device, or, outside of the site, all that has one AS number. Pixels of the drawing. */
export type Spot = { name: string; device: Device | undefined; label: string; isDense: boolean; x: number; y: number };
/** All sessions between two spots. */
export type Edge = {
  key: string;
  from: Spot;
  to: Spot;
  sessions: Session[];
  kind: Session['kind'];
  isOnTrial: boolean;
};
/** Devices of one role. */
type Row = { name: string; y: number; spots: Spot[] };
export type Layout = { width: number; height: number; rows: Row[]; edges: Edge[] };

/** From what leads out of the site down to what servers are at; other roles come after these, by name. */
const order = [
  ...['transit', 'edge', 'border', 'wan', 'core', 'superspine', 'spine', 'rr', 'distribution', 'aggregation'],
  ...['leaf', 'tor', 'access', 'oob'],
];
const rankOf = (role: string): number => (order.includes(role) ? order.indexOf(role) : order.length);
const roleOf = ({ labels, groups }: Device): string => labels?.role?.[0] ?? groups[0] ?? 'no role';

/** Where things are put; a narrow drawing is a thumbnail without names. */
const measures = {
  wide: { width: 1_400, left: 110, right: 60, perLine: 40, rowGap: 210 },
  narrow: { width: 480, left: 8, right: 8, perLine: 16, rowGap: 90 },
} as const;
type Measures = (typeof measures)[keyof typeof measures];
/** Nearer than this, names would lie over each other. */
const namePitch = 110;
const [lineGap, margin] = [28, 44];

const byName = new Intl.Collator('en', { numeric: true });

type Named = { name: string; device: Device | undefined };

/** Puts the spots of one role beside each other, in several lines where they are many. */
const placed = (name: string, members: readonly Named[], y: number, of: Measures): Row => {
  const { width, left, right, perLine } = of;
  const lines = Math.ceil(members.length / perLine);
  const inLine = Math.ceil(members.length / lines);
  const pitch = (width - left - right) / inLine;
  const isDense = pitch < namePitch;
  const spots = members.map((member, index): Spot => {
    const stagger = isDense && index % 2 === 1 ? lineGap : 0;
    return {
      ...member,
      isDense,
      label: isDense ? (/\d+$/.exec(member.name)?.[0] ?? '') : member.name,
      x: left + pitch * ((index % inLine) + 0.5),
      y: y + Math.floor(index / inLine) * 2 * lineGap + stagger,
    };
  });
  return { name, y, spots };
};

const depthOf = ({ y, spots }: Row): number => Math.max(...spots.map((spot) => spot.y)) - y;

/** Whom a session leads to where no device of the site has the address. */
const outsideOf = ({ end }: Session): string => (end.remoteAs === null ? 'AS not reported' : `AS${end.remoteAs}`);

/** Those outside stand beyond the row that they are nearest to: above the first, or below the last. */
const withOutside = (roles: [string, Named[]][], sessions: readonly Session[]): [string, Named[]][] => {
  const rowOf = new Map(roles.flatMap(([, members], row) => members.map(({ name }) => [name, row] as const)));
  const touched = new Map<string, number[]>();
  for (const session of sessions) {
    if (session.peerDevice !== undefined) continue;
    const name = outsideOf(session);
    touched.set(name, [...(touched.get(name) ?? []), rowOf.get(session.end.device) ?? 0]);
  }
  const middle = (roles.length - 1) / 2;
  const [above, below]: Named[][] = [[], []];
  for (const [name, rows] of touched) {
    const mean = rows.reduce((sum, row) => sum + row, 0) / rows.length;
    (mean > middle ? below : above)?.push({ name, device: undefined });
  }
  const row = (members: Named[] = []): [string, Named[]][] => (members.length > 0 ? [['outside', members]] : []);
  return [...row(above), ...roles, ...row(below)];
};

const worst = (sessions: readonly Session[]): Session['kind'] =>
  kinds.find((kind) => sessions.some((session) => session.kind === kind)) ?? 'unknown';

const edgesOf = (rows: readonly Row[], sessions: readonly Session[]): Edge[] => {
  const spots = new Map(rows.flatMap((row) => row.spots.map((spot) => [spot.name, spot] as const)));
  const between = new Map<string, { from: Spot; to: Spot; sessions: Session[] }>();
  for (const session of sessions) {
    const from = spots.get(session.end.device);
    const to = spots.get(session.peerDevice ?? outsideOf(session));
    if (!from || !to || from === to) continue;
    const key = [from.name, to.name].sort().join(' ');
    const edge = between.get(key) ?? { from, to, sessions: [] };
    edge.sessions.push(session);
    between.set(key, edge);
  }
  return [...between].map(([key, edge]) => ({
    key,
    ...edge,
    kind: worst(edge.sessions),
    isOnTrial: [edge.from, edge.to].some(({ device }) => device?.state?.trial),
  }));
};

/** Devices by role in rows, spines above leaves, and between them their sessions, those that are up drawn first. */
export const layoutOf = (
  devices: readonly Device[],
  sessions: readonly Session[],
  size: keyof typeof measures = 'wide',
): Layout => {
  const { width, rowGap } = measures[size];
  const roles = new Map<string, Named[]>();
  for (const device of [...devices].sort((a, b) => byName.compare(a.device, b.device))) {
    const role = roleOf(device);
    roles.set(role, [...(roles.get(role) ?? []), { name: device.device, device }]);
  }
  const sorted = [...roles].sort(([a], [b]) => rankOf(a) - rankOf(b) || byName.compare(a, b));
  const rows: Row[] = [];
  let y = margin;
  for (const [name, members] of withOutside(sorted, sessions)) {
    const row = placed(name, members, y, measures[size]);
    rows.push(row);
    y += depthOf(row) + rowGap;
  }
  const edges = edgesOf(rows, sessions).sort((a, b) => kinds.indexOf(b.kind) - kinds.indexOf(a.kind));
  return { width, height: y - rowGap + margin, rows, edges };
};
