import { networkOf } from '../../config/interfaces.ts';
import type { IosxrParts } from '../box.ts';
import { routeProcessor } from './oper-state.ts';
import { leaf, node, space } from './yang.ts';

/** Addresses, as two trees. */
export const addresses = ({ targets: { device } }: IosxrParts): string => {
  const all = device.interfaces();
  const vrfs = [...new Set(all.map(({ vrf }) => vrf))];
  const split = (subnet = '') => {
    const [address = '', length = ''] = subnet.split('/');
    return { address, length };
  };
  const four = vrfs.map((vrf) =>
    node(
      'vrf',
      leaf('vrf-name', vrf),
      node(
        'details',
        ...all
          .filter((one) => one.vrf === vrf && one.ipv4.length > 0)
          .map(({ name, ipv4 }) => {
            const [first, ...others] = ipv4.map(split);
            return node(
              'detail',
              leaf('interface-name', name),
              leaf('primary-address', first?.address ?? ''),
              leaf('prefix-length', first?.length ?? ''),
              ...others.map(({ address, length }) =>
                node('secondary-address', leaf('address', address), leaf('prefix-length', length)),
              ),
            );
          }),
      ),
    ),
  );
  const six = vrfs.map((vrf) =>
    node(
      'vrf',
      leaf('vrf-name', vrf),
      node(
        'global-details',
        ...all
          .filter((one) => one.vrf === vrf && one.ipv6.length > 0)
          .map(({ name, ipv6 }) =>
            node(
              'global-detail',
              leaf('interface-name', name),
              ...ipv6
                .map(split)
                .map(({ address, length }) => node('address', leaf('address', address), leaf('prefix-length', length))),
            ),
          ),
      ),
    ),
  );
  const inside = (rows: readonly string[]) =>
    node('nodes', node('node', leaf('node-name', routeProcessor), node('interface-data', node('vrfs', ...rows))));
  return `${space('ipv4-network', 'Cisco-IOS-XR-ipv4-io-oper', inside(four))}${space('ipv6-network', 'Cisco-IOS-XR-ipv6-ma-oper', inside(six))}`;
};

/** The routes to what is connected, of both families. */
export const ribs = ({ targets: { device } }: IosxrParts): string => {
  const routes = device.interfaces().flatMap((one) =>
    one.up && one.vrf === 'default'
      ? one.ipv4.map((subnet) => {
          const [address = '', length = ''] = (networkOf(subnet) ?? '').split('/');
          return node(
            'route',
            leaf('address', address),
            leaf('prefix-length', length),
            leaf('prefix', address),
            leaf('prefix-length-xr', length),
            leaf('protocol-name', 'connected'),
            leaf('priority', 1),
            leaf('route-age', Math.floor(device.uptime)),
            node('route-path', node('ipv4-rib-edm-path', leaf('address', '0.0.0.0'), leaf('interface-name', one.name))),
          );
        })
      : [],
  );
  const table = (family: string, rows: readonly string[]) =>
    node(
      'vrfs',
      node(
        'vrf',
        leaf('vrf-name', 'default'),
        node(
          'afs',
          node(
            'af',
            leaf('af-name', family),
            node(
              'safs',
              node(
                'saf',
                leaf('saf-name', 'Unicast'),
                node(
                  'ip-rib-route-table-names',
                  node('ip-rib-route-table-name', leaf('route-table-name', 'default'), node('routes', ...rows)),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  return `${space('rib', 'Cisco-IOS-XR-ip-rib-ipv4-oper', table('IPv4', routes))}${space('ipv6-rib', 'Cisco-IOS-XR-ip-rib-ipv6-oper', table('IPv6', []))}`;
};
