/** A nats-server that must not be used, and what to do about it. */
type ServerFault = { what: string; mend: string };

const older = (version: string, than: string): boolean => {
  const numbers = (text: string) => text.split(/[.-]/).slice(0, 3).map(Number);
  const [a, b] = [numbers(version), numbers(than)];
  const at = b.findIndex((number, index) => (a[index] ?? 0) !== number);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
};

/**
 * Leases and records are compare-and-sets, so a server on which several writers win one is refused. Six writers on
 * three servers of 2.9.10: in 268 of 577 rounds several of them were told that they had won; fixed in 2.9.21. Version
 * 2.10.19 has a similar fault without replicas, according to its successor's release notes.
 *
 * @param replicas the most that any stream has
 */
export const serverFault = (version: string, replicas: number): ServerFault | undefined => {
  const why = 'several writers may win the same compare-and-set, so that two runners hold one device';
  if (replicas > 1 && older(version, '2.9.21'))
    return {
      what: `nats-server ${version} with ${replicas} replicas: ${why}`,
      mend: 'every server of the cluster needs 2.9.21 or newer; or give the streams one replica',
    };
  if (/^2\.10\.19\b/.test(version))
    return { what: `nats-server ${version}: ${why}`, mend: 'use 2.10.20 or newer, or an older 2.10' };
  return undefined;
};
