import { comwareBgp } from '../getters/vrp/bgp.ts';
import { comwareFacts } from '../getters/vrp/facts.ts';
import { interfacesIp } from '../getters/vrp/interfaces-ip.ts';
import { commandDriver } from './generic-platform.ts';

/** HPE Comware 5 and 7. Source: HPE FlexNetwork Fundamentals Configuration Guide; netmiko's hp_comware driver. */
export const hp_comware = commandDriver({
  platform: 'hp_comware',
  cli: {
    prompt: /^(?:RBM_.)?(?:<[\w.\-@()/:]{1,48}>|\[[\w.\-@/:]{1,64}\])\s*$/,
    configPrompt: /^(?:RBM_.)?\[[\w.\-@/:]{1,64}\]\s*$/,
    base: /^(?:RBM_.)?[<[](?<base>[\w.@()/:]+)/,
    errors: [
      /^\s*% ?(?:Unrecognized command found|Incomplete command|Ambiguous command|Too many parameters|Wrong parameter)[^\n]*/m,
    ],
    setup: ['screen-length disable'],
    questions: [{ ask: /press (?:Y or )?ENTER to (?:continue|get started)[^\n]*$/i, answer: 'Y' }],
    refusals: [/^.*(?:AAA authentication failed|Login failed|Access denied)[^\n]*/im],
    pagers: [/^\s*---- More ----\s*$/],
  },
  show: { running: 'display current-configuration', startup: 'display saved-configuration' },
  leave: 'return',
  hostname: /^\s*sysname (\S+)/m,
  volatile: /^#?\s*$/,
  rules: { drop: /^\s*#|^return\s*$/ },
  getters: { facts: comwareFacts, bgp: comwareBgp, 'interfaces-ip': interfacesIp },
  tested: 'prompts and errors against patterns only: no device, no recording',
  notes: [],
});
