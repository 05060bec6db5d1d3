import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../../core/diff/diff.ts';
import { riskOf } from '../../../../core/diff/risk.ts';

describe('the risk of a diff', () => {
  it.each([
    ['EOS', ' interface Ethernet1\n+   shutdown\n', ['interface shut']],
    ['EOS', ' interface Ethernet1\n-   shutdown\n+   no shutdown\n', []],
    ['EOS', ' interface Ethernet1\n+   description to spine1\n', []],
    ['EOS', ' router bgp 65001\n+   neighbor 10.0.0.1 remote-as 65002\n', ['BGP session', 'routing']],
    ['EOS', '+route-map OUT permit 10\n+   set metric 5\n', ['routing policy']],
    ['EOS', '@@ -1,3 +1,4 @@ route-map OUT permit 10\n+   set metric 5\n', ['routing policy']],
    ['EOS', '-username ops secret x\n', ['access to the device']],
    ['EOS', ' management api http-commands\n-   no shutdown\n', ['access to the device']],
    ['EOS', ' interface Management1\n-   ip address 192.0.2.1/24\n', ['management interface']],
    ['IOS', 'interface Loopback1\n +description x\n', []],
    ['IOS', 'route-map OUT permit 10\n +set metric 5\n', ['routing policy']],
    ['IOS', '-ip route 0.0.0.0 0.0.0.0 192.0.2.1\n', ['default route']],
    ['IOS', '+control-plane\n + service-policy input COPP\n', ['control plane']],
    [
      'Junos',
      '[edit protocols bgp group up]\n+     neighbor 10.0.0.1 { peer-as 65002; }\n',
      ['BGP session', 'routing'],
    ],
    ['Junos', '[edit system login]\n-    user ops {\n-        class super-user;\n', ['access to the device']],
    ['Junos', '[edit interfaces ge-0/0/0]\n+   disable;\n', ['interface shut']],
    ['Junos', '[edit interfaces fxp0 unit 0]\n-   family inet { address 192.0.2.1/24; }\n', ['management interface']],
    ['XR', ' route-policy OUT\n+  drop\n end-policy\n', ['routing policy']],
    ['FRR', ' router bgp 65001\n- neighbor 10.0.0.1 peer-group up\n', ['BGP session', 'routing']],
  ])('%s: %j is %j', (_, diff, why) => {
    expect(riskOf(diff).why.sort()).toEqual([...why].sort());
  });

  it('counts each kind once, the worst first, and is at most 100', () => {
    const diff = '-username a\n-username b\n+route-map X permit 1\n';
    expect(riskOf(diff)).toEqual({ score: 70, why: ['access to the device', 'routing policy'] });
    const all = `${diff}+control-plane\n+shutdown\n-interface Vlan1\n+router bgp 1\n+ neighbor 10.0.0.1 remote-as 1\n`;
    expect(riskOf(all).score).toBe(100);
  });

  it('finds the section of a line that our own diff shows, also where its head is no line of the hunk', () => {
    const long = ['router bgp 65001', ...Array.from({ length: 20 }, (_, index) => `   network 10.0.${index}.0/24`), ''];
    const after = long.with(12, '   network 10.9.9.0/24');
    expect(riskOf(unifiedDiff(long.join('\n'), after.join('\n'))).why).toEqual(['routing']);
  });

  it('counts a large difference as dangerous by itself', () => {
    const lines = (many: number) =>
      Array.from({ length: many }, (_, index) => `+snmp-server host h${index}\n`).join('');
    expect([99, 100, 500].map((many) => riskOf(lines(many)).score)).toEqual([0, 10, 25]);
  });

  it('is 0 of nothing', () => {
    expect(riskOf('')).toEqual({ score: 0, why: [] });
  });

  it('takes no longer per line of what a device makes up', () => {
    const hostile = (many: number) =>
      `@@ ${'@@ '.repeat(many)}\n+${' '.repeat(many)}x\n[edit ${'a '.repeat(many)}]\n+x\n`;
    const took = (many: number) => {
      const from = performance.now();
      riskOf(hostile(many));
      return performance.now() - from;
    };
    took(1_000);
    expect(took(200_000)).toBeLessThan(5_000);
  });
});
