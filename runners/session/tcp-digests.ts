import type { Bgp } from '../shapes.ts';
import type { SshConnection } from '../transports/ssh/connection.ts';

/** How a session's last error begins that is the kernel's refusal of digests. */
export const digestError = 'TCP MD5';

const counters = ['TCPMD5NotFound', 'TCPMD5Unexpected', 'TCPMD5Failure'];

/** Segments with a wrong, missing or unexpected MD5 digest, in `/proc/net/netstat`; undefined where it counts none. */
export const badDigests = (netstat: string): number | undefined => {
  const [names = '', values = ''] = netstat.split('\n').filter((line) => line.startsWith('TcpExt:'));
  const numbers = values.split(' ');
  const found = names.split(' ').flatMap((name, at) => (counters.includes(name) ? [Number(numbers[at])] : []));
  return found.length === 0 ? undefined : found.reduce((sum, count) => sum + count, 0);
};

/** The counters of the machine at the other end. */
export const digestsOf = (ssh: SshConnection): TcpDigests =>
  new TcpDigests(async () => (await ssh.exec('cat /proc/net/netstat', { stdin: '' })).stdout);

/** How far back a reading is compared with. */
const windowMs = 15_000;

/**
 * A routing daemon on Linux sees of a wrong MD5 password only that nobody answers: the kernel drops and counts. So the
 * counters are read while sessions are down, and what they say becomes the sessions' last error.
 */
export class TcpDigests {
  readonly #read: () => Promise<string>;
  #readings: { atMs: number; count: number }[] = [];

  /** @param read prints `/proc/net/netstat` of the machine */
  constructor(read: () => Promise<string>) {
    this.#read = read;
  }

  async mark(bgp: Bgp): Promise<Bgp> {
    const down = Object.values(bgp).flatMap(({ peers }) =>
      Object.values(peers).filter(({ is_up, is_enabled, dynamic }) => !is_up && is_enabled && !dynamic),
    );
    const count = down.length === 0 ? undefined : badDigests(await this.#read().catch(() => ''));
    if (count === undefined) {
      this.#readings = [];
      return bgp;
    }
    const atMs = performance.now();
    this.#readings = [...this.#readings.filter((one) => atMs - one.atMs < windowMs), { atMs, count }];
    const came = count - (this.#readings[0]?.count ?? count);
    if (came > 0) {
      for (const peer of down) {
        if (/open message/i.test(peer.last_error ?? '')) continue; // that one got as far as BGP
        peer.last_error = `${digestError}: ${came} segments with a wrong, missing or unexpected digest`;
      }
    }
    return bgp;
  }
}
