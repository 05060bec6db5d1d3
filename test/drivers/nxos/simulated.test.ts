import { nxos } from '../../../runners/drivers/nxos/platform.ts';
import { lifecycle } from '../lifecycle.ts';

const config = (more: string) => `version 10.3(4a) Bios:version
hostname r1
feature bgp
username admin password 5 $5$abc$def  role network-admin

interface mgmt0
  vrf member management
  ip address 10.0.0.15/24

${more}router bgp 65001
  router-id 10.0.0.1
  neighbor 10.0.0.2
    remote-as 65002
    address-family ipv4 unicast

line vty
`;

for (const transport of ['ssh', 'telnet'] as const) {
  lifecycle(`a switch with NX-OS over ${transport}`, {
    driver: nxos,
    transport,
    platform: 'nxos',
    before: config(''),
    after: config('interface loopback7\n  ip address 10.0.0.7/32\n\n'),
    mark: 'loopback7',
    commits: 'commit-timeout',
    bad: { text: config('rooter bgp 65000\n\n'), line: 10 },
    secret: { text: config('username bob password hunter2 role network-operator\n'), line: 10 },
  });
}
