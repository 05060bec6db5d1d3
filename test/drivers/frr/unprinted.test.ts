import { describe, expect, it } from 'vitest';
import { readTree } from '../../../runners/drivers/frr/difference/tree.ts';
import { unprinted } from '../../../runners/drivers/frr/difference/unprinted.ts';

const printed = readTree(`hostname leaf1
interface eth1
 ip address 10.0.0.1/31
exit
access-list A seq 5 permit any
router bgp 65001
 bgp graceful-restart
 neighbor 10.0.0.0 remote-as 65000
 address-family ipv6 unicast
  neighbor 10.0.0.0 activate
 exit-address-family
exit
`);
const of = (text: string) => unprinted(text, printed);

describe('lines that FRR does not print', () => {
  it('are named: defaults that are written out', () => {
    expect(
      of(
        'router bgp 65001\n bgp graceful-restart restart-time 120\n bgp graceful-restart\ninterface eth1\n no shutdown\n',
      ),
    ).toEqual(['bgp graceful-restart restart-time 120', 'no shutdown']);
  });

  it('are named where they stand: the same line of another family is printed', () => {
    const family = (name: string) =>
      `router bgp 65001\n address-family ${name}\n  neighbor 10.0.0.0 activate\n exit-address-family\nexit\n`;
    expect(of(family('ipv6 unicast'))).toEqual([]);
    expect(of(family('ipv6'))).toEqual([]);
    expect(of(family('ipv4 unicast'))).toContain('neighbor 10.0.0.0 activate');
  });

  it('are none of those that are only written otherwise: short, without a number, not indented', () => {
    expect(of('int eth1\n ip addr 10.0.0.1/31\nexit\naccess-list A permit any\n')).toEqual([]);
    expect(of('router bgp 65001\nneighbor 10.0.0.0 remote-as 65000\nexit\n! a comment\nend\n')).toEqual([]);
  });
});
