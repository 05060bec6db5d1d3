import { lookup as resolve } from 'node:dns/promises';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { PlumbError } from '../../core/errors.ts';

/** What is not reached over the internet: RFC 6890, and what leads to such an address by another way of writing it. */
const inside = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['64:ff9b::', 96], // NAT64
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23], // Teredo among them
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6');

const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Networks as `10.0.0.0/8`. @throws PlumbError `invalid_request` */
export const networks = (list: readonly string[]): BlockList => {
  const found = new BlockList();
  for (const each of list) {
    const [net = '', bits = ''] = each.split('/');
    try {
      found.addSubnet(net, Number(bits), family(net));
    } catch (cause) {
      throw new PlumbError('invalid_request', `"${each}" is no network, as 10.0.0.0/8 is one`, { cause });
    }
  }
  return found;
};

/** Whether something may be sent to an address. */
export const isAllowed = (address: string, plain: boolean, allow: BlockList): boolean =>
  allow.check(address, family(address)) || (!plain && !inside.check(address, family(address)));

const refused = (host: string, address: string, plain: boolean): PlumbError =>
  new PlumbError(
    'refused',
    `${host}${host === address ? '' : ` is ${address}, which`} is ${plain ? 'asked in plain HTTP' : 'a private address'}: nothing is sent there`,
    { hint: 'name its network in `allow` of the webhook, if that is meant' },
  );

/**
 * Looks a name up for a connection, which then goes to the very addresses that were checked.
 *
 * @param plain without TLS it may go to allowed networks alone
 */
export const checkedLookup =
  (plain: boolean, allow: BlockList): LookupFunction =>
  (host, options, done) => {
    resolve(host, { all: true, family: options.family === 4 || options.family === 6 ? options.family : 0 })
      .then((found) => {
        const wrong = found.find(({ address }) => !isAllowed(address, plain, allow));
        if (wrong) throw refused(host, wrong.address, plain);
        const [first] = found;
        if (options.all) done(null, found);
        else if (first) done(null, first.address, first.family);
        else throw new PlumbError('unreachable', `${host} has no address`);
      })
      .catch((error: Error) => done(error, ''));
  };

/** A host that is an address is looked up by nobody. @throws PlumbError `refused` */
export const checkLiteral = ({ hostname, protocol }: URL, allow: BlockList): void => {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const plain = protocol === 'http:';
  if (isIP(host) !== 0 && !isAllowed(host, plain, allow)) throw refused(host, host, plain);
};
