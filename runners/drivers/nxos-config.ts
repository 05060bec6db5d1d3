import { type PlainSecret, plain } from '../plain-secrets.ts';

// What is special about NX-OS configuration text.

const volatile =
  /^!(?:Command: |Running configuration last done at: |Startup config saved at: |Time: |NVRAM config last updated)|^Startup config saved at: /;

/** Secrets that NX-OS stores hashed or encrypted. Source: Nexus 9000 Series NX-OS Security Configuration Guide. */
export const plainSecrets: readonly PlainSecret[] = [
  plain('username \\S+ password', '5|8|9', 'username NAME password 5 $5$… role …', '(?:\\s+(?:role|expire) .*)?'),
  plain('enable secret', '5', 'enable secret 5 $5$…', '(?: priv-lvl \\d+)?'),
  { pattern: /^\s*(snmp-server user \S+)(?!.*localized)(?:.*) auth /, write: 'snmp-server user … localizedkey' },
  plain('(?:neighbor \\S+ |\\s+)password', '3|6|7', 'password 3 …'),
  plain('(?:tacacs|radius)-server(?: host \\S+)? key', '6|7', 'tacacs-server key 7 "…"', '(?: .*)?'),
  plain('key-string', '6|7', 'key-string 7 …'),
  plain('ip ospf authentication-key', '3|6|7', 'ip ospf authentication-key 3 …'),
  plain('ip ospf message-digest-key \\d+ md5', '3|6|7', 'ip ospf message-digest-key ID md5 3 …'),
  plain('authentication md5 key-string', '7', 'authentication md5 key-string 7 …'),
  { pattern: /^\s*(ntp authentication-key \d+ md5) \S+(?: 0)?\s*$/, write: 'ntp authentication-key ID md5 … 7' },
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
