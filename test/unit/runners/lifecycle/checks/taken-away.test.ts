import { describe, expect, it } from 'vitest';
import { sameInterface, statementsOf } from '../../../../../runners/lifecycle/checks/statements.ts';
import { takenAway } from '../../../../../runners/lifecycle/checks/taken-away.ts';

const cisco = `hostname r1
!
interface Ethernet1
 no shutdown
 ip address 10.0.0.1 255.255.255.254
!
interface Ethernet2
 ip address 10.0.0.3/31
 ip ospf area 0.0.0.0
 ip router isis CORE
!
interface Ethernet3.100
 ip address 10.0.0.5/31
!
interface Ethernet3
 mtu 9000
!
interface Vlan10
 ip address 192.168.0.1/24
!
interface Vxlan1
 vxlan vni 10 vlan 10
!
lldp run
!
router ospf 1
 passive-interface Ethernet3
 network 10.0.0.0 0.0.0.1 area 0
 network 10.0.0.4/31 area 0
router bgp 65001
 network 10.255.0.1/32
 network 192.168.1.0 mask 255.255.255.0
end
`;

const junos = `interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet {
                address 10.0.0.1/31;
            }
        }
    }
    inactive: ge-0/0/1 {
        unit 0;
    }
    ge-0/0/2 {
        unit 0;
    }
}
protocols {
    ospf {
        area 0.0.0.0 {
            interface ge-0/0/0.0;
            interface lo0.0 {
                passive;
            }
        }
    }
    isis {
        interface ge-0/0/2.0;
    }
}
`;

const xr = `interface GigabitEthernet0/0/0/0
 ipv4 address 10.0.0.1 255.255.255.254
!
router ospf CORE
 area 0
  interface GigabitEthernet0/0/0/0
  !
  interface Loopback0
   passive enable
  !
 !
!
router isis CORE
 interface GigabitEthernet0/0/0/0
 !
!
`;

const without = (text: string, pattern: RegExp) => {
  expect(text).toMatch(pattern);
  return takenAway(text, text.replace(pattern, ''));
};
const becomes = (text: string, from: string, to: string) => {
  expect(text).toContain(from);
  return takenAway(text, text.replace(from, to));
};
const on = (name: string, address = '') => ({ count: 1, interface: name, address });

describe('the statements of a configuration', () => {
  it('carry the sections that they stand in, from each form of text', () => {
    expect(statementsOf(cisco)).toContain('router bgp 65001 network 10.255.0.1/32');
    expect(statementsOf(junos)).toContain('protocols ospf area 0.0.0.0 interface lo0.0 passive');
    expect(statementsOf(junos).join('\n')).not.toContain('ge-0/0/1');
    const set = 'set interfaces ge-0/0/0 disable\nset system host-name r1\ndeactivate interfaces ge-0/0/0\n';
    expect(statementsOf(set)).toEqual(['system host-name r1']);
  });

  it('name an interface as devices do, short or long', () => {
    const same = [
      ['Eth1/1', 'Ethernet1/1'],
      ['Gi0/0/0/0', 'GigabitEthernet0/0/0/0'],
      ['BE1', 'Bundle-Ether1'],
      ['port-channel10', 'Po10'],
      ['"eth*"', 'eth3'],
    ];
    for (const [one = '', other = ''] of same) expect(sameInterface(one, other), one).toBe(true);
    const others = [
      ['Ethernet1', 'Ethernet11'],
      ['Ethernet1/1', 'Ethernet1/1.1'],
      ['"eth*"', 'lo'],
      ['Loopback0', 'Vlan0'],
    ];
    for (const [one = '', other = ''] of others) expect(sameInterface(one, other), one).toBe(false);
  });
});

describe('what an intent takes away', () => {
  it('is an interface whose section goes, that is shut, or that loses its `no shutdown`', () => {
    expect(without(cisco, /interface Ethernet2\n.*\n.*\n.*\n/).interface('Eth2')).toBe(true);
    expect(becomes(cisco, 'interface Ethernet2\n', 'interface Ethernet2\n shutdown\n').interface('Ethernet2')).toBe(
      true,
    );
    expect(without(cisco, / no shutdown\n/).interface('Ethernet1')).toBe(true);
    expect(without(junos, / {4}ge-0\/0\/2 \{\n.*\n {4}\}\n/).interface('ge-0/0/2.0')).toBe(true);
    expect(becomes(junos, 'ge-0/0/2 {\n', 'ge-0/0/2 {\n        disable;\n').interface('ge-0/0/2')).toBe(true);
    expect(becomes(junos, 'ge-0/0/2 {\n', 'inactive: ge-0/0/2 {\n').interface('ge-0/0/2.0')).toBe(true);
    const unit = becomes(junos, 'ge-0/0/2 {\n        unit 0;', 'ge-0/0/2 {\n        unit 0 {\n disable;\n }');
    expect(unit.interface('ge-0/0/2')).toBe(false);
  });

  it('is none that is changed otherwise, or that no text ever named', () => {
    const changed = becomes(cisco, 'mtu 9000', 'mtu 1500');
    for (const name of ['Ethernet1', 'Ethernet2', 'Ethernet3', 'Ethernet3.100', 'Vlan10', 'Ethernet9'])
      expect(changed.interface(name), name).toBe(false);
    expect(changed.session('10.0.0.0')).toBe(false);
    expect(changed.origins).toBe(0);
    expect(
      becomes(cisco, 'interface Ethernet1\n', 'interface Ethernet1\n no lldp transmit\n').interface('Ethernet1'),
    ).toBe(false);
  });

  it('is what stands on an interface: subinterfaces, sessions in its subnet or of its name, what bundles interfaces', () => {
    const taken = becomes(cisco, 'interface Ethernet3\n', 'interface Ethernet3\n shutdown\n');
    expect([taken.interface('Ethernet3.100'), taken.interface('Vlan10')]).toEqual([true, true]);
    expect([taken.session('10.0.0.4'), taken.session('Ethernet3'), taken.session('10.0.0.2')]).toEqual([
      true,
      true,
      false,
    ]);
    const other = without(cisco, / no shutdown\n/);
    expect([other.session('10.0.0.0'), other.session('10.0.0.0 vrf red')]).toEqual([true, true]);
  });

  it.each([
    [
      'its interface is shut',
      becomes(cisco, 'interface Ethernet2\n', 'interface Ethernet2\n shutdown\n'),
      on('Ethernet2'),
    ],
    ['the interface says it no more', without(cisco, / ip ospf area 0.0.0.0\n/), on('Ethernet2')],
    ['its network is gone', without(cisco, / network 10.0.0.0 0.0.0.1 area 0\n/), on('Ethernet1', '10.0.0.0')],
    [
      'the interface is made passive',
      becomes(cisco, 'passive-interface Ethernet3', 'passive-interface Ethernet2'),
      on('Ethernet2'),
    ],
    ['all are passive', becomes(cisco, 'passive-interface Ethernet3', 'passive-interface default'), on('Ethernet2')],
    ['the area has it no more', without(junos, / {12}interface ge-0\/0\/0.0;\n/), on('ge-0/0/0.0')],
    ['it is passive there', becomes(junos, 'ge-0/0/0.0;', 'ge-0/0/0.0 {\n passive;\n}'), on('ge-0/0/0.0')],
    ['nothing of the protocol is left', takenAway(xr, xr.replace(/router ospf[\s\S]*?\n!\n/, '')), on('unheard-of')],
    [
      'the router has it no more',
      without(xr, / {2}interface GigabitEthernet0\/0\/0\/0\n {2}!\n/),
      on('Gi0/0/0/0', '10.0.0.0'),
    ],
  ])('is an adjacency of OSPF where %s', (_, taken, neighbour) => {
    expect(taken.adjacency('ospf', neighbour)).toBe(true);
  });

  it.each([
    ['another area', becomes(cisco, 'ip ospf area 0.0.0.0', 'ip ospf area 0.0.0.1'), on('Ethernet2')],
    [
      'another network statement that holds it',
      becomes(cisco, '10.0.0.0 0.0.0.1', '10.0.0.0 0.0.0.255'),
      on('Ethernet1', '10.0.0.0'),
    ],
    [
      'other timers',
      becomes(cisco, ' ip ospf area 0.0.0.0\n', ' ip ospf area 0.0.0.0\n ip ospf hello-interval 3\n'),
      on('Ethernet2'),
    ],
    [
      'passive elsewhere',
      becomes(cisco, 'passive-interface Ethernet3', 'passive-interface Ethernet4'),
      on('Ethernet2'),
    ],
    ['another area of Junos', becomes(junos, 'area 0.0.0.0', 'area 0.0.0.1'), on('ge-0/0/0.0')],
    ['authentication', becomes(xr, ' area 0\n', ' area 0\n  authentication message-digest\n'), on('Gi0/0/0/0')],
  ])('is no adjacency of OSPF with %s', (_, taken, neighbour) => {
    expect(taken.adjacency('ospf', neighbour)).toBe(false);
  });

  it('is an adjacency of IS-IS likewise', () => {
    expect(without(cisco, / ip router isis CORE\n/).adjacency('isis', on('Ethernet2'))).toBe(true);
    expect(without(junos, / {8}interface ge-0\/0\/2.0;\n/).adjacency('isis', on('ge-0/0/2.0'))).toBe(true);
    expect(without(xr, /router isis CORE\n interface .*\n !\n!\n/).adjacency('isis', on('Gi0/0/0/0'))).toBe(true);
    expect(becomes(cisco, 'mtu 9000', 'mtu 1500').adjacency('isis', on('Ethernet2'))).toBe(false);
  });

  it('counts what stands, but on an interface that is shut: its addresses, and the static routes by way of it', () => {
    const shut = (text: string) =>
      takenAway(text, text.replace('interface Ethernet2\n', 'interface Ethernet2\n shutdown\n'));
    expect(shut(cisco).origins).toBe(2); // its own address, and that of the VLAN, which may have stood on it
    const via = ['ip route 198.51.100.0 255.255.255.0 10.0.0.2', 'ip route 203.0.113.0/24 10.0.0.9'];
    expect(shut(`${cisco}${via.join('\n')}\n`).origins).toBe(3);
    const disabled = becomes(junos, 'ge-0/0/2 {\n        unit 0;', 'ge-0/0/2 {\n        disable;\n        unit 0;');
    expect(disabled.origins).toBe(0); // has no address
  });

  it('counts what made prefixes of its own, and tells what it is about', () => {
    const taken = without(cisco, / network 10.255.0.1\/32\n network 192.168.1.0 mask 255.255.255.0\n/);
    expect(taken.origins).toBe(2);
    expect(taken.about(/\blldp\b/)).toBe(false);
    expect(becomes(cisco, 'lldp run', 'no lldp run').about(/\blldp\b/)).toBe(true);
    expect(without(cisco, / vxlan vni 10 vlan 10\n/).about(/\bvni\b/)).toBe(true);
  });
});
