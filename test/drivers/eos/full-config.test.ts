import { readFileSync } from 'node:fs';
import { eos } from '../../../runners/drivers/eos/platform.ts';
import { fullConfig } from '../full-config.ts';

const full = readFileSync(new URL('full.cfg', import.meta.url), 'utf8');

const description = (text: string): string => `   description ${text}`;

const lines = (count: number): string => {
  const out = ['hostname r1', '!', 'username admin privilege 15 role network-admin secret sha512 $6$abc$def', '!'];
  for (let port = 1; out.length < count; port++) {
    out.push(
      `interface Loopback${port}`,
      description(`Zürich 東京 ${port}`),
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
    full,
    loose: (text) =>
      text
        .replace(/^hostname/m, '! who we are\n\n \t\nhostname')
        .replace(/^ {3}mtu/m, '\tmtu')
        .replace(/^( {3}no switchport)$/m, '$1 \t ')
        .replace(/^interface/m, '   ! an indented comment\ninterface'),
    comment: '! a comment',
    description,
    lines,
    says: /[Ii]nvalid input/,
    bad: [
      { where: 'in an interface', line: '   mtu 9214', instead: '   mtuu 9214' },
      { where: 'after a script', line: '   router-id 10.0.0.1', instead: '   routerr-id 10.0.0.1' },
      { where: 'deep in BGP', line: '      neighbor 10.0.0.0 activate', instead: '      neighbour 10.0.0.0 activate' },
      { where: 'that begins a block', line: '      code unit policies', instead: '      kode unit policies' },
      { where: 'that begins a banner', line: 'banner motd', instead: 'banners motd' },
      { where: 'right after a banner', line: 'management api http-commands', instead: 'managment api http-commands' },
      {
        where: 'that begins a certificate',
        line: '   protocol https certificate',
        instead: '   protocols https certificate',
      },
      { where: 'right after a certificate', line: '   no shutdown', instead: '   no shutdwon' },
    ],
  });
}
