import { describe, expect, it } from 'vitest';
import { newJob } from '../../../core/store/jobs.ts';
import { addressesOf, canonical, isNear } from '../../../web/bgp/addresses.ts';
import { type Peer, peersOf } from '../../../web/bgp/peers.ts';
import { countsOf, saidOf, sessionsOf } from '../../../web/bgp/sessions.ts';
import { verdictOf } from '../../../web/bgp/verdict.ts';

const peer = (device: string, address: string, more: Partial<Peer> = {}): Peer => ({
  device,
  vrf: '',
  address,
  localAs: 65000,
  remoteAs: 65001,
  routerId: '',
  remoteId: '',
  isUp: true,
  isEnabled: true,
  state: 'Established',
  description: '',
  uptimeSeconds: 60,
  prefixes: 10,
  flaps: null,
  lastError: '',
  at: '2026-11-30T03:00:00Z',
  ...more,
});
const at = (device: string, address: string, prefixLength = 31) => ({ device, address, prefixLength });
const addresses = [
  at('leaf1', '10.1.1.1'),
  at('spine1', '10.1.1.0'),
  at('leaf2', '10.1.2.1'),
  at('spine1', '10.1.2.0'),
];
const all = { isRead: () => true, isLooked: () => true };

describe('BGP sessions', () => {
  it('are one line for both ends, by the addresses that the devices have', () => {
    const [session, ...others] = sessionsOf([peer('leaf1', '10.1.1.0'), peer('spine1', '10.1.1.1')], addresses, all);
    expect(others).toEqual([]);
    expect(session).toMatchObject({
      kind: 'up',
      end: { device: 'leaf1' },
      other: { device: 'spine1' },
      peerDevice: 'spine1',
    });
  });

  it('between the same two devices are paired by network and by family', () => {
    const two = [
      ...addresses,
      at('leaf1', '10.9.9.1'),
      at('spine1', '10.9.9.0'),
      at('leaf1', '2001:db8::1', 64),
      at('spine1', '2001:db8::2', 64),
    ];
    const ends = ['10.9.9.0', '2001:db8::2', '10.1.1.0'].map((address) => peer('leaf1', address));
    const others = ['10.1.1.1', '2001:db8:0::1', '10.9.9.1'].map((address) => peer('spine1', address));
    const sessions = sessionsOf([...ends, ...others], two, all);
    expect(sessions.map(({ end, other }) => [end.address, other?.address])).toEqual([
      ['10.9.9.0', '10.9.9.1'],
      ['2001:db8::2', '2001:db8:0::1'],
      ['10.1.1.0', '10.1.1.1'],
    ]);
  });

  it('are paired by router id while they are up and nobody has told an address', () => {
    const leaf = { routerId: '10.255.0.11', remoteId: '10.255.0.1' };
    const spine = { routerId: '10.255.0.1', remoteId: '10.255.0.11' };
    const peers = ['10.1.1.0', '10.9.9.0', 'fd00::']
      .map((address) => peer('leaf1', address, leaf))
      .concat(['10.1.1.1', '10.9.9.1', 'fd00::1'].map((address) => peer('spine1', address, spine)));
    const sessions = sessionsOf(peers, [], all);
    expect(sessions.map(({ end, other, kind }) => [end.address, other?.address, kind])).toEqual([
      ['10.1.1.0', '10.1.1.1', 'up'],
      ['10.9.9.0', '10.9.9.1', 'up'],
      ['fd00::', 'fd00::1', 'up'],
    ]);
    const [alone] = sessionsOf(peers.slice(0, 1).concat(peer('spine1', '192.0.2.9', spine)), [], all);
    expect(alone).toMatchObject({ kind: 'up', peerDevice: 'spine1', other: { address: '192.0.2.9' } });
    const [unread] = sessionsOf(
      peers.slice(0, 1).concat(peer('spine1', '192.0.2.9', { ...spine, remoteId: '' })),
      [],
      all,
    );
    expect(unread).toMatchObject({ kind: 'up', peerDevice: 'spine1', other: undefined });
    const [away] = sessionsOf(peers, [], { ...all, isLooked: (name) => name !== 'spine1' });
    expect(away?.kind).toBe('unknown');
    const twins = [...peers, peer('leaf9', '192.0.2.1', spine)];
    expect(sessionsOf(twins, [], all)[0]).toMatchObject({ kind: 'up', peerDevice: undefined });
  });

  it('that only one side has are named so, and only where the other side was read', () => {
    const alone = [peer('leaf2', '10.1.2.0', { isUp: false, state: 'Active' })];
    const [session] = sessionsOf(alone, addresses, all);
    expect(session?.kind).toBe('half');
    expect(session && saidOf(session)).toBe('configured on leaf2 (10.1.2.0) but not on spine1');
    const oneSided = addresses.filter(({ device }) => device === 'spine1');
    expect(sessionsOf(alone, oneSided, all)[0]?.kind).toBe('down'); // the other side may have it: leaf2's address is not known
    expect(sessionsOf(alone, addresses, { ...all, isRead: (name) => name !== 'spine1' })[0]?.kind).toBe('unknown');
  });

  it('are unknown, never up, where nobody looks at one of the devices any more', () => {
    const ends = [peer('leaf1', '10.1.1.0'), peer('spine1', '10.1.1.1')];
    const [session] = sessionsOf(ends, addresses, { ...all, isLooked: (name) => name !== 'spine1' });
    expect(session?.kind).toBe('unknown');
    expect(session && saidOf(session)).toBe('up according to leaf1; nothing is known of spine1');
    const [first] = sessionsOf(ends, addresses, { ...all, isLooked: (name) => name !== 'leaf1' });
    expect(first && saidOf(first)).toBe('up according to spine1; nothing is known of leaf1');
    const [alone] = sessionsOf([peer('leaf1', '192.0.2.9')], addresses, { ...all, isLooked: () => false });
    expect(alone && saidOf(alone)).toBe('up when leaf1 was last read; unknown now');
  });

  it('are down where one end says so, with what it said', () => {
    const down = peer('spine1', '10.1.1.1', { isUp: false, state: 'Idle', lastError: 'hold time expired' });
    const sessions = sessionsOf([peer('leaf1', '10.1.1.0'), down, peer('leaf1', '192.0.2.9')], addresses, all);
    expect(sessions.map(({ kind }) => kind)).toEqual(['down', 'up']);
    expect(sessions[0] && saidOf(sessions[0])).toBe('spine1: hold time expired');
    expect(countsOf(sessions)).toMatchObject({ up: 1, down: 1 });
    expect(verdictOf(sessions, 1)).toEqual({
      answer: '1 of 2 sessions is down.',
      rest: 'The sessions of 1 device have not been read yet.',
    });
    expect(verdictOf(sessions, 0, 2).rest).toBe(
      'The addresses of 2 devices have not been read yet, so the two ends of a session may count as two; “Read all now” reads them.',
    );
    expect(verdictOf(sessions.slice(0, 1), 0, 2).rest).toBe('');
  });

  it('come from what a device was read to have; what it does not tell is null, never 0', () => {
    const job = {
      ...newJob('leaf1', 'bgp'),
      result: {
        bgp: {
          global: {
            router_id: '10.255.0.11',
            peers: {
              '10.1.1.0': {
                local_as: 65101,
                remote_as: null,
                is_up: true,
                uptime: -1,
                address_family: { ipv4: { received_prefixes: 11 }, ipv6: { received_prefixes: -1 } },
              },
            },
          },
        },
      },
    };
    expect(peersOf(job)).toMatchObject([
      { vrf: '', localAs: 65101, remoteAs: null, uptimeSeconds: null, prefixes: null },
    ]);
    const interfaces = {
      ...job,
      result: { 'interfaces-ip': { Ethernet1: { ipv4: { '10.1.1.1': { prefix_length: 31 } } } } },
    };
    expect(addressesOf(interfaces)).toEqual([at('leaf1', '10.1.1.1')]);
  });

  it.each([
    ['2001:db8::1', '2001:0db8:0:0:0:0:0:1', true],
    ['2001:db8::1', '2001:db8::2', false],
    ['fe80::1%eth0', 'FE80::1', true],
    ['10.1.1.1', '10.1.1.10', false],
  ])('know %s and %s for the same address: %s', (one, other, same) => {
    expect(canonical(one) === canonical(other)).toBe(same);
  });

  it('know the neighbours of a network', () => {
    expect(isNear('10.1.1.1', at('spine1', '10.1.1.0'))).toBe(true);
    expect(isNear('10.1.1.2', at('spine1', '10.1.1.0'))).toBe(false);
    expect(isNear('2001:db8::9', at('spine1', '10.1.1.0'))).toBe(false);
  });
});
