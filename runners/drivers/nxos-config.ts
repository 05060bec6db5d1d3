import type { PlainSecret } from '../plain-secrets.ts';

// What is special about NX-OS configuration text.

const volatile =
  /^!(?:Command: |Running configuration last done at: |Startup config saved at: |Time: |NVRAM config last updated)|^Startup config saved at: /;

export const plainSecrets: readonly PlainSecret[] = [
  {
    pattern: /^\s*username \S+ .*\bpassword (?:0 \S|(?![0-9] |8 )\S+(?:\s+role .*)?$)/,
    write: 'username NAME password 5 $5$… role …',
  },
  {
    pattern: /^\s*(?:enable secret|snmp-server user \S+ \S+ auth (?:md5|sha) (?!0x)\S+)(?!.*localizedkey)/,
    write: 'snmp-server user … localizedkey',
  },
];

/** Without the header of dates; blank lines part blocks on NX-OS and mean nothing. */
export const normalise = (config: string): string =>
  `${config
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .filter((line) => !volatile.test(line) && line.trim() !== '' && line.trim() !== '!')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;

export const hostname = (config: string): string | undefined => /^(?:hostname|switchname) (\S+)/m.exec(config)?.[1];
