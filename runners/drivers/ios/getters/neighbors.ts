import { pick, toAddress, toNumber } from '../../../getters/values.ts';

/** What `show bgp … neighbors` says of one session and address family. */
export type Neighbor = {
  address: string;
  vrf: string;
  /** In lower case, as the summary's. */
  family: string;
  /** The session's own part, before its address families. */
  session: string;
  /** The part of this address family. */
  part: string;
  /** The whole, with what follows the address families (connection, last reset). */
  block: string;
};

/** Sent first. */
export const twoNumbers = (text: string, name: string): [number | null, number | null] => {
  const [, sent, received] = new RegExp(`^\\s+${name}:\\s+(\\d+|n/a)\\s+(\\d+|n/a)`, 'm').exec(text) ?? [];
  return [toNumber(sent), toNumber(received)];
};

/** Each session of a `neighbors` output, once for each of its address families. */
export const parseNeighbors = (text: string): Neighbor[] =>
  text
    .split(/^(?=BGP neighbor is )/m)
    .filter((block) => block.startsWith('BGP neighbor is '))
    .flatMap((block) => {
      const head = block.slice(0, block.indexOf('\n') >>> 0);
      const address = toAddress(pick(head, /^BGP neighbor is \*?([0-9A-Fa-f:.]+)/) ?? '');
      const vrf = pick(head, /\bvrf (\S+?),/) ?? 'global';
      const [session = '', ...parts] = block.split(/^(?=[ \t]*For address family: )/m);
      return parts.map((part) => ({
        address,
        vrf,
        family: (pick(part, /For address family: (.+)/) ?? '').toLowerCase(),
        session,
        part,
        block,
      }));
    });
