import { transports } from '../../../core/platform-names.ts';
import type { Driver } from '../../driver.ts';
import { ask } from '../../session/ask.ts';
import { cliDriver } from '../../session/cli-session.ts';
import { nothingKept } from '../../session/session.ts';
import { family } from '../vrp/family.ts';
import { comwareBgp } from '../vrp/getters/bgp.ts';
import { comwareBgpDetail } from '../vrp/getters/bgp-detail.ts';
import { comwareFacts } from '../vrp/getters/facts.ts';
import { comwareInterfacesIp } from '../vrp/getters/interfaces-ip.ts';
import { load } from './candidate.ts';
import { comwareCli } from './cli.ts';
import { parsers } from './parsers.ts';
import { clean, pendingTrial } from './trial.ts';

/** HPE and H3C Comware: a merge on Comware 7 under `configuration commit delay`; on Comware 5 commands and configurations only. */
export const hp_comware: Driver = cliDriver({
  ...family,
  platform: 'hp_comware',
  capabilities: {
    transports: transports.hp_comware,
    replace: 'none',
    merge: 'line by line',
    diff: 'computed',
    trial: 'native',
    trialUnitSeconds: 60,
    trialSeconds: { least: 60, most: 65_535 * 60 },
    confirmFrom: 'any',
    comment: false,
    startup: true,
    undo: "the device's own timer, set as short as possible; the running configuration is then compared with our saved file",
    neverEqual: 'none; plain-text secrets are refused',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: "simulated from the vendors' manuals; no device, no recorded session",
    notes: [
      'A merge needs `configuration commit delay` (Comware 7); if the device refuses it, nothing is changed, since the device would not undo it.',
      'Lines take effect as they are typed, under the timer: a refused line is noticed only then, and the device rolls back.',
      'An undo takes up to a minute: the timer cannot be shorter.',
      "The device does not list timers: ours is recognised by a file plumb-….cfg with the previous configuration, someone else's only if the device reports it when ours starts.",
      'Complete configurations cannot be replaced: no manual says that `configuration replace file` works under the timer.',
      'The diff is computed: commands must be written as the device prints them.',
      'A line with a `?`, or with a TAB other than indentation, is refused: this command line has no way to enter them as text.',
    ],
  },
  parsers,
  cli: comwareCli,
  load,
  pending: pendingTrial,
  savedConfig: async ({ name }, job) => nothingKept(name, job),
  clean,
  facts: ask(comwareFacts),
  bgp: ask(comwareBgp),
  bgpDetail: ask(comwareBgpDetail),
  interfacesIp: ask(comwareInterfacesIp),
});
