import { describe, expect, it } from 'vitest';
import type { Peer } from '../../../web/bgp/peers.ts';
import type { Session } from '../../../web/bgp/sessions.ts';
import { drawnOf } from '../../../web/topology/drawn.ts';
import { layoutOf } from '../../../web/topology/layout.ts';
import { device } from './devices.ts';

const withRole = (name: string, role: string) => device(name, { labels: { role: [role] } });
const end = (name: string, remoteAs: number | null = 65_000) => ({ device: name, remoteAs }) as Peer;
const session = (
  from: string,
  to: string | undefined,
  kind: Session['kind'] = 'up',
  remoteAs?: number | null,
): Session => ({
  key: `${from} ${to} ${kind}`,
  end: end(from, remoteAs),
  other: to === undefined ? undefined : end(to),
  peerDevice: to,
  silent: undefined,
  kind,
});
const site = [withRole('leaf10', 'leaf'), withRole('leaf2', 'leaf'), withRole('spine1', 'spine')];
const names = (layout: ReturnType<typeof layoutOf>) =>
  layout.rows.map(({ name, spots }) => [name, spots.map((spot) => spot.name)]);

describe('the drawing of a site', () => {
  it('leaves out devices that nothing is wrong with first, and says of whom it leaves out what is known', () => {
    const left = (troubled: Session[], most: number) => {
      const found = drawnOf(site, troubled, most);
      return [found.drawn.map(({ device }) => device), found.left];
    };
    const cut = session('leaf2', 'spine1', 'down');
    expect(left([cut], 3)).toEqual([['leaf10', 'leaf2', 'spine1'], '']);
    expect(left([cut], 2)).toEqual([['leaf2', 'spine1'], 'Not drawn: 1 device whose known sessions are all up.']);
    expect(left([cut, session('leaf10', 'spine1', 'down')], 2)).toEqual([
      ['leaf10', 'leaf2'],
      'Not drawn: 1 device with a session that is not up.',
    ]);
    expect(left([cut], 1)[1]).toBe(
      'Not drawn: 1 device with a session that is not up, and 1 device whose known sessions are all up.',
    );
  });

  it('has spines above leaves, in the order of their names, and roles that nobody knows below', () => {
    const layout = layoutOf([...site, withRole('fw1', 'firewall')], []);
    expect(names(layout)).toEqual([
      ['spine', ['spine1']],
      ['leaf', ['leaf2', 'leaf10']],
      ['firewall', ['fw1']],
    ]);
  });

  it('has one line between two devices, which shows the worst of their sessions, over those that are up', () => {
    const { edges } = layoutOf(site, [
      session('leaf2', 'spine1', 'down'),
      session('spine1', 'leaf2'),
      session('leaf10', 'spine1'),
    ]);
    expect(edges.map(({ key, kind, sessions }) => [key, kind, sessions.length])).toEqual([
      ['leaf10 spine1', 'up', 1],
      ['leaf2 spine1', 'down', 2],
    ]);
  });

  it('puts those outside beyond the row that they are nearest to', () => {
    const layout = layoutOf(site, [
      session('spine1', undefined, 'up', 64_511),
      session('leaf2', undefined, 'up', 65_100),
      session('leaf10', undefined, 'up', null),
    ]);
    expect(names(layout)).toEqual([
      ['outside', ['AS64511']],
      ['spine', ['spine1']],
      ['leaf', ['leaf2', 'leaf10']],
      ['outside', ['AS65100', 'AS not reported']],
    ]);
    expect(layout.edges).toHaveLength(3);
  });

  it.each(['wide', 'narrow'] as const)('keeps every device within it, and none upon another, %s', (size) => {
    const leaves = Array.from({ length: 100 }, (_, at) => withRole(`leaf${at + 1}`, 'leaf'));
    const { width, height, rows } = layoutOf([...site, ...leaves], [], size);
    const spots = rows.flatMap((row) => row.spots);
    expect(new Set(spots.map(({ x, y }) => `${x} ${y}`)).size).toBe(spots.length);
    for (const { x, y } of spots) expect(x > 8 && x < width - 8 && y > 8 && y < height - 8).toBe(true);
  });

  it('tells which sessions a trial touches', () => {
    const trial = { job: '0'.repeat(25), name: 'plumb', expiresAt: '2026-11-30T03:17:07.000Z' };
    const [, ...others] = site;
    const tried = device('leaf10', { labels: { role: ['leaf'] } }, { trial });
    const { edges } = layoutOf([tried, ...others], [session('leaf10', 'spine1'), session('leaf2', 'spine1')]);
    expect(edges.map(({ key, isOnTrial }) => [key, isOnTrial])).toEqual([
      ['leaf10 spine1', true],
      ['leaf2 spine1', false],
    ]);
  });
});
