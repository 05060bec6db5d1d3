import type { LineRules } from '../cli-session-lines.ts';
import type { PlainSecret } from '../plain-secrets.ts';

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

export const plainSecrets: readonly PlainSecret[] = [
  {
    pattern: /^\s*enable (?:password|secret) (?:0 )?(?!(?:0|5|7|8a|sha512) )\S+\s*$/,
    write: 'enable password sha512 $6$…',
  },
  { pattern: /^\s*enable (?:password|secret) 0 /, write: 'enable password sha512 $6$…' },
  {
    pattern: /^\s*username \S+ .*\bsecret (?:0 \S+|(?!(?:0|5|7|8a|sha512|\*) )\S+\s*$)/,
    write: 'username NAME secret sha512 $6$…',
  },
  { pattern: /^\s*aaa root secret (?:0 \S+|(?!(?:0|5|7|8a|sha512) )\S+\s*$)/, write: 'aaa root secret sha512 $6$…' },
  { pattern: /^\s*neighbor \S+ password (?:0 \S+|(?!(?:0|7|8a) )\S+\s*$)/, write: 'neighbor PEER password 7 …' },
  {
    pattern: /^\s*(?:tacacs|radius)-server .*\bkey (?:0 \S+|(?!(?:0|7|8a) )\S+\s*$)/,
    write: 'tacacs-server … key 7 …',
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
