import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/ios.ts';
import { type CliDriver, patience } from '../../dialogue/cli-driver.ts';
import { ctrlV } from '../../dialogue/typing/typing.ts';
import type { Driver } from '../../driver.ts';
import { ask } from '../../session/ask.ts';
import { cliDriver } from '../../session/cli-session.ts';
import { cleanFlash, savedOnFlash, savedTextOnFlash } from '../../session/flash.ts';
import { ciscoClock } from '../cisco/getters/clock.ts';
import { iosHealth } from '../cisco/getters/health.ts';
import { banner, certificate } from '../cisco/texts.ts';
import { load } from './candidate.ts';
import { hostname, normalise } from './config.ts';
import { bgp } from './getters/bgp.ts';
import { bgpDetail } from './getters/bgp-detail.ts';
import { facts } from './getters/facts.ts';
import { interfacesIp } from './getters/interfaces-ip.ts';
import { parsers } from './getters/parsers.ts';
import { flash, pendingTrial } from './trial.ts';

/** The command line of IOS and IOS-XE. */
export const iosCli: CliDriver = {
  prompt: /^(?:[\w.\-@/:]{1,63}(?:\([\w.\-@/:+]{0,32}\))?[>#]|\+>)\s*$/,
  configPrompt: /^[\w.\-@/:]{1,63}\(conf[\w.\-@/:+]{0,32}\)#\s*$/,
  base: /^(?<base>[\w.\-@/:]+)/,
  errors: [
    /^% ?(?:Ambiguous command|Incomplete command|Invalid input detected|Unknown command|Bad secrets|Access denied|Error|Authorization failed|Unrecognized host or address)[^\n]*/m,
    /^%Error[^\n]*/m,
    /^Command authorization failed[^\n]*/m,
    /^Configuration mode is locked[^\n]*/m,
  ],
  setup: ['terminal length 0', 'terminal width 511'],
  typing: ctrlV,
  questions: [
    { ask: /^(?:Destination|Delete|Source) filename \[[^\]]*\]\?\s*$/, answer: '' },
    { ask: /\[confirm\]\s*$/, answer: '' },
  ],
  refusals: [/^% ?(?:Login invalid|Bad passwords|Authentication failed)[^\n]*/m],
  pagers: [/^\s*--More--\s*$/],
};

/** Cisco IOS and IOS-XE, by `configure replace`. Source: Cisco IOS Configuration Fundamentals, "Configuration Replace". */
export const ios: Driver = cliDriver({
  platform: 'ios',
  ntcNames: ['cisco_ios'],
  capabilities: {
    transports: transports.ios,
    replace: 'line by line',
    merge: 'line by line',
    diff: 'device',
    trial: 'native',
    trialUnitSeconds: 60,
    trialSeconds: { least: 60, most: 7_200 },
    confirmFrom: 'any',
    comment: false,
    startup: true,
    undo: '`configure revert now`, by the router, only for our trial',
    neverEqual: '`ntp clock-period`, which IOS writes by itself; plain-text secrets are refused',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'simulated router, sessions recorded on IOS-XE 16.12',
    notes: [
      'Plain-text secrets are refused; if `options.plainSecrets` allows them, they are committed once per text.',
      'Needs `archive` with a `path` on the device, for the timer and for the rollback of a failed line.',
      'A refused line is noticed only at the commit, which IOS then undoes by itself.',
      'IOS does not name trials: a trial of our user is ours if our saved file is on flash and our candidate is running, or if the bus has its name.',
      'The timer counts whole minutes, at most 120; IOS before 12.4(20)T is refused by name.',
      'The file is transferred with tclsh.',
    ],
  },
  health: iosHealth,
  parsers,
  readOnly: {
    commands: ['show', 'ping', 'traceroute', 'dir', 'more', 'where'],
    filters: ['begin', 'count', 'exclude', 'include', 'section'],
    bar: 'spaced',
  },
  cli: iosCli,
  privileged: true,
  leave: 'end',
  secrets,
  texts: [banner, certificate],
  lastLine: /^end$/,
  load,
  pending: pendingTrial,
  saved: (shell) => savedOnFlash(shell, flash),
  savedConfig: (shell, job) => savedTextOnFlash(shell, flash, job),
  clean: async (shell, epoch) => cleanFlash(shell, flash, epoch, (await pendingTrial(shell))?.name),
  config: async (shell, from) => `${await shell.send(`show ${from}-config`, patience.load)}\n`,
  facts: ask(facts),
  bgp: ask(bgp),
  bgpDetail: ask(bgpDetail),
  interfacesIp: ask(interfacesIp),
  clock: ask(ciscoClock),
  marker: {
    request: 'show running-config | include ^! .* configuration change',
    tells: /^! (?:Last configuration change at|No configuration change since) .*/m,
  },
  normalise,
  hostname,
});
