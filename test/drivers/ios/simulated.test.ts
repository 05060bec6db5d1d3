import { ios } from '../../../runners/drivers/ios/platform.ts';
import { lifecycle } from '../lifecycle.ts';

const config = (more: string) => `version 16.12
service timestamps debug datetime msec
hostname r1
!
enable secret 9 $9$abc$def
username admin privilege 15 secret 9 $9$abc$ghi
!
archive
 path bootflash:archive
!
interface GigabitEthernet1
 ip address 10.0.0.1 255.255.255.0
 no shutdown
!
${more}router bgp 65001
 neighbor 10.0.0.2 remote-as 65002
!
banner motd ~
 Zürich { on-call }
~
line vty 0 4
 login local
end
`;

for (const transport of ['ssh', 'telnet'] as const) {
  lifecycle(`a router with IOS over ${transport}`, {
    driver: ios,
    transport,
    platform: 'ios',
    before: config(''),
    after: config('interface Loopback7\n ip address 10.0.0.7 255.255.255.255\n!\n'),
    mark: 'Loopback7',
    commits: 'configure replace .* timer',
    bad: { text: config('rooter bgp 65000\n!\n'), line: 15 },
    secret: { text: config('username bob secret hunter2\n!\n'), line: 15 },
    foreign: (_, session) => session.run('configure terminal revert timer 5'),
  });
}
