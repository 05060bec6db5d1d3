import { describe, expect, it } from 'vitest';
import { normalise, topLevel } from '../../../runners/drivers/frr/config.ts';
import { differ, unified } from '../../../runners/drivers/frr/difference/diff.ts';
import { readTree, sameTree } from '../../../runners/drivers/frr/difference/tree.ts';
import { frr } from '../../../runners/drivers/frr/platform.ts';

const running = `frr version 8.4.4
frr defaults traditional
hostname leaf1
no ip forwarding
!
router bgp 65001
 timers bgp 1 3
 neighbor FABRIC peer-group
 neighbor 10.0.0.0 peer-group FABRIC
 !
 address-family ipv4 unicast
  redistribute connected
  neighbor FABRIC route-map IN in
 exit-address-family
exit
!
ip prefix-list ALL seq 5 permit 10.0.0.0/8
!
end
`;

const diff = (to: string) => unified(readTree(running), readTree(to));

describe('a difference of two configurations of FRR', () => {
  it('shows each line under its contexts, what goes before what comes', () => {
    const to = running
      .replace('timers bgp 1 3', 'timers bgp 2 6')
      .replace('redistribute connected', 'redistribute static\n  network 10.1.0.0/16');
    expect(diff(to)).toBe(`\
 router bgp 65001
- timers bgp 1 3
+ timers bgp 2 6
  address-family ipv4 unicast
-  redistribute connected
+  redistribute static
+  network 10.1.0.0/16
`);
  });

  it('is nothing where only headers, comments, blanks or the order of contexts differ', () => {
    const [head = '', rest = ''] = running.split('router bgp');
    const lists = 'ip prefix-list ALL seq 5 permit 10.0.0.0/8\n!\n';
    const other = `${head.replace('8.4.4', '10.3')}${lists}router bgp${rest.replace(lists, '').replaceAll('exit\n', 'exit \n')}`;
    expect(diff(other)).toBe('');
    expect(normalise(other)).toBe(normalise(running));
  });

  it('shows all that goes with a group: its members, and its lines in each family', () => {
    const to = running.replace(/^.*FABRIC.*\n/gm, '');
    expect(diff(to)).toBe(`\
 router bgp 65001
- neighbor FABRIC peer-group
- neighbor 10.0.0.0 peer-group FABRIC
  address-family ipv4 unicast
-  neighbor FABRIC route-map IN in
`);
  });

  it('shows all lines of a context that goes or comes', () => {
    expect(diff('hostname leaf1\ninterface lo\n description x\n')).toContain('-router bgp 65001\n- timers bgp 1 3\n');
    expect(diff(`${running}interface lo\n description x\nexit\n`)).toBe('+interface lo\n+ description x\n');
  });

  it('tells the numbers of a list apart, since they are its order', () => {
    const to = running.replace('seq 5 permit', 'seq 10 permit');
    expect(differ(readTree(running), readTree(to))).toEqual({
      removed: [{ path: [], line: 'ip prefix-list ALL seq 5 permit 10.0.0.0/8' }],
      added: [{ path: [], line: 'ip prefix-list ALL seq 10 permit 10.0.0.0/8' }],
    });
    expect(normalise(to)).not.toBe(normalise(running));
  });

  it('takes an interface of which nothing is said for none', () => {
    expect(sameTree(readTree(`${running}interface eth9\nexit\n`), readTree(running))).toBe(true);
  });
});

describe('a configuration of FRR', () => {
  it('has a member of a mesh group once, though a release prints it as a peer, too', () => {
    const group = 'ip msdp mesh-group G member 192.0.2.7\n';
    const peer = (address: string) => `ip msdp peer ${address} source 192.0.2.1\n`;
    expect(normalise(peer('192.0.2.7') + group)).toBe(group);
    expect(normalise(group + peer('192.0.2.8'))).toContain(peer('192.0.2.8'));
  });

  it('tells its host name, the last one that is given', () => {
    expect(frr.hostname(running)).toBe('leaf1');
    expect(frr.hostname('router bgp 1\n hostname x\n')).toBeUndefined();
    expect(topLevel('hostname a\nhostname b\n', 'hostname')).toEqual({ value: 'b', line: 2 });
  });

  it('is another one when a line has moved into another context', () => {
    expect(normalise('vrf RED\n ip route 10.0.0.0/8 Null0\n')).not.toBe(
      normalise('vrf RED\nexit-vrf\nip route 10.0.0.0/8 Null0\n'),
    );
  });
});
