import { describe, expect, it } from 'vitest';
import { badDigests, TcpDigests } from '../../../../runners/session/tcp-digests.ts';
import type { Bgp } from '../../../../runners/shapes.ts';
import { peer } from '../../../fake-device.ts';

const netstat = (count: number) =>
  `TcpExt: SyncookiesSent TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure Other\nTcpExt: 7 1 2 ${count} 9\nIpExt: A\nIpExt: 1\n`;
const bgp = (up: boolean, last_error: string | null = null): Bgp => ({
  global: { router_id: null, peers: { '10.0.0.0': peer({ is_up: up, last_error }) } },
});

describe('segments with a bad TCP MD5 digest', () => {
  it('are counted as Linux prints them; what is not counted is not known', () => {
    expect(badDigests(netstat(3))).toBe(6);
    expect(badDigests('TcpExt: Other\nTcpExt: 1\n')).toBeUndefined();
    expect(badDigests('')).toBeUndefined();
  });

  it('become the last error of a session that is down while they come', async () => {
    let count = 5;
    const digests = new TcpDigests(async () => netstat(count));
    const error = async (up: boolean, last: string | null = null) =>
      (await digests.mark(bgp(up, last))).global?.peers['10.0.0.0']?.last_error;
    expect(await error(false, 'Cease')).toBe('Cease'); // they may be old
    expect(await error(false, 'Cease')).toBe('Cease');
    count += 2;
    expect(await error(false, 'Cease')).toBe('TCP MD5: 2 segments with a wrong, missing or unexpected digest');
    expect(await error(false, 'OPEN Message Error/Bad Peer AS')).toBe('OPEN Message Error/Bad Peer AS');
    expect(await error(true)).toBeNull();
    expect(await error(false)).toBeNull(); // counted anew
  });

  it('are not asked for while all sessions are up, and cost nothing where they cannot be read', async () => {
    let reads = 0;
    const digests = new TcpDigests(async () => {
      reads++;
      throw new Error('permission denied');
    });
    expect(await digests.mark(bgp(true))).toEqual(bgp(true));
    expect(reads).toBe(0);
    expect(await digests.mark(bgp(false))).toEqual(bgp(false));
  });
});
