import { commandDriver } from '../../session/command-driver.ts';
import { adapt } from './shell-lines.ts';

/** Any device whose command line ends its prompt in a sign as shells do: commands, and `show running-config` where there is one. */
export const generic = commandDriver({
  platform: 'generic',
  cli: {
    // fish says a vt100 how long to wait before its prompt: $<3>
    prompt: /^(?:\$<\d+>)?(?:[^\s#>$][^#>$\n]{0,80})?(?:[#>$❯❱➜»›λ\ue0b0]|(?<![\d\s])%)\s?$/,
    errors: [
      /^[ \t]*% ?(?:\[\w+\] )?(?:Invalid|Incomplete|Command incomplete|Ambiguous|Unknown|Unrecognized|Bad|Error)[^\n]*/im,
      /^(?:Error|Syntax error)\b[^\n]*/im,
      /^.*: (?:command )?not found$/m,
    ],
    setup: [],
    adapt,
    refusals: [/^.*(?:Login (?:incorrect|failed)|Permission denied|Authentication failed)[^\n]*/im],
    pagers: [/^\s*-+ ?\(?[Mm]ore\)? ?-+.*$/],
    pagerEnds: [/^\(END\)\s*$/],
  },
  show: { running: 'show running-config' },
  leave: 'end',
  hostname: /^[ \t]*(?:hostname|sysname|system-name) "?([\w.-]+)"?/m,
  volatile: /^\s*$/,
  rules: { drop: /^\s*[!#]/ },
  tested: 'bash, dash, busybox sh, zsh and fish by SSH, a shell and a vty by telnet, for real',
  notes: [
    'Prompts and errors are guessed; write a driver for anything you have more than one of (docs/add-a-platform.md).',
  ],
});
