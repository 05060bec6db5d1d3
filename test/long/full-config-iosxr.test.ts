import { readFileSync } from 'node:fs';
import { iosxr } from '../../runners/drivers/iosxr/platform.ts';
import { fullConfig } from '../drivers/full-config.ts';

const full = readFileSync(new URL('../drivers/iosxr/full.cfg', import.meta.url), 'utf8');

const description = (text: string): string => ` description ${text}`;

const lines = (count: number): string => {
  const out = ['hostname r1', 'username admin', ' group root-lr', ' secret 5 $1$abc$def', '!'];
  for (let port = 1; out.length < count; port++) {
    out.push(`interface Loopback${port}`, description(`Zürich 東京 ${port}`));
    out.push(` ipv4 address 10.${port >> 8}.${port & 255}.1 255.255.255.255`, '!');
  }
  return `${out.join('\n')}\nend\n`;
};

for (const transport of ['ssh', 'telnet'] as const) {
  fullConfig(`a router with IOS-XR over ${transport}`, {
    driver: iosxr,
    transport,
    platform: 'iosxr',
    full,
    loose: (text) =>
      text
        .replace(/^hostname/m, '!! IOS XR Configuration version = 7.3.1\n! who we are\n\n \t\nhostname')
        .replace(/^( group root-lr)$/m, '$1 \t ')
        .replace(/^interface/m, '   ! an indented comment\ninterface'),
    comment: '! a comment',
    description,
    lines,
    says: /% Invalid input detected/,
    bad: [
      {
        where: 'in an interface',
        line: ' ipv4 address 10.0.0.7 255.255.255.255',
        instead: ' ipv5 address 10.0.0.7 255.255.255.255',
      },
      { where: 'right after a policy', line: ' bgp router-id 10.0.0.1', instead: ' bgpp router-id 10.0.0.1' },
      { where: 'deep in BGP', line: '   route-policy PASS(20) out', instead: '   route-policies PASS(20) out' },
      { where: 'right before a banner', line: 'ssh server v2', instead: 'sssh server v2' },
    ],
  });
}
