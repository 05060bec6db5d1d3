import { named } from '../../../../core/by-name.ts';
import type { Inputs, Napalm } from '../../../getters/getter.ts';
import { shapeBgp } from '../../../getters/napalm/bgp.ts';
import { shapeDetail } from '../../../getters/napalm/bgp-detail.ts';
import { filled } from '../../../getters/napalm/filled.ts';
import type { Bgp, BgpPeerDetail } from '../../../shapes.ts';
import { child, children, textOf, type XmlElement } from '../../../xml.ts';
import { elapsedOf, withoutPort } from './bgp.ts';
import { total } from './bgp-detail.ts';
import { configRequest, instancesOf, peersOf, replyOf, vrfName } from './replies.ts';

const mapping: Record<string, string> = { inet: 'ipv4', inet6: 'ipv6', inetflow: 'flow' };

/** Only RIBs named plainly for the instance count; a session that is down has an age too; the first one tells the id. */
const asCounted = (result: Bgp, inputs: Inputs): Bgp => {
  const bgp = structuredClone(result);
  for (const instance of instancesOf(inputs)) {
    const elapsed = elapsedOf(inputs, instance);
    const elements = peersOf(inputs, instance);
    const vrf = bgp[vrfName(instance)];
    if (vrf) vrf.router_id = textOf(elements[0], 'local-id') ?? null;
    for (const element of elements) {
      const address = withoutPort(textOf(element, 'peer-address'));
      const peer = vrf?.peers[address];
      if (!peer) continue;
      const none = { received_prefixes: -1, accepted_prefixes: -1, sent_prefixes: -1 };
      peer.uptime = elapsed.has(address) ? (elapsed.get(address) ?? null) : 0;
      peer.address_family = { ipv4: none, ipv6: none };
      for (const rib of peer.is_up ? children(element, 'bgp-rib') : []) {
        const name = textOf(rib, 'name') ?? '';
        const table = instance === 'master' ? name.slice(0, name.lastIndexOf('.')) : (name.split('.').at(-2) ?? '');
        const family = named(mapping, table);
        const count = (what: string) => Number(textOf(rib, what) ?? 0);
        if (family === undefined) continue;
        peer.address_family[family] = {
          received_prefixes: count('received-prefix-count'),
          accepted_prefixes: count('accepted-prefix-count'),
          sent_prefixes: count('advertised-prefix-count'),
        };
      }
    }
  }
  return bgp;
};

/** Of a session that the summary tells, but not the details (it is new), there is nothing but its age. */
const onlyInSummary = (inputs: Inputs): Record<string, Record<string, { uptime: number | null }>> =>
  Object.fromEntries(
    instancesOf(inputs).map((instance) => {
      const told = new Set(peersOf(inputs, instance).map((peer) => withoutPort(textOf(peer, 'peer-address'))));
      const others = [...elapsedOf(inputs, instance)].filter(([address]) => address !== '' && !told.has(address));
      return [vrfName(instance), Object.fromEntries(others.map(([address, uptime]) => [address, { uptime }]))];
    }),
  );

/** What is not told of a session there is -1, or a default of the protocol; @param element what the router says of it */
const detailOf = (peer: BgpPeerDetail, element: XmlElement | undefined): Record<string, unknown> => {
  // a part under a namespace of its own is not seen there
  const options = child(element, 'bgp-option-information');
  const seen = options !== undefined && options.ns === element?.ns;
  const unseen = {
    multihop: false,
    multipath: false,
    remove_private_as: false,
    import_policy: '',
    export_policy: '',
    configured_holdtime: 0,
  };
  const listed = seen ? (child(options, 'bgp-options')?.text ?? '').split(/\s+/) : [];
  const ribs = children(element, 'bgp-rib'); // all of them, though VRFs count routes a second time
  const counts = ['active', 'received', 'accepted', 'suppressed', 'advertised'].map(
    (which) => [`${which}_prefix_count`, total(ribs, `${which}-prefix-count`) ?? -1] as const,
  );
  const zeros = ['holdtime', 'configured_holdtime', 'keepalive', 'flap_count'].map(
    (field) => [field, peer[field as 'holdtime'] ?? 0] as const,
  );
  return {
    ...filled(peer, -1),
    ...Object.fromEntries([...counts, ...zeros]),
    ...(seen ? {} : unseen),
    local_address_configured: listed.includes('AddressFamily'),
    configured_keepalive: peer.keepalive ?? 0,
    local_port: peer.local_port ?? 179,
    remote_port: peer.remote_port ?? 179,
    messages_queued_out: peer.messages_queued_out ?? 0,
    suppress_4byte_as: peer.suppress_4byte_as ?? true,
    local_as_prepend: child(element, 'peer-addpath-not-supported') !== undefined,
  };
};

/** What NAPALM's junos prints. */
export const napalm: Napalm = {
  bgp: (result, inputs) =>
    shapeBgp(asCounted(result, inputs), {
      remoteId: ({ remote_id }) => remote_id ?? '',
      families: ({ address_family }) => address_family,
      uptime: ({ uptime }) => uptime,
      dropsEmpty: true,
      others: onlyInSummary(inputs),
    }),
  'bgp-detail': (result, inputs) => {
    const elements = instancesOf(inputs).flatMap((instance) => peersOf(inputs, instance));
    const elementOf = ({ remote_address, remote_port }: BgpPeerDetail) =>
      elements.find((element) => {
        const [address, port] = child(element, 'peer-address')?.text.trim().split('+') ?? [];
        return address?.toLowerCase() === remote_address && (remote_port === null || port === String(remote_port));
      });
    return shapeDetail(result, (peer) => detailOf(peer, elementOf(peer)));
  },
  // a configuration without any text is Python's None there
  config: (configs, inputs) => {
    const said = (text: string, database: string) =>
      text === '' && replyOf(inputs, configRequest(database)) !== undefined ? 'None' : text;
    return {
      ...configs,
      running: said(configs.running, 'committed'),
      candidate: said(configs.candidate, 'candidate'),
    };
  },
};
