import { pick, toAddress, toAs, toNumber, toRouterId, toSeconds } from '../../../getters/values.ts';
import { familyName } from '../../cisco/getters/families.ts';
import { isRange, laterReset, type NxosNeighbor, type NxosNeighborFamily } from './neighbor.ts';

/** Newer releases count prefixes and paths, older ones paths alone. */
const familyOf = (part: string): NxosNeighborFamily => ({
  name: familyName(pick(part, /For address family: *(.+)/) ?? ''),
  accepted: toNumber(pick(part, /^[ \t]+(\d+) accepted (?:prefixes|paths)/m)),
  sent: toNumber(pick(part, /^[ \t]+(\d+) sent (?:prefixes|paths)/m)),
  importPolicy: pick(part, /^[ \t]+Inbound route-map configured is ([^\s,]+)/m) ?? null,
  exportPolicy: pick(part, /^[ \t]+Outbound route-map configured is ([^\s,]+)/m) ?? null,
});

const numbers = (text: string, name: string): [number | null, number | null] => {
  const [, sent, received] = new RegExp(`^\\s+${name}:\\s+(\\d+)\\s+(\\d+)`, 'm').exec(text) ?? [];
  return [toNumber(sent), toNumber(received)];
};

const neighborOf = (block: string): NxosNeighbor[] => {
  const [, address = '', vrf] = /^BGP neighbor is (\S+?),(?:\s+vrf (\S+?),)?/.exec(block) ?? [];
  if (address === '' || isRange(address)) return [];
  const [session = '', ...parts] = block.split(/^(?=[ \t]*For address family: )/m);
  const text = (pattern: RegExp) => pick(block, pattern);
  const [, state = '', since = ''] =
    /^[ \t]+BGP state = ([^,\n]+?)(?:, (?:up|down) for ([^\s,]+))?(?:,.*)?\s*$/m.exec(session) ?? [];
  const fourByte = text(/^[ \t]+4-Byte AS capability:(.*)/m);
  const local = text(/^[ \t]+Local host: ([^\s,]+)/m);
  const reset = (who: string) => {
    const [, ago, reason] = new RegExp(`^\\s+Last reset by ${who} (\\S+?), due to (.+?)\\s*$`, 'm').exec(session) ?? [];
    return { ago, reason };
  };
  return [
    {
      address: toAddress(address),
      vrf: vrf ?? text(/^[ \t]+Neighbor vrf: (\S+)/m),
      localAs: toAs(text(/^BGP neighbor is .*\blocal AS ([\d.]+)/m)),
      remoteAs: toAs(text(/^BGP neighbor is .*\bremote AS ([\d.]+)/m)),
      routerId: toRouterId(text(/remote router ID ([\d.]+)/)),
      description: text(/^[ \t]+Description: (.+)/m) ?? '',
      state,
      previousState: text(/^[ \t]+Neighbor previous state = (.+)/m) ?? null,
      seconds: toSeconds(since),
      dynamic: false,
      hold: toNumber(text(/hold time = (\d+)/)),
      keepalive: toNumber(text(/keepalive interval is (\d+)/)),
      messages: [toNumber(text(/^[ \t]+Sent (\d+) messages/m)), toNumber(text(/^[ \t]+Received (\d+) messages/m))],
      updates: numbers(session, 'Updates'),
      keepalivesReceived: numbers(session, 'Keepalives')[1],
      dropped: toNumber(text(/Connections established \d+, dropped (\d+)/)),
      lastError: laterReset(reset('us'), reset('peer')),
      localAddress: local === undefined ? null : toAddress(local),
      localPort: toNumber(text(/Local port: (\d+)/)),
      remotePort: toNumber(text(/Foreign port: (\d+)/)),
      updateSource: /^[ \t]+Using \S+ as update source/m.test(session),
      multihop: /^[ \t]+External BGP peer might be up to \d+ hops away/m.test(session),
      removePrivateAs: /^[ \t]+Private AS numbers? removed/m.test(block),
      fourByteAs: fourByte === undefined ? null : /advertised/.test(fourByte) && /received/.test(fourByte),
      families: parts.map(familyOf),
    },
  ];
};

/** The sessions in the text of `show bgp vrf all all neighbors`. */
export const parseNeighborsText = (text: string): NxosNeighbor[] =>
  text
    .split(/^(?=BGP neighbor is )/m)
    .filter((block) => block.startsWith('BGP neighbor is '))
    .flatMap(neighborOf);
