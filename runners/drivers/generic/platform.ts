import { commandDriver } from '../../session/command-driver.ts';

/** Any device whose command line ends its prompt in `>`, `#` or `$`: commands, and `show running-config` where there is one. */
export const generic = commandDriver({
  platform: 'generic',
  cli: {
    prompt: /^[^\s#>$][^#>$\n]{0,80}[#>$]\s?$/,
    errors: [
      /^[ \t]*% ?(?:\[\w+\] )?(?:Invalid|Incomplete|Command incomplete|Ambiguous|Unknown|Unrecognized|Bad|Error)[^\n]*/im,
      /^(?:Error|Syntax error)\b[^\n]*/im,
      /^.*: (?:command )?not found$/m,
    ],
    setup: ['terminal length 0'],
    refusals: [/^.*(?:Login (?:incorrect|failed)|Permission denied|Authentication failed)[^\n]*/im],
    pagers: [/^\s*-+ ?\(?[Mm]ore\)? ?-+.*$/],
    pagerEnds: [/^\(END\)\s*$/],
  },
  show: { running: 'show running-config' },
  leave: 'end',
  hostname: /^[ \t]*(?:hostname|sysname|system-name) "?([\w.-]+)"?/m,
  volatile: /^\s*$/,
  rules: { drop: /^\s*[!#]/ },
  tested: 'a Linux shell by SSH and telnet, for real',
  notes: [
    'Prompts and errors are guessed; write a driver for what you have more than one of (docs/add-a-platform.md).',
  ],
});
