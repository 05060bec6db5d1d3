import { byName } from '../../../../../core/by-name.ts';
import { unknownPeer, vrfOf } from '../../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../../getters/getter.ts';
import { toAddress, toAs, toNumber, toSeconds } from '../../../../getters/values.ts';
import type { Bgp, BgpPeer } from '../../../../shapes.ts';
import { familyName } from '../../../cisco/getters/families.ts';
import { isShut } from '../bgp.ts';
import { fillFrom } from '../fill.ts';
import { neighborsCommand, neighborsOf } from '../neighbors.ts';

/** The command whose text is read. */
export const summaryCommand = 'show bgp all summary vrf all';

/** A VRF and address family that the device says something about. */
type Section = { vrf: string; family: string; routerId: string; peers: [string, BgpPeer, number | null][] };

const row = /^(\S+)\s+\d+\s+([\d.]+)\s+(\d+)\s+(\d+)\s+\d+\s+\d+\s+\d+\s+(\S+)\s+(\S.*?)\s*$/;

const parseRow = (
  line: string,
  localAs: string,
  spelled: (address: string) => string,
): [string, BgpPeer, number | null] | undefined => {
  const found = row.exec(line);
  if (!found) return undefined;
  const [, address = '', remoteAs, received, sent, upDown = '', last = ''] = found;
  const prefixes = toNumber(last);
  const peer: BgpPeer = {
    ...unknownPeer(),
    local_as: toAs(localAs),
    remote_as: toAs(remoteAs),
    is_up: prefixes !== null,
    is_enabled: !isShut(last),
    uptime: prefixes === null ? null : toSeconds(upDown),
    state: prefixes === null ? last : 'Established',
    messages_received: toNumber(received),
    messages_sent: toNumber(sent),
  };
  return [spelled(address), peer, prefixes];
};

/**
 * The sections of the summary; those without a router id, of families that do not run, are left out.
 *
 * @param spelled how an address is written: in its one canonical form, unless said otherwise
 */
export const parseSections = (text: string, spelled: (address: string) => string = toAddress): Section[] =>
  text.split(/^(?=BGP summary information for VRF )/m).flatMap((section) => {
    const [, name = '', afi = ''] =
      /^BGP summary information for VRF (\S+), address family (.+?)\s*$/m.exec(section) ?? [];
    const [, routerId, localAs = ''] = /^BGP router identifier (\S+), local AS number ([\d.]+)/m.exec(section) ?? [];
    if (name === '' || routerId === undefined) return [];
    const table = section.split(/^Neighbor\s.*$/m)[1] ?? '';
    const lines = table.replace(/\n[ \t]+(?=\S)/g, ' ').split('\n'); // long rows go on in the next line
    return [
      {
        vrf: name === 'default' ? 'global' : name,
        family: familyName(afi),
        routerId,
        peers: lines.map((line) => parseRow(line, localAs, spelled)).filter((each) => each !== undefined),
      },
    ];
  });

/** The command whose JSON is read; its text where the release prints none. */
export const neighborsJson = `${neighborsCommand} | json`;

/**
 * The sessions of all VRFs and families, with what the summary alone tells of them.
 *
 * @param shown of a session in several families: the one that is up, or the last
 */
export const bgpFromSummary = (inputs: Inputs, shown: 'up' | 'last' = 'up', spelled = toAddress): Bgp => {
  const result: Bgp = byName();
  for (const { vrf: name, family, routerId, peers } of parseSections(inputs.get(summaryCommand) ?? '', spelled)) {
    const vrf = vrfOf(result, name);
    vrf.router_id = routerId;
    for (const [address, peer, received] of peers) {
      const known = vrf.peers[address];
      const counts = { received_prefixes: received, accepted_prefixes: null, sent_prefixes: null };
      vrf.peers[address] = {
        ...(known?.is_up && shown === 'up' ? known : peer),
        address_family: { ...known?.address_family, [family]: counts },
      };
    }
  }
  return result;
};

/** From the CLI: the summary's text, and the details of its sessions. */
export const bgp: Getter<Bgp> = {
  requests: [summaryCommand, neighborsJson],
  parse: (inputs) => fillFrom(bgpFromSummary(inputs), neighborsOf(inputs, neighborsJson)),
};
