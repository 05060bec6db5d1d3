import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/nxos.ts';
import type { CliDriver } from '../../dialogue/cli-driver.ts';
import { ctrlV } from '../../dialogue/typing/typing.ts';
import type { Driver } from '../../driver.ts';
import { ask } from '../../session/ask.ts';
import { cliDriver } from '../../session/cli-session.ts';
import { cleanFlash, savedOnFlash, savedTextOnFlash } from '../../session/flash.ts';
import { ciscoClock } from '../cisco/getters/clock.ts';
import { nxosHealth } from '../cisco/getters/health.ts';
import { banner } from '../cisco/texts.ts';
import { load } from './candidate.ts';
import { hostname, normalise, readConfig } from './config.ts';
import { parsers } from './getters/parsers.ts';
import { bgp } from './getters/ssh/bgp.ts';
import { bgpDetail } from './getters/ssh/bgp-detail.ts';
import { facts } from './getters/ssh/facts.ts';
import { interfacesIp } from './getters/ssh/interfaces-ip.ts';
import { bootflash, cleanCheckpoints, pendingTrial } from './trial.ts';

/** The command line of NX-OS. */
export const nxosCli: CliDriver = {
  prompt: /^(?:[\w.-]{1,63}(?:\((?:maint-mode|conf[\w.\-@/:+]{0,32})\))*[>#]|>)\s?$/,
  configPrompt: /^[\w.-]{1,63}(?:\(maint-mode\))?\(conf[\w.\-@/:+]{0,32}\)#\s?$/,
  base: /^(?<base>[\w.-]+?)(?:-tcl)?(?:\([^)\n]*\))*[>#]/,
  errors: [
    /^% ?(?:Ambiguous|Incomplete) command[^\n]*/m,
    /^% ?Invalid (?:input detected|command|parameter|number)[^\n]*/m,
    /^(?:ERROR|Error): [^\n]*/m,
    /^Syntax error while parsing[^\n]*/m,
    /^% ?Permission denied for the role[^\n]*/m,
    /^Cmd exec error\.[^\n]*/m,
  ],
  setup: ['terminal length 0', 'terminal width 511'],
  typing: ctrlV,
  questions: [{ ask: /\(yes\/no\/abort\)\s+\[y\]\s*$/, answer: 'y' }],
  pagers: [/^\s*--More--\s*$/],
};

/** Cisco NX-OS on Nexus 9000, by `configure replace`. Source: Nexus 9000 Series NX-OS System Management, "Configuration Replace". */
export const nxos: Driver = cliDriver({
  platform: 'nxos',
  ntcNames: ['cisco_nxos'],
  capabilities: {
    transports: transports.nxos,
    replace: 'atomic',
    merge: 'none',
    diff: 'device',
    trial: 'native',
    trialUnitSeconds: 1,
    trialSeconds: { least: 30, most: 3_600 },
    confirmFrom: 'any',
    comment: false,
    startup: true,
    undo: 'a rollback to our earlier checkpoint, then the timer is stopped',
    neverEqual: 'none; plain-text secrets are refused',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'simulated switch, sessions recorded on NX-OS 9.2(4)',
    notes: [
      'Plain-text secrets are refused; if `options.plainSecrets` allows them, they are committed once per text.',
      'Needs `configure replace` with `commit-timeout`; older trains are refused by name, and nothing is changed.',
      'NX-OS needs a text that a device generated, including the version line.',
      "NX-OS does not list trials: ours is recognised by its checkpoint; someone else's only because the switch refuses a second one.",
      'Its configuration has no last line of its own: the switch is asked for its last lines, and a text that ends otherwise is refused.',
      'An undo goes back to our checkpoint and then stops the timer.',
      'No merge: lines typed in configuration mode take effect one by one, and nothing would undo them after a crash.',
    ],
  },
  health: nxosHealth,
  parsers,
  textParser: 'nxos_ssh',
  readOnly: {
    commands: ['show', 'ping', 'ping6', 'traceroute', 'traceroute6', 'dir', 'where'],
    filters: [
      ...['begin', 'count', 'cut', 'egrep', 'exclude', 'grep', 'head', 'include', 'json', 'json-pretty', 'last'],
      ...['no-more', 'section', 'tr', 'wc', 'xml'],
    ],
    bar: 'quoted',
  },
  cli: nxosCli,
  leave: 'end',
  secrets,
  texts: [banner],
  load,
  pending: pendingTrial,
  saved: (shell) => savedOnFlash(shell, bootflash),
  savedConfig: (shell, job) => savedTextOnFlash(shell, bootflash, job),
  clean: async (shell, epoch) => {
    const pending = (await pendingTrial(shell))?.name;
    const removed = await cleanFlash(shell, bootflash, epoch, pending);
    return [...removed, ...(await cleanCheckpoints(shell, epoch, pending))];
  },
  config: readConfig,
  facts: ask(facts),
  bgp: ask(bgp),
  bgpDetail: ask(bgpDetail),
  interfacesIp: ask(interfacesIp),
  clock: ask(ciscoClock),
  marker: {
    request: 'show running-config | include "Running configuration last done at"',
    tells: /^!Running configuration last done at: .*/m,
  },
  normalise,
  hostname,
});
