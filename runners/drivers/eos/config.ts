import { comparable, withoutEnds } from '../../../core/text/line-ends.ts';
import type { LineRules } from '../../session/text/config-lines.ts';

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

const volatile = /^! (?:Command:|device:|Startup-config last modified|boot system )/;

/** Without the header that names the command, the device and dates. */
export const normalise = (config: string): string =>
  `${withoutEnds(comparable(config, (line) => volatile.test(line)))}\n`;

export const hostname = (config: string): string | undefined => /^hostname (\S+)/m.exec(config)?.[1];
