import { testPairs, testRefused } from './frr-pairs.ts';
import { describeRelease } from './frr-releases.ts';

await describeRelease('8.4', 'a text and another one on FRR 8.4', (release) => {
  testPairs(release);
  testRefused(release, [
    {
      of: 'babeld',
      text: 'interface eth1\n babel wired\nexit\n',
      why: /cannot be undone.*while FRR 8\.\S+ runs.*"interface eth1 \/ babel wired"/,
    },
    {
      of: 'bgpd',
      text: 'service password-encryption\npassword plain\n',
      why: /line 6: with "service password-encryption"/,
    },
  ]);
});
