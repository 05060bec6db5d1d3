import { vrpBgp } from '../getters/vrp/bgp.ts';
import { vrpFacts } from '../getters/vrp/facts.ts';
import { interfacesIp } from '../getters/vrp/interfaces-ip.ts';
import { commandDriver } from './generic-platform.ts';

/** Huawei VRP 5 and 8. Source: Huawei CLI Configuration Guide, "Using the CLI"; netmiko's huawei driver. */
export const huawei_vrp = commandDriver({
  platform: 'huawei_vrp',
  cli: {
    prompt: /^(?:HRP_[AMS])?(?:<[\w.\-@()/:]{1,48}>|\[[~*]?[\w.\-@/:]{1,64}\])\s*$/,
    configPrompt: /^(?:HRP_[AMS])?\[[~*]?[\w.\-@/:]{1,64}\]\s*$/,
    base: /^(?:HRP_[AMS])?[<[][~*]?(?<base>[\w.@()/:]+)/,
    errors: [
      /^\s*Error: ?[^\n]*/m,
      /^.*Unrecognized command found at '\^' position\.$/m,
      /^.*Failed to generate committed config[^\n]*/m,
    ],
    setup: ['screen-length 0 temporary', 'screen-width 255'],
    questions: [
      { ask: /(?:change (?:the )?(?:initial )?password|password needs to be changed).*\[Y\/N\]:?\s*$/i, answer: 'N' },
      { ask: /security risks in the configuration file.*\[y\/n\]:?\s*$/i, answer: 'n' },
      { ask: /This command will change the default screen width.*\[Y\/N\]:?\s*$/i, answer: 'Y' },
    ],
    refusals: [/^.*(?:Authentication fail|Username or password (?:is )?(?:error|invalid|wrong))[^\n]*/m],
    pagers: [/^\s*---- More ----\s*$/],
  },
  show: { running: 'display current-configuration', startup: 'display saved-configuration' },
  leave: 'return',
  hostname: /^\s*sysname (\S+)/m,
  volatile: /^(?:!Software Version |!Last configuration was |!The current login time|#?\s*$)/,
  rules: { drop: /^\s*[#!]|^return\s*$/ },
  getters: { facts: vrpFacts, bgp: vrpBgp, 'interfaces-ip': interfacesIp },
  tested: 'prompts and errors against patterns only: no device, no recording',
  notes: ['VRP 8 commits in two stages; a merge by hand ends with `commit`.'],
});
