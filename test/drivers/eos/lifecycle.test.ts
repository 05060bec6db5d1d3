import { eos } from '../../../runners/drivers/eos/platform.ts';
import { lifecycle } from '../lifecycle.ts';

const config = (more: string) => `hostname r1
!
username admin privilege 15 role network-admin secret sha512 $6$abc$def
!
interface Ethernet1
   no switchport
   ip address 10.0.0.1/31
!
${more}router bgp 65001
   router-id 10.0.0.1
   neighbor 10.0.0.0 remote-as 65002
!
end
`;

for (const transport of ['ssh', 'eapi'] as const) {
  lifecycle(`a switch with EOS over ${transport}`, {
    driver: eos,
    transport,
    platform: 'eos',
    before: config(''),
    after: config('interface Loopback7\n   ip address 10.0.0.7/32\n!\n'),
    mark: 'Loopback7',
    commits: 'commit timer',
    bad: { text: config('rooter bgp 65000\n!\n'), line: 9 },
    secret: { text: config('username bob secret hunter2\n!\n'), line: 9 },
  });
}
