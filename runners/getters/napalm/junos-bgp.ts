import { elapsedOf, withoutPort } from '../../drivers/junos/getters/bgp.ts';
import { instancesOf, peersOf, vrfName } from '../../drivers/junos/getters/replies.ts';
import type { Bgp } from '../../shapes.ts';
import { children, textOf } from '../../xml.ts';
import type { Inputs } from '../getter.ts';

const mapping: Record<string, string> = { inet: 'ipv4', inet6: 'ipv6', inetflow: 'flow' };

/** Only RIBs named plainly for the instance count; a session that is down has an age too; the first one tells the id. */
export const junosBgp = (bgp: Bgp, inputs: Inputs): void => {
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
        const family = mapping[table];
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
};

/** Of a session that the summary tells, but not the details (it is new), there is nothing but its age. */
export const onlyInSummary = (inputs: Inputs): Record<string, Record<string, { uptime: number | null }>> =>
  Object.fromEntries(
    instancesOf(inputs).map((instance) => {
      const told = new Set(peersOf(inputs, instance).map((peer) => withoutPort(textOf(peer, 'peer-address'))));
      const others = [...elapsedOf(inputs, instance)].filter(([address]) => address !== '' && !told.has(address));
      return [vrfName(instance), Object.fromEntries(others.map(([address, uptime]) => [address, { uptime }]))];
    }),
  );
