import { expect, it } from 'vitest';
import { earlyRemovals } from '../../../runners/drivers/frr/difference/lines.ts';
import { readTree } from '../../../runners/drivers/frr/difference/tree.ts';

const vrf = (name: string, line: string) =>
  `router bgp 65001 vrf ${name}\n !\n address-family ipv4 unicast\n  ${line}\n exit-address-family\nexit\n!\n`;

it('a VRF says that it imports another no more before anything else, even where it goes altogether', () => {
  const exports = vrf('RED', 'rd vpn export 65001:1');
  const imports = vrf('BLUE', 'import vrf RED');
  const path = ['router bgp 65001 vrf BLUE', 'address-family ipv4 unicast'];
  expect(earlyRemovals(readTree(exports + imports), readTree(exports))).toEqual([{ path, line: 'no import vrf RED' }]);
  expect(earlyRemovals(readTree(exports), readTree(exports + imports))).toEqual([]);
  const byMap = vrf('BLUE', 'import vrf route-map RM');
  expect(earlyRemovals(readTree(exports + byMap), readTree(exports))).toEqual([]);
});
