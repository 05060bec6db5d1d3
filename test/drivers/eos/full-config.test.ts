import { readFileSync } from 'node:fs';
import { eos } from '../../../runners/drivers/eos.ts';
import { fullConfig } from '../full-config.ts';

const full = readFileSync(new URL('full.cfg', import.meta.url), 'utf8');

const lines = (count: number): string => {
  const out = ['hostname r1', '!', 'username admin privilege 15 role network-admin secret sha512 $6$abc$def', '!'];
  for (let port = 1; out.length < count; port++) {
    out.push(
      `interface Loopback${port}`,
      `   description Zürich 東京 ${port}`,
      `   ip address 10.${port >> 8}.${port & 255}.1/32`,
      '!',
    );
  }
  return `${out.join('\n')}\nend\n`;
};

for (const transport of ['ssh', 'eapi'] as const) {
  fullConfig(`a switch with EOS over ${transport}`, {
    driver: eos,
    transport,
    platform: 'eos',
    before: lines(8),
    full,
    loose: (text) =>
      text
        .replace(/^hostname/m, '! who we are\n\n \t\nhostname')
        .replace(/^ {3}mtu/m, '\tmtu')
        .replace(/^( {3}no switchport)$/m, '$1 \t ')
        .replace(/^interface/m, '   ! an indented comment\ninterface'),
    longLine: '   description …',
    lines,
    bad: [],
  });
}
