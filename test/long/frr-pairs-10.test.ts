import { testPairs, testRefused } from './frr-pairs.ts';
import { describeRelease } from './frr-releases.ts';

const isis = (tag: string, lines: string) =>
  `interface eth1\n ip router isis ${tag}\nexit\n!\nrouter isis ${tag}\n net 49.0001.0000.0000.0001.00\n${lines}exit\n`;

await describeRelease('10.3', 'a text and another one on FRR 10.3', (release) => {
  testPairs(release);
  testRefused(release, [
    {
      of: 'bgpd',
      text: 'router bgp 65001 view V1\n neighbor 192.0.2.1 remote-as 65002\nexit\n',
      why: /cannot be undone.*while FRR 10\.3 runs.*view V1/,
    },
    {
      of: 'bgpd',
      text: 'service password-encryption\npassword plain\n',
      why: /line 6: with "service password-encryption"/,
    },
    {
      of: 'isisd',
      from: isis('CORE', ''),
      text: isis('EDGE', ' mpls-te on\n'),
      why: /this change crashes isisd of FRR 10\.3; nothing was changed/,
    },
  ]);
});
