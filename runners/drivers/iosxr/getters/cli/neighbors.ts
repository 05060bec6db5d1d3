import { PlumbError } from '../../../../../core/errors.ts';
import type { Inputs } from '../../../../getters/getter.ts';
import { pick, toAddress, toNumber } from '../../../../getters/values.ts';
import type { AddressFamily } from '../../../../shapes.ts';
import { familyName } from '../../../cisco/getters/families.ts';

const plain = ['show bgp neighbors', 'show bgp vrf all neighbors'] as const;

/** Of the default VRF and of all others; `detail` counts messages by their kind. */
export const neighborCommands = plain.map((command) => `${command} detail`);

/** A session as `show bgp neighbors` prints it. */
export type XrNeighbor = {
  address: string;
  vrf: string;
  /** All that is printed of it. */
  block: string;
  /** Before its address families. */
  session: string;
  families: readonly XrFamily[];
};

/** What is counted and configured for one address family of a session. */
type XrFamily = {
  name: string;
  counts: AddressFamily;
  denied: number | null;
  best: number | null;
  importPolicy: string | null;
  exportPolicy: string | null;
};

/** Prefixes that are denied now; the router may count only those ever denied, which says something where it is 0. */
const deniedOf = (part: string): number | null => {
  const exact = toNumber(pick(part, /Exact no\. of prefixes denied ?: (\d+)/));
  const ever = toNumber(pick(part, /Cumulative no\. of prefixes denied ?: (\d+)/));
  return exact ?? (ever === 0 ? 0 : null);
};

const familyOf = (part: string): XrFamily => {
  const accepted = toNumber(pick(part, /(?<!\d)(\d+) accepted prefixes/));
  const denied = deniedOf(part);
  return {
    name: familyName(pick(part, /For Address Family: (.+)/i) ?? ''),
    counts: {
      received_prefixes: accepted === null || denied === null ? null : accepted + denied,
      accepted_prefixes: accepted,
      sent_prefixes: toNumber(pick(part, /Prefix advertised (\d+)/)),
    },
    denied,
    best: toNumber(pick(part, /(?<!\d)(\d+) are bestpaths/)),
    importPolicy: pick(part, /Policy for incoming advertisements is (\S+)/) ?? null,
    exportPolicy: pick(part, /Policy for outgoing advertisements is (\S+)/) ?? null,
  };
};

/** How many messages of a kind were sent and received; the times of the last ones stand in between. */
export const messagesOf = ({ session }: XrNeighbor, kind: string): [sent: number | null, received: number | null] => {
  const when = '(?:---|\\w{3} +\\d+ [\\d:.]+)?';
  const row = new RegExp(`^\\s+${kind}:\\s+${when}\\s*(\\d+)\\s+${when}\\s*(\\d+)\\s*$`, 'im').exec(session);
  return [toNumber(row?.[1]), toNumber(row?.[2])];
};

/** Each session ends with how often it was established, also one that never was. */
const neighborsIn = (command: string, text: string): XrNeighbor[] =>
  text.split(/^(?=BGP neighbor is )/m).flatMap((block) => {
    const [, address, vrf = 'default'] = /^BGP neighbor is ([0-9A-Fa-f:.]+)(?:,\s+vrf (\S+))?/.exec(block) ?? [];
    if (address === undefined) return [];
    if (!/^[ \t]*Connections established \d+; dropped \d/m.test(block)) {
      throw new PlumbError('parse_failed', `${command}: the answer ends early, within the session with ${address}`);
    }
    const [session = '', ...parts] = block.split(/^(?=[ \t]*For Address Family: )/im);
    const name = vrf === 'default' ? 'global' : vrf;
    return [{ address: toAddress(address), vrf: name, block, session, families: parts.map(familyOf) }];
  });

/** What `detail` of a command prints, or its shorter form where that is refused; '' where both are. */
export const answerTo = (inputs: Inputs, command: string): string =>
  inputs.get(`${command} detail`) ?? inputs.get(command) ?? '';

/**
 * The sessions of all VRFs.
 *
 * @throws PlumbError `parse_failed` where an answer ends within a session
 */
export const neighborsOf = (inputs: Inputs): XrNeighbor[] =>
  plain.flatMap((command) => neighborsIn(command, answerTo(inputs, command)));
