import type { CliDriver } from '../../dialogue/cli-driver.ts';

/** The command line of Comware 5 and 7. Source: HPE FlexNetwork Fundamentals Configuration Guide; netmiko's hp_comware driver. */
export const comwareCli: CliDriver = {
  prompt: /^(?:RBM_.)?(?:<[\w.\-@()/:]{1,48}>|\[[\w.\-@/:]{1,64}\])\s*$/,
  configPrompt: /^(?:RBM_.)?\[[\w.\-@/:]{1,64}\]\s*$/,
  base: /^(?:RBM_.)?[<[](?<base>[\w.@()/:]+)/,
  errors: [
    /^[ \t]*% ?(?:Unrecognized command found|Incomplete command|Ambiguous command|Too many parameters|Wrong parameter|Permission denied)[^\n]*/m,
    /^[^\r\n]*\[Y\/N\]:? ?N[ \t]*$/m, // a question that we do not know, answered below
  ],
  setup: ['screen-length disable'],
  // Nothing makes a `?` or a TAB a text: Ctrl-V pastes. Source: HPE 5940 Fundamentals, "Configuring and using command hotkeys".
  typing: { keys: '?\t' },
  questions: [
    { ask: /press (?:Y or )?ENTER to (?:continue|get started)[^\n]*$/i, answer: '' },
    { ask: /\[Y\/N\]:?\s*$/i, answer: 'N' },
  ],
  refusals: [/^.*(?:AAA authentication failed|Login failed|Access denied)[^\n]*/im],
  pagers: [/^\s*---- More ----\s*$/],
};
