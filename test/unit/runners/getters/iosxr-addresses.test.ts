import { expect, it } from 'vitest';
import { interfacesIp } from '../../../../runners/drivers/iosxr/getters/cli/interfaces-ip.ts';

it('IOS-XR without NETCONF tells the addresses of all interfaces, of both families', () => {
  const answers: Record<string, string> = {
    'show ipv4 vrf all interface': `GigabitEthernet0/0/0/0 is Up, ipv4 protocol is Up 
  Vrf is default (vrfid 0x60000000)
  Internet address is 10.0.0.1/31
  Secondary address 10.1.0.1/24
  MTU is 1514 (1500 is available to IP)
  ICMP redirects are never sent
GigabitEthernet0/0/0/1 is Shutdown, ipv4 protocol is Down 
  Vrf is default (vrfid 0x60000000)
  Internet protocol processing disabled
`,
    'show ipv6 vrf all interface': `GigabitEthernet0/0/0/0 is Up, ipv6 protocol is Up, Vrfid is default (0x60000000)
  IPv6 is enabled, link-local address is fe80::5054:ff:fe00:1 
  Global unicast address(es):
    2001:db8::1, subnet is 2001:db8::/64 
  Joined group address(es): ff02::1:ff00:1 ff02::2 ff02::1
`,
  };
  expect(interfacesIp.parse({ get: (request) => answers[request] })).toEqual({
    'GigabitEthernet0/0/0/0': {
      ipv4: { '10.0.0.1': { prefix_length: 31 }, '10.1.0.1': { prefix_length: 24 } },
      ipv6: { 'fe80::5054:ff:fe00:1': { prefix_length: 10 }, '2001:db8::1': { prefix_length: 64 } },
    },
  });
});
