import { readFileSync } from 'node:fs';
import { junos } from '../../../runners/drivers/junos/platform.ts';
import { fullConfig } from '../full-config.ts';

const full = readFileSync(new URL('full.cfg', import.meta.url), 'utf8');

const description = (text: string): string => `            description "${text}";`;

const lines = (count: number): string => {
  const out = ['system {', '    host-name r1;', '    root-authentication {'];
  out.push('        encrypted-password "$6$abc$def"; ## SECRET-DATA', '    }', '}', 'interfaces {', '    lo0 {');
  for (let unit = 1; out.length < count; unit++) {
    out.push(`        unit ${unit} {`, description(`Zürich 東京 ${unit}`));
    out.push('            family inet {', `                address 10.${unit >> 8}.${unit & 255}.1/32;`);
    out.push('            }', '        }');
  }
  return `${out.join('\n')}\n    }\n}\n`;
};

for (const transport of ['netconf', 'ssh', 'telnet'] as const) {
  fullConfig(`a router with Junos over ${transport}`, {
    driver: junos,
    transport,
    platform: 'junos',
    full,
    loose: (text) =>
      text
        .replace(/^system/m, '## Last commit: 2026-11-21 06:00:00 UTC by admin\n# who we are\n\n \t\nsystem')
        .replace(/^ {4}host-name/m, '\thost-name')
        .replace(/^( {4}services \{)$/m, '$1 \t ')
        .replace(/^interfaces \{/m, 'interfaces\n{ # the ports'),
    comment: '# a comment',
    awkward: [
      'who?',
      '?? what \t is\tbehind a TAB?',
      '$HOME [exit] $x(y) `id` ; # | match ?',
      '} a brace { and } three }',
    ],
    description,
    lines,
    says: /syntax error/,
    bad: [
      {
        where: 'in an interface',
        line: '                address 10.0.0.1/31;',
        instead: '                adress 10.0.0.1/31;',
      },
      { where: 'right after quoted text', line: '    services {', instead: '    servicess {' },
      {
        where: 'in an inactive part',
        line: '        description "not yet: 東京→Zürich";',
        instead: '        descripshun "not yet: 東京→Zürich";',
      },
      { where: 'deep in BGP', line: '            peer-as 65002;', instead: '            peeras 65002;' },
    ],
  });
}
