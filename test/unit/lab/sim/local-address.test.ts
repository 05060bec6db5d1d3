import { describe, expect, it } from 'vitest';
import { bench } from '../../../../lab/proof/bench.ts';
import { eos } from '../../../../runners/drivers/eos/platform.ts';
import { ios } from '../../../../runners/drivers/ios/platform.ts';
import { iosxr } from '../../../../runners/drivers/iosxr/platform.ts';
import { junos } from '../../../../runners/drivers/junos/platform.ts';
import { nxos } from '../../../../runners/drivers/nxos/platform.ts';

const eosText = `hostname r1
!
vrf instance BLUE
!
interface Ethernet1
   no switchport
   ip address 10.0.0.1/31
   ipv6 address 2001:db8::1/64
!
interface Ethernet2
   no switchport
   vrf BLUE
   ip address 10.0.0.3/29
!
interface Loopback0
   ip address 10.255.0.7/32
!
router bgp 65001
   router-id 10.9.9.9
   neighbor 10.0.0.0 remote-as 65002
   neighbor 2001:db8::2 remote-as 65003
   neighbor 10.255.0.8 remote-as 65001
   neighbor 10.255.0.8 update-source Loopback0
   !
   vrf BLUE
      neighbor 10.0.0.4 remote-as 65004
!
`;
const iosText = `hostname r1
!
vrf definition BLUE
!
interface Loopback0
 ip address 10.255.0.7 255.255.255.255
!
interface GigabitEthernet1
 ip address 10.0.0.1 255.255.255.254
 ipv6 address 2001:DB8::1/64
!
interface GigabitEthernet2
 vrf forwarding BLUE
 ip address 10.0.0.3 255.255.255.248
!
router bgp 65001
 bgp router-id 10.9.9.9
 neighbor 10.0.0.0 remote-as 65002
 neighbor 10.255.0.8 remote-as 65001
 neighbor 10.255.0.8 update-source Loopback0
 neighbor 2001:db8::2 remote-as 65003
 !
 address-family ipv6
  neighbor 2001:db8::2 activate
 exit-address-family
 !
 address-family ipv4 vrf BLUE
  neighbor 10.0.0.4 remote-as 65004
  neighbor 10.0.0.4 activate
 exit-address-family
!
`;
const iosxrText = `hostname r1
vrf BLUE
!
interface Loopback0
 ipv4 address 10.255.0.7 255.255.255.255
!
interface GigabitEthernet0/0/0/0
 ipv4 address 10.0.0.1 255.255.255.254
 ipv6 address 2001:db8::1/64
!
interface GigabitEthernet0/0/0/1
 vrf BLUE
 ipv4 address 10.0.0.3 255.255.255.248
!
router bgp 65001
 bgp router-id 10.9.9.9
 neighbor 10.0.0.0
  remote-as 65002
  address-family ipv4 unicast
  !
 !
 neighbor 10.255.0.8
  remote-as 65001
  update-source Loopback0
  address-family ipv4 unicast
  !
 !
 neighbor 2001:db8::2
  remote-as 65003
  address-family ipv6 unicast
  !
 !
 vrf BLUE
  neighbor 10.0.0.4
   remote-as 65004
   address-family ipv4 unicast
   !
  !
 !
!
`;
const nxosText = `version 10.3(4a) Bios:version
hostname r1
feature bgp

vrf context BLUE

interface Ethernet1/1
  no switchport
  ip address 10.0.0.1/31
  ipv6 address 2001:db8::1/64

interface Ethernet1/2
  no switchport
  vrf member BLUE
  ip address 10.0.0.3/29

interface loopback0
  ip address 10.255.0.7/32

router bgp 65001
  router-id 10.9.9.9
  neighbor 10.0.0.0
    remote-as 65002
    address-family ipv4 unicast
  neighbor 10.255.0.8
    remote-as 65001
    update-source loopback0
    address-family ipv4 unicast
  neighbor 2001:db8::2
    remote-as 65003
    address-family ipv6 unicast
  vrf BLUE
    neighbor 10.0.0.4
      remote-as 65004
      address-family ipv4 unicast
`;
const junosText = `system { host-name r1; }
interfaces {
    ge-0/0/0 { unit 0 { family inet { address 10.0.0.1/31; } family inet6 { address 2001:db8::1/64; } } }
    ge-0/0/1 { unit 0 { family inet { address 10.0.0.3/29; } } }
    lo0 { unit 0 { family inet { address 10.255.0.7/32; } } }
}
routing-options { router-id 10.9.9.9; autonomous-system 65001; }
protocols {
    bgp {
        group peers {
            type external;
            neighbor 10.0.0.0 { peer-as 65002; }
            neighbor 2001:db8::2 { peer-as 65003; }
        }
        group inside { type internal; local-address 10.255.0.7; neighbor 10.255.0.8; }
    }
}
routing-instances {
    BLUE {
        instance-type virtual-router;
        interface ge-0/0/1.0;
        protocols { bgp { group blue { type external; neighbor 10.0.0.4 { peer-as 65004; } } } }
    }
}
`;

describe('a simulated BGP session leaves by the address of its update source, or of the interface in its subnet', () => {
  it.each([
    { driver: eos, platform: 'eos', transport: 'ssh', config: eosText },
    { driver: eos, platform: 'eos', transport: 'eapi', config: eosText },
    { driver: ios, platform: 'ios', transport: 'ssh', config: iosText },
    { driver: iosxr, platform: 'iosxr', transport: 'ssh', config: iosxrText },
    { driver: nxos, platform: 'nxos', transport: 'ssh', config: nxosText },
    { driver: junos, platform: 'junos', transport: 'netconf', config: junosText },
    { driver: junos, platform: 'junos', transport: 'ssh', config: junosText },
  ] as const)('$platform by $transport', async ({ driver, platform, transport, config }) => {
    await using device = await bench(driver, transport, { platform, config });
    device.sim.device.clock.advance(5000); // the sessions come up
    const session = await device.open();
    const told = Object.values((await session.bgpDetail?.()) ?? {}).flatMap((vrf) => Object.values(vrf).flat());
    expect(Object.fromEntries(told.map((peer) => [peer.remote_address, peer.local_address]))).toEqual({
      '10.0.0.0': '10.0.0.1',
      '10.255.0.8': '10.255.0.7',
      '2001:db8::2': '2001:db8::1',
      '10.0.0.4': '10.0.0.3',
    });
  });
});
