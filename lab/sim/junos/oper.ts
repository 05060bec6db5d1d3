import type { BgpTable, Peer } from '../bgp.ts';
import { child, type Node, value } from '../config/tree.ts';
import type { Device } from '../device.ts';
import { escapeXml } from '../protocols/netconf/xml.ts';

/** What a Junos box is. */
export type JunosParts = { device: Device; bgp: BgpTable; version: string };

/** The host name that a configuration sets. */
export const hostname = (tree: Node): string | undefined => value(child(tree, 'system'), 'host-name');

/** An element with a text. */
export const leaf = (name: string, value: string | number): string => `<${name}>${escapeXml(String(value))}</${name}>`;

const ribs = (peer: Peer) =>
  peer.families.map(
    (family) =>
      `${peer.vrf === 'master' ? '' : `${peer.vrf}.`}${family === 'ipv6' ? 'inet6.0' : family === 'evpn' ? 'bgp.evpn.0' : 'inet.0'}`,
  );

/** Seconds as Junos writes them. */
export const elapsed = (seconds: number): string => {
  const days = Math.floor(seconds / 86_400);
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds) % 60,
  ];
  const two = (number: number) => String(number).padStart(2, '0');
  return days > 0
    ? `${days}d ${hours}:${two(minutes)}:${two(rest)}`
    : hours > 0
      ? `${hours}:${two(minutes)}:${two(rest)}`
      : `${minutes}:${two(rest)}`;
};

/** `get-bgp-summary-information`, of one instance or of all. */
export const bgpSummary = ({ device, bgp }: JunosParts, instance?: string): string => {
  const peers = bgp.peers().filter(({ vrf }) => instance === undefined || vrf === instance);
  if (peers.length === 0)
    return `<bgp-information>${leaf('group-count', 0)}${leaf('peer-count', 0)}${leaf('down-peer-count', 0)}</bgp-information>`;
  const names = [...new Set(peers.flatMap(ribs))];
  const rows = peers.map((peer) => {
    const seconds = Math.floor((device.clock.now() - peer.since) / 1000);
    const up = peer.state === 'Established';
    return `<bgp-peer heading="Peer">${leaf('peer-address', peer.address)}${leaf('peer-as', peer.remoteAs)}${leaf('input-messages', peer.received)}${leaf('output-messages', peer.sent)}${leaf('route-queue-count', 0)}${leaf('flap-count', peer.flaps)}<elapsed-time junos:seconds="${seconds}">${elapsed(seconds)}</elapsed-time>${leaf('peer-state', up ? 'Established' : peer.state)}${peer.description === '' ? '' : leaf('description', peer.description)}${
      up
        ? ribs(peer)
            .map(
              (name) =>
                `<bgp-rib>${leaf('name', name)}${leaf('active-prefix-count', peer.prefixes)}${leaf('received-prefix-count', peer.prefixes)}${leaf('accepted-prefix-count', peer.prefixes)}${leaf('suppressed-prefix-count', 0)}</bgp-rib>`,
            )
            .join('')
        : ''
    }</bgp-peer>`;
  });
  return `<bgp-information xmlns:junos="http://xml.juniper.net/junos/*/junos">${leaf('group-count', new Set(peers.map(({ group }) => group)).size)}${leaf('peer-count', peers.length)}${leaf('down-peer-count', peers.filter(({ state }) => state !== 'Established').length)}${names.map((name) => `<bgp-rib>${leaf('name', name)}${leaf('total-prefix-count', 9)}</bgp-rib>`).join('')}${rows.join('')}</bgp-information>`;
};

/** `get-bgp-neighbor-information`, of one instance or of all. */
export const bgpNeighbors = ({ bgp }: JunosParts, instance?: string, neighbor?: string): string => {
  const wanted = ({ vrf, address }: Peer) =>
    (instance === undefined || vrf === instance) && (neighbor === undefined || address === neighbor);
  const peers = bgp.peers().filter(wanted);
  const rows = peers.map((peer) => {
    const up = peer.state === 'Established';
    return `<bgp-peer>${leaf('peer-address', up ? `${peer.address}+179` : peer.address)}${leaf('local-address', up ? `${peer.local}+51000` : 'unspecified')}${leaf('peer-as', peer.remoteAs)}${leaf('local-as', peer.localAs)}${peer.description === '' ? '' : leaf('description', peer.description)}${leaf('peer-group', peer.group)}${leaf('peer-cfg-rti', peer.vrf)}${leaf('peer-fwd-rti', peer.vrf)}${leaf('peer-type', peer.remoteAs === peer.localAs ? 'Internal' : 'External')}${leaf('peer-state', peer.state)}${leaf('last-error', peer.lastError || 'None')}<bgp-option-information>${leaf('bgp-options-extended', peer.shutdown ? 'Shutdown' : '')}${leaf('holdtime', peer.hold)}</bgp-option-information>${leaf('flap-count', peer.flaps)}${up ? `${leaf('peer-id', peer.address.includes(':') ? '192.0.2.1' : peer.address)}${leaf('local-id', peer.routerId)}${leaf('active-holdtime', peer.hold)}${leaf('keepalive-interval', peer.keepalive)}` : ''}${
      up
        ? ribs(peer)
            .map(
              (name) =>
                `<bgp-rib>${leaf('name', name)}${leaf('send-state', 'in sync')}${leaf('active-prefix-count', peer.prefixes)}${leaf('received-prefix-count', peer.prefixes)}${leaf('accepted-prefix-count', peer.prefixes)}${leaf('suppressed-prefix-count', 0)}${leaf('advertised-prefix-count', peer.advertised)}</bgp-rib>`,
            )
            .join('')
        : ''
    }${leaf('input-messages', peer.received)}${leaf('output-messages', peer.sent)}</bgp-peer>`;
  });
  return `<bgp-information>${rows.join('')}</bgp-information>`;
};

/** What came by BGP into each table of routes, unless a filter keeps it out. */
const learned = ({ device, bgp }: JunosParts): [name: string, count: number][] => {
  const peers = bgp.peers();
  const tables = [...new Set(['inet.0', ...peers.flatMap(ribs)])].filter((name) => /inet6?\.0$/.test(name));
  return tables.map((name) => {
    const here = peers.filter((peer) => ribs(peer).includes(name));
    return [name, device.faults.ribFilter ? 0 : here.reduce((sum, { prefixes }) => sum + prefixes, 0)];
  });
};

/** `get-route-summary-information`. */
export const routeSummary = (parts: JunosParts): string => {
  const protocol = (name: string, count: number) =>
    `<protocols>${leaf('protocol-name', name)}${leaf('protocol-route-count', count)}${leaf('active-route-count', count)}</protocols>`;
  const shown = learned(parts).map(
    ([name, count]) =>
      `<route-table>${leaf('table-name', name)}${leaf('destination-count', count + 2)}${leaf('total-route-count', count + 2)}${leaf('active-route-count', count + 2)}${protocol('Direct', 1)}${protocol('Local', 1)}${protocol('BGP', count)}</route-table>`,
  );
  return `<route-summary-information>${shown.join('')}</route-summary-information>`;
};

/** The kernel's forwarding tables, and one that Junos keeps for itself: `user` is what the routing process installed. */
const forwarding = (parts: JunosParts): [name: string, types: [type: string, count: number][]][] => [
  ...learned(parts).map(([name, user]): [string, [string, number][]] => {
    const own: [string, number][] = [
      ['perm', 5],
      ['intf', 3],
      ['dest', 2],
    ];
    return [name.replace(/^(?=inet)/, 'default.').slice(0, -'.0'.length), user > 0 ? [['user', user], ...own] : own];
  }),
  ['__master.anon__.inet', [['perm', 5]]],
];
const familyOf = (name: string) => (name.endsWith('6') ? 'Internet6' : 'Internet');

/** `get-forwarding-table-information`, of which only the summary is simulated. */
export const forwardingSummary = (parts: JunosParts): string =>
  `<forwarding-table-information>${forwarding(parts)
    .map(
      ([name, types]) =>
        `<route-table>${leaf('table-name', name)}${leaf('address-family', familyOf(name))}${types.map(([type, count]) => `<route-table-summary>${leaf('route-table-type', type)}${leaf('route-count', count)}</route-table-summary>`).join('')}</route-table>`,
    )
    .join('')}</forwarding-table-information>`;

/** The same as the CLI prints it. */
export const forwardingSummaryText = (parts: JunosParts): string =>
  forwarding(parts)
    .map(
      ([name, types]) =>
        `Routing table: ${name}\n${familyOf(name)}:\n${types.map(([type, count]) => `         ${type}: ${String(count).padStart(10)} routes\n`).join('')}`,
    )
    .join('\n');

/** `get-instance-information`. */
export const instances = ({ device }: JunosParts): string =>
  `<instance-information>${['master', ...(child(device.running, 'routing-instances')?.children ?? []).map(({ text }) => text)].map((name) => `<instance-core>${leaf('instance-name', name)}${leaf('instance-type', 'forwarding')}</instance-core>`).join('')}</instance-information>`;

/** `get-system-uptime-information`. */
export const uptime = ({ device }: JunosParts): string => {
  const time = (ms: number) =>
    `<date-time junos:seconds="${Math.floor(ms / 1000)}">${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC</date-time>`;
  return `<system-uptime-information xmlns:junos="http://xml.juniper.net/junos/*/junos"><current-time>${time(device.clock.now())}</current-time><system-booted-time>${time(device.bootedAt)}<time-length junos:seconds="${Math.floor(device.uptime)}">${elapsed(device.uptime)}</time-length></system-booted-time><last-configured-time>${time(device.lastChange.at)}${leaf('user', device.lastChange.by)}</last-configured-time><uptime-information>${time(device.clock.now())}<up-time junos:seconds="${Math.floor(device.uptime)}">${elapsed(device.uptime)}</up-time></uptime-information></system-uptime-information>`;
};

/** `get-software-information`. */
export const software = ({ device, version }: JunosParts): string =>
  `<software-information>${leaf('host-name', hostname(device.running) ?? '')}${leaf('product-model', 'vsrx')}${leaf('product-name', 'vsrx')}${leaf('junos-version', version)}<package-information><name>junos</name><comment>JUNOS Software Release [${version}]</comment></package-information></software-information>`;

/** `get-system-information`. */
export const system = ({ device, version }: JunosParts): string =>
  `<system-information>${leaf('hardware-model', 'vsrx')}${leaf('os-name', 'junos')}${leaf('os-version', version)}${leaf('serial-number', 'SIMULATED01')}${leaf('host-name', hostname(device.running) ?? '')}</system-information>`;

/** `show bgp summary` as the CLI prints it. */
export const bgpSummaryText = ({ device, bgp }: JunosParts): string => {
  const peers = bgp.peers();
  if (peers.length === 0) return 'BGP is not running\n';
  const down = peers.filter(({ state }) => state !== 'Established').length;
  return `Groups: ${new Set(peers.map(({ group }) => group)).size} Peers: ${peers.length} Down peers: ${down}
Table          Tot Paths  Act Paths Suppressed    History Damp State    Pending
inet.0                 9          9          0          0          0          0
Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn State|#Active/Received/Accepted/Damped...
${peers.map((peer) => `${peer.address.padEnd(20)} ${peer.remoteAs.padStart(6)} ${String(peer.received).padStart(10)} ${String(peer.sent).padStart(10)}       0 ${String(peer.flaps).padStart(7)} ${elapsed((device.clock.now() - peer.since) / 1000).padStart(11)} ${peer.state === 'Established' ? `${peer.prefixes}/${peer.prefixes}/${peer.prefixes}/0` : peer.state}\n`).join('')}`;
};

/** The newest commit waits to be confirmed. */
const pendingText = ({ device }: JunosParts, n: number): string => (n === 0 && device.trial ? 'rollback pending' : '');

/** `get-commit-information` and `show system commit`: the note stays, `rollback pending` goes with the timer. */
export const commits = (parts: JunosParts): string =>
  parts.device.history
    .map(({ at, user, client, comment, note = '', id }, n) => {
      const told = { comment: note, log: comment, 'commit-confirmed': pendingText(parts, n) };
      const words = Object.entries(told).map(([name, text]) => (text === '' ? '' : leaf(name, text)));
      return `<commit-history>${leaf('sequence-number', n)}${leaf('revision', `re0-${Math.floor(at / 1000)}-${id}`)}${leaf('user', user)}${leaf('client', client)}<date-time junos:seconds="${Math.floor(at / 1000)}">${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC</date-time>${words.join('')}</commit-history>`;
    })
    .join('');

/** `get-commit-revision-information`: the commit that is in effect. Its comment says that it waits, as long as no other came. */
export const newestCommit = ({ device }: JunosParts): string => {
  const {
    at = device.bootedAt,
    user = 'root',
    client = 'other',
    note = '',
    comment = '',
    id = 0,
  } = device.history[0] ?? {};
  const told = [note === '' ? '' : leaf('comment', note), comment === '' ? '' : leaf('log', comment)].join('');
  return `<commit-revision-information xmlns:junos="http://xml.juniper.net/junos/*/junos">${leaf('revision', `re0-${Math.floor(at / 1000)}-${id}`)}${leaf('user', user)}${leaf('client', client)}<date-time junos:seconds="${Math.floor(at / 1000)}">${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC</date-time>${told}</commit-revision-information>`;
};

/** `show system commit`. */
export const commitsText = (parts: JunosParts): string =>
  parts.device.history
    .map(({ at, user, client, comment, note = '' }, n) => {
      const when = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
      const below = [comment, pendingText(parts, n)].filter(Boolean).map((line) => `    ${line}\n`);
      return `${n}   ${when} UTC by ${user} via ${client}${note === '' ? '' : ` ${note}`}\n${below.join('')}`;
    })
    .join('');
