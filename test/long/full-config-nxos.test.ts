import { readFileSync } from 'node:fs';
import { nxos } from '../../runners/drivers/nxos/platform.ts';
import { fullConfig } from '../drivers/full-config.ts';

const full = readFileSync(new URL('../drivers/nxos/full.cfg', import.meta.url), 'utf8');

const description = (text: string): string => `  description ${text}`;

const lines = (count: number): string => {
  const out = ['version 10.3(4a) Bios:version', 'hostname r1', 'feature bgp', ''];
  out.push('username admin password 5 $5$abc$def  role network-admin', '');
  for (let port = 1; out.length < count; port++) {
    out.push(`interface loopback${port}`, description(`Zürich 東京 ${port}`));
    out.push(`  ip address 10.${port >> 8}.${port & 255}.1/32`, '');
  }
  return `${out.join('\n')}\n`;
};

for (const transport of ['ssh', 'telnet'] as const) {
  fullConfig(`a switch with NX-OS over ${transport}`, {
    driver: nxos,
    transport,
    platform: 'nxos',
    full,
    loose: (text) =>
      text
        .replace(/^hostname/m, '!Command: show running-config\n! who we are\n\n \t\nhostname')
        .replace(/^ {2}vrf member/m, '\tvrf member')
        .replace(/^( {2}name Tenant_A)$/m, '$1 \t ')
        .replace(/^interface/m, '   ! an indented comment\ninterface'),
    comment: '! a comment',
    description,
    lines,
    says: /Syntax error while parsing/,
    bad: [
      { where: 'in an interface', line: '  ip address 10.0.0.7/32', instead: '  ipp address 10.0.0.7/32' },
      { where: 'right after a banner', line: 'ip domain-lookup', instead: 'ipp domain-lookup' },
      { where: 'deep in BGP', line: '    remote-as 65002', instead: '    remoteas 65002' },
    ],
  });
}
