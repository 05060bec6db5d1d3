import { transports } from '../../../core/platform-names.ts';
import type { CliDriver } from '../../dialogue/cli-driver.ts';
import type { Driver } from '../../driver.ts';
import { ask } from '../../session/ask.ts';
import { cliDriver } from '../../session/cli-session.ts';
import { nothingKept } from '../../session/session.ts';
import { family } from '../vrp/family.ts';
import { vrpBgp } from '../vrp/getters/bgp.ts';
import { vrpBgpDetail } from '../vrp/getters/bgp-detail.ts';
import { vrpFacts } from '../vrp/getters/facts.ts';
import { vrpInterfacesIp } from '../vrp/getters/interfaces-ip.ts';
import { load } from './candidate.ts';
import { parsers } from './parsers.ts';
import { clean, pendingTrial } from './trial.ts';

/** The command line of VRP 5 and 8. Source: Huawei "Command Line Interface Configuration"; netmiko's huawei driver. */
export const vrpCli: CliDriver = {
  prompt: /^(?:HRP_[AMS])?(?:<[\w.\-@()/:]{1,48}>|\[[~*]?[\w.\-@/:]{1,64}\])\s*$/,
  configPrompt: /^(?:HRP_[AMS])?\[[~*]?[\w.\-@/:]{1,64}\]\s*$/,
  base: /^(?:HRP_[AMS])?[<[][~*]?(?<base>[\w.@()/:]+)/,
  errors: [
    /^[ \t]*Error: ?[^\n]*/m,
    /^.*Unrecognized command found at '\^' position\.$/m,
    /^.*Failed to generate committed config[^\n]*/m,
    /^[^\r\n]*\[Y\/N\]:? ?N[ \t]*$/m, // a question that we do not know, answered below
  ],
  setup: ['screen-length 0 temporary', 'screen-width 255'],
  // No key that makes a `?` or a TAB a text is among those that `display hotkey` lists.
  typing: { keys: '?\t' },
  questions: [
    { ask: /This command will change the default screen width.*\[Y\/N\]:?\s*$/i, answer: 'Y' },
    // whoever leaves with uncommitted lines discards them; a new password is for people to choose
    { ask: /\[(?:Y\/N|Y\/N\/C|Y\(yes\)\/N\(no\)\/C\(cancel\))\]:?\s*$/i, answer: 'N' },
  ],
  refusals: [/^.*(?:Authentication fail|Username or password (?:is )?(?:error|invalid|wrong))[^\n]*/m],
  pagers: [/^\s*---- More ----\s*$/],
  noise: [/^Info: Current terminal (?:monitor|debugging|logging) is \w+\.$/],
};

/** Huawei VRP: a merge on VRP 8 by `commit trial … persist`; on VRP 5 commands and configurations only. */
export const huawei_vrp: Driver = cliDriver({
  ...family,
  platform: 'huawei_vrp',
  capabilities: {
    transports: transports.huawei_vrp,
    replace: 'none',
    merge: 'atomic',
    diff: 'device',
    trial: 'native',
    trialUnitSeconds: 1,
    trialSeconds: { least: 60, most: 65_535 },
    confirmFrom: 'any',
    comment: false,
    startup: true,
    undo: '`abort trial persist` with the name of our trial; the device refuses any other',
    neverEqual: 'none; plain-text secrets are refused',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: "simulated from the vendors' manuals; no device, no recorded session",
    notes: [
      'A merge needs two-stage mode (VRP 8: NetEngine, CloudEngine) and `commit trial … persist`; elsewhere it is previewed but never committed, since the device would not undo it.',
      'Complete configurations cannot be replaced: the manuals describe no replace under a trial.',
      'A trial lasts at least 60 s; nobody can change the configuration while it is pending.',
      'If the device does not show the persistence id, it is taken from our own records.',
      'A confirm that was cut off before `save` is finished by the next runner: what was decided is kept in a file until then.',
      'Nothing is kept on the device for `plumb rollback`; people can use `rollback configuration to commit-id`.',
      'A line with a `?`, or with a TAB other than indentation, is refused: this command line has no way to enter them as text.',
    ],
  },
  parsers,
  cli: vrpCli,
  load,
  pending: pendingTrial,
  savedConfig: async ({ name }, job) =>
    nothingKept(name, job, '; `display configuration commit list` shows what the device itself keeps'),
  clean, // a candidate ends with the session that typed it
  facts: ask(vrpFacts),
  bgp: ask(vrpBgp),
  bgpDetail: ask(vrpBgpDetail),
  interfacesIp: ask(vrpInterfacesIp),
});
