import type { LineRules } from '../cli-session-lines.ts';
import { type PlainSecret, plain } from '../plain-secrets.ts';

// What is special about EOS configuration text.

// EOS takes an indented EOF too: AVD writes the scripts of event handlers so.
const end = /^\s*EOF\s*$/;

/** Comments are `!`; `!!` is a comment of a mode, which is configuration. Texts end with EOF: banners, scripts, certificates. */
export const lineRules: LineRules = {
  drop: /^\s*!(?!!)|^end\s*$/,
  blocks: [
    { begin: /^\s*banner (?:login|motd)\s*$/, end },
    { begin: /^\s*comment\s*$/, end },
    { begin: /^\s*action bash\s*$/, end },
    { begin: /^\s*code(?: unit \S+)?\s*$/, end },
    { begin: /^\s*protocol https certificate\s*$/, end, ends: 2 },
  ],
};

/** Secrets that EOS stores hashed or encrypted. Source: EOS User Manual, the commands' own pages. */
export const plainSecrets: readonly PlainSecret[] = [
  plain('enable (?:password|secret)', '5|sha512', 'enable password sha512 $6$…'),
  plain('username \\S+ .*\\bsecret', '5|sha512|\\*', 'username NAME secret sha512 $6$…'),
  plain('aaa root secret', '5|sha512', 'aaa root secret sha512 $6$…'),
  plain('neighbor \\S+ password', '7|8a|shared-secret', 'neighbor PEER password 7 …'),
  plain('(?:tacacs|radius)-server(?: host .*)? key', '7|8a', 'tacacs-server … key 7 …'),
  plain('ip ospf authentication-key', '7|8a', 'ip ospf authentication-key 7 …'),
  plain('ip ospf message-digest-key \\d+ \\S+', '7|8a', 'ip ospf message-digest-key ID sha512 7 …'),
  plain('(?:isis )?authentication(?: key-id \\d+ algorithm \\S+)? key', '7|8a', 'isis authentication key 7 …'),
  plain('ntp authentication-key \\d+ \\S+', '7|8a', 'ntp authentication-key ID sha1 7 …'),
  plain('(?:shared-key|passphrase)', '7|8a', 'shared-key 7 …'),
  plain('mpls ldp .*\\bpassword', '7|8a', 'password 7 …'),
  {
    pattern: /^\s*(snmp-server user \S+ \S+ v3) auth /,
    write: 'snmp-server user NAME GROUP v3 localized ENGINE auth sha 0x…',
  },
];

const volatile = /^! (?:Command:|device:|Startup-config last modified|boot system )/;

/** Without the header that names the command, the device and dates. */
export const normalise = (config: string): string =>
  `${config
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .filter((line) => !volatile.test(line))
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^(?:!?\n)+/, '')
    .replace(/\n+$/, '')}\n`;

export const hostname = (config: string): string | undefined => /^hostname (\S+)/m.exec(config)?.[1];
