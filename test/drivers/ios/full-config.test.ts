import { readFileSync } from 'node:fs';
import { ios } from '../../../runners/drivers/ios.ts';
import { fullConfig } from '../full-config.ts';

const full = readFileSync(new URL('full.cfg', import.meta.url), 'utf8');

const lines = (count: number): string => {
  const out = [
    'version 16.12',
    'hostname r1',
    '!',
    'enable secret 9 $9$abc$def',
    'archive',
    ' path bootflash:archive',
    '!',
  ];
  for (let port = 1; out.length < count; port++) {
    out.push(`interface Loopback${port}`, ` description Zürich 東京 ${port}`);
    out.push(` ip address 10.${port >> 8}.${port & 255}.1 255.255.255.255`, '!');
  }
  return `${out.join('\n')}\nend\n`;
};

for (const transport of ['ssh', 'telnet'] as const) {
  fullConfig(`a router with IOS over ${transport}`, {
    driver: ios,
    transport,
    platform: 'ios',
    before: lines(8),
    full,
    loose: (text) =>
      text
        .replace(/^hostname/m, 'Building configuration...\n! who we are\n\n \t\nhostname')
        .replace(/^ {1}rd/m, '\trd')
        .replace(/^( revocation-check none)$/m, '$1 \t ')
        .replace(/^interface/m, '   ! an indented comment\ninterface')
        .replaceAll('^C', '\u0003'),
    longLine: ' description …',
    lines,
    bad: [],
  });
}
