import { type Resolved, resolvedOf } from '../arp.ts';
import { networkOf } from '../config/interfaces.ts';
import { rpcError } from '../protocols/netconf/netconf-answers.ts';
import { elapsed, type JunosParts, leaf } from './oper.ts';

/** The namespace of Junos' attributes. */
export const junosSpace = 'xmlns:junos="http://xml.juniper.net/junos/*/junos"';

/** `get-environment-information`. */
export const environment = `<environment-information ${junosSpace}>${[
  `${leaf('name', 'Routing Engine 0 CPU')}${leaf('class', 'Temp')}${leaf('status', 'OK')}<temperature junos:celsius="40">40 degrees C / 104 degrees F</temperature>`,
  `${leaf('name', 'Fan 0')}${leaf('class', 'Fans')}${leaf('status', 'OK')}`,
  `${leaf('name', 'PEM 0')}${leaf('class', 'Power')}${leaf('status', 'OK')}`,
]
  .map((item) => `<environment-item>${item}</environment-item>`)
  .join('')}</environment-information>`;

/** `get-temperature-threshold-information`. */
export const thresholds = `<temperature-threshold-information><temperature-threshold>${leaf('name', 'Routing Engine 0 CPU')}${leaf('yellow-alarm', 80)}${leaf('red-alarm', 95)}</temperature-threshold></temperature-threshold-information>`;

/** `get-route-engine-information`. */
export const routeEngine = ({ device }: JunosParts): string =>
  `<route-engine-information ${junosSpace}><route-engine>${leaf('slot', 0)}${leaf('mastership-state', 'master')}${leaf('status', 'OK')}${leaf('memory-dram-size', '2048 MB')}${leaf('memory-buffer-utilization', 50)}${leaf('cpu-user', 3)}${leaf('cpu-idle', 95)}${leaf('model', 'VSRX RE')}<up-time junos:seconds="${Math.floor(device.uptime)}">${elapsed(device.uptime)}</up-time>${leaf('last-reboot-reason', '0x1:power cycle/failure')}</route-engine></route-engine-information>`;

/** `get-chassis-inventory`. */
export const inventory =
  '<chassis-inventory><chassis><name>Chassis</name><serial-number>SIMULATED01</serial-number><description>VSRX</description></chassis></chassis-inventory>';

/** `get-arp-table-information`. */
export const arp = ({ device, bgp }: JunosParts): string => {
  const rows = resolvedOf(device, bgp, 'ipv4').map(
    (one) =>
      `<arp-table-entry>${leaf('mac-address', one.mac)}${leaf('ip-address', one.address)}${leaf('interface-name', one.interface.name)}<arp-table-entry-flags><none/></arp-table-entry-flags>${leaf('time-to-expire', 1200)}</arp-table-entry>`,
  );
  return `<arp-table-information>${rows.join('')}${leaf('arp-entry-count', rows.length)}</arp-table-information>`;
};

/** `get-ipv6-nd-information`. */
export const neighborDiscovery = ({ device, bgp }: JunosParts): string => {
  const row = (one: Resolved) =>
    `<ipv6-nd-entry>${leaf('ipv6-nd-neighbor-address', one.address)}${leaf('ipv6-nd-neighbor-l2-address', one.mac)}${leaf('ipv6-nd-state', 'reachable')}${leaf('ipv6-nd-expire', 20)}${leaf('ipv6-nd-isrouter', 'yes')}${leaf('ipv6-nd-interface-name', one.interface.name)}</ipv6-nd-entry>`;
  return `<ipv6-nd-information>${resolvedOf(device, bgp, 'ipv6').map(row).join('')}</ipv6-nd-information>`;
};

const protocols = /^(?:direct|local|static|bgp|ospf|isis|rip|aggregate)$/;

/** `get-route-information` for a destination: the routes to what is connected. */
export const routes = ({ device }: JunosParts, destination: string | undefined, protocol = 'direct'): string => {
  if (!protocols.test(protocol))
    return rpcError('operation-failed', 'syntax error', { info: `<bad-element>${protocol}</bad-element>` });
  const known = device
    .interfaces()
    .flatMap((one) =>
      one.up && one.vrf === 'master'
        ? one.ipv4.map((subnet) => ({ via: one.name, network: networkOf(subnet) ?? '' }))
        : [],
    );
  const found =
    protocol === 'direct' ? known.filter(({ network }) => destination === undefined || network === destination) : [];
  const rows = found.map(({ via, network }) => {
    const [address = '', length = ''] = network.split('/');
    return `<rt junos:style="detail">${leaf('rt-destination', address)}${leaf('rt-prefix-length', length)}<rt-entry><active-tag>*</active-tag><current-active/><last-active/>${leaf('protocol-name', 'Direct')}${leaf('preference', 0)}<age junos:seconds="${Math.floor(device.uptime)}">${elapsed(device.uptime)}</age><nh><selected-next-hop/>${leaf('via', via)}</nh></rt-entry></rt>`;
  });
  return `<route-information ${junosSpace}>${rows.length === 0 ? '' : `<route-table>${leaf('table-name', 'inet.0')}${rows.join('')}</route-table>`}</route-information>`;
};

/** `ping HOST`. */
export const ping = (host: string, count: number, heard: boolean): string => {
  const results = Array.from(
    { length: count },
    (_, at) =>
      `<probe-result date-determined="0">${leaf('probe-index', at + 1)}${heard ? '<probe-success/>' : '<probe-failure/>'}${leaf('sequence-number', at)}${leaf('ip-address', host)}${leaf('time-to-live', 64)}${leaf('response-size', 64)}${leaf('rtt', 1000)}</probe-result>`,
  );
  return `<ping-results ${junosSpace}>${leaf('target-host', host)}${leaf('target-ip', host)}${leaf('packet-size', 56)}${results.join('')}<probe-results-summary>${leaf('probes-sent', count)}${leaf('responses-received', heard ? count : 0)}${leaf('packet-loss', heard ? 0 : 100)}${leaf('rtt-minimum', 1000)}${leaf('rtt-maximum', 1000)}${leaf('rtt-average', 1000)}${leaf('rtt-stddev', 0)}</probe-results-summary>${heard ? '<ping-success/>' : '<ping-failure/>'}</ping-results>`;
};

/** `traceroute HOST`: one hop. */
export const traceroute = (host: string): string =>
  `<traceroute-results ${junosSpace}>${leaf('target-host', host)}${leaf('target-ip', host)}<hop>${leaf('ttl-value', 1)}${leaf('last-ip-address', host)}${[1, 2, 3].map((at) => `<probe-result>${leaf('probe-index', at)}<probe-reached/>${leaf('ip-address', host)}${leaf('rtt', 1000)}</probe-result>`).join('')}</hop><traceroute-success/></traceroute-results>`;

/** `get-system-memory-information`. */
export const systemMemory = `<system-memory-information><system-memory-summary-information>${leaf('system-memory-total', 2_097_152)}${leaf('system-memory-total-percent', 100)}${leaf('system-memory-free', 1_048_576)}${leaf('system-memory-free-percent', 50)}</system-memory-summary-information></system-memory-information>`;

/** `get-system-storage`. */
export const storage = `<system-storage-information><filesystem>${leaf('filesystem-name', '/dev/gpt/junos')}${leaf('total-blocks', 1_000_000)}${leaf('used-blocks', 500_000)}${leaf('available-blocks', 500_000)}${leaf('used-percent', 50)}${leaf('mounted-on', '/.mount')}</filesystem></system-storage-information>`;
