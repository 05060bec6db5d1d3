import type { CliDriver } from '../../dialogue/cli-driver.ts';

/** FRR's vtysh, 7.5 and later. Source: FRR User Guide, "VTY shell". */
export const vtysh = {
  prompt: /^[\w.-]+(?:\([\w-]+\))?[>#] ?$/,
  configPrompt: /^[\w.-]+\(config[\w-]*\)# ?$/,
  errors: [
    /^% (?:Unknown command|Command incomplete|Ambiguous command|There is no matched command).*/m,
    /^% .*/m,
    /^Permission denied.*/m,
    /^ERROR: .*/m,
    /^VTY configuration is locked by other VTY.*/m,
  ],
  setup: ['terminal length 0'],
  pagers: [/^--More--$/, /^\(END\)$/, /^:$/],
} satisfies CliDriver;
