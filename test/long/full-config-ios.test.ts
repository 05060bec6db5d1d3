import { readFileSync } from 'node:fs';
import { ios } from '../../runners/drivers/ios/platform.ts';
import { fullConfig } from '../drivers/full-config.ts';

const full = readFileSync(new URL('../drivers/ios/full.cfg', import.meta.url), 'utf8');

const description = (text: string): string => ` description ${text}`;

const lines = (count: number): string => {
  const out = ['version 16.12', '!', 'hostname r1', '!', 'enable secret 9 $9$abc$def', '!'];
  out.push('archive', ' path bootflash:archive');
  for (let port = 1; out.length < count; port++) {
    out.push('!', `interface Loopback${port}`, description(`Zürich 東京 ${port}`));
    out.push(` ip address 10.${port >> 8}.${port & 255}.1 255.255.255.255`);
  }
  return `${out.join('\n')}\nend\n`;
};

for (const transport of ['ssh', 'telnet'] as const) {
  fullConfig(`a router with IOS over ${transport}`, {
    driver: ios,
    transport,
    platform: 'ios',
    full,
    loose: (text) =>
      text
        .replace(/^hostname/m, 'Building configuration...\n! who we are\n\n \t\nhostname')
        .replace(/^ {1}rd/m, '\trd')
        .replace(/^( revocation-check none)$/m, '$1 \t ')
        .replace(/^interface/m, '   ! an indented comment\ninterface')
        .replaceAll('^C', '\u0003'),
    comment: '! a comment',
    description,
    lines,
    says: /Failed to apply command/,
    bad: [
      {
        where: 'in an interface',
        line: ' ip address 10.0.0.7 255.255.255.255',
        instead: ' ipp address 10.0.0.7 255.255.255.255',
      },
      { where: 'right after a certificate', line: ' path bootflash:archive', instead: ' pathh bootflash:archive' },
      { where: 'deep in BGP', line: '  neighbor 10.0.0.2 activate', instead: '  neighbour 10.0.0.2 activate' },
      { where: 'right after a banner', line: 'kron policy-list SAVE', instead: 'kronos policy-list SAVE' },
      { where: 'in an applet', line: ' action 1.0 cli command "enable"', instead: ' actions 1.0 cli command "enable"' },
    ],
  });
}
