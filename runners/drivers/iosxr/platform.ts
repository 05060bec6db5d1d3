import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/iosxr.ts';
import { type CliDriver, patience } from '../../dialogue/cli-driver.ts';
import { ctrlV } from '../../dialogue/typing/typing.ts';
import type { Driver } from '../../driver.ts';
import { ask } from '../../session/ask.ts';
import { cliDriver } from '../../session/cli-session.ts';
import { nothingKept } from '../../session/session.ts';
import type { CliShell } from '../../session/shell.ts';
import type { Facts } from '../../shapes.ts';
import { ciscoClock } from '../cisco/getters/clock.ts';
import { iosxrHealth } from '../cisco/getters/health.ts';
import { load } from './candidate.ts';
import { hostname, normalise, rules } from './config.ts';
import { bgp } from './getters/cli/bgp.ts';
import { bgpDetail } from './getters/cli/bgp-detail.ts';
import { facts as factsGetter } from './getters/cli/facts.ts';
import { interfacesIp } from './getters/cli/interfaces-ip.ts';
import { parsers } from './getters/parsers.ts';
import { pendingTrial } from './trial.ts';

/** The command line of IOS-XR. */
export const iosxrCli: CliDriver = {
  prompt: /^[\w.\-@/:]{1,63}(?:\([\w.\-@/:]{0,40}\))?#\s?$/,
  configPrompt: /^[\w.\-@/:]{1,63}\(config[\w.\-@/:]{0,40}\)#\s?$/,
  base: /^(?<base>[\w.\-@/:]+)/,
  errors: [
    /^% ?(?:Ambiguous command|Incomplete command|Invalid input detected|Unknown command)[^\n]*/m,
    /^% ?Failed to commit[^\n]*/m,
    /^%Error[^\n]*/m,
    /^% ?This command is not authorized[^\n]*/m,
  ],
  setup: ['terminal length 0', 'terminal width 511'],
  typing: ctrlV,
  questions: [{ ask: /commit them before exiting\(yes\/no\/cancel\)\? \[cancel\]:?\s*$/, answer: 'no' }],
  pagers: [/^\s*--More--\s*$/],
  noise: [/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d\.\d+ \w+\s*$/],
};

const facts = async (shell: CliShell): Promise<Facts> => {
  const hostname = /:([^:#(]+)(?:\([^)]*\))?#/.exec(shell.prompt)?.[1];
  const found = await ask(factsGetter)(shell);
  return { ...found, hostname: hostname ?? found.hostname };
};

/** Cisco IOS-XR, by `commit replace confirmed`. Source: Cisco IOS XR System Management, "Configuration Management". */
export const iosxr: Driver = cliDriver({
  platform: 'iosxr',
  ntcNames: ['cisco_xr'],
  capabilities: {
    transports: transports.iosxr,
    replace: 'atomic',
    merge: 'atomic',
    diff: 'device',
    trial: 'native',
    trialUnitSeconds: 1,
    trialSeconds: { least: 30, most: 65_535 },
    confirmFrom: 'armingSession',
    comment: false,
    startup: false,
    undo: "the router's own rollback when our session leaves configuration mode; the running configuration is then compared with the previous one",
    neverEqual: 'none; plain-text secrets are refused',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'simulated router, sessions recorded on IOS-XR 6.5.3',
    notes: [
      'Plain-text secrets are refused; if `options.plainSecrets` allows them, they are committed once per text.',
      'Only the session that armed a trial can confirm it: Plumbline arms it in a separate session and keeps that open; `show clock` every 20 s prevents `exec-timeout` from ending it.',
      'An undo leaves configuration mode in that session, which IOS-XR answers with its own rollback at once.',
      "A runner that takes over waits until its predecessor's trial has ended by its timer (at least 30 s): IOS-XR lets no other session end it.",
      'BGP sessions are read from `show bgp neighbors detail`, all VRFs.',
      'The address parser was written from documentation: no recording of `show ipv4 vrf all interface` was available.',
      'Nothing is kept on the router for `plumb rollback`; git has the previous text.',
    ],
  },
  health: iosxrHealth,
  parsers,
  textParser: 'iosxr_cli',
  readOnly: {
    commands: ['show', 'admin show', 'ping', 'traceroute', 'dir', 'more'],
    filters: [
      ...['begin', 'exclude', 'include', 'section'],
      ...['cut', 'egrep', 'fgrep', 'head', 'tail', 'wc'].map((tool) => `utility ${tool}`),
    ],
    bar: 'spaced',
  },
  cli: iosxrCli,
  leave: 'abort',
  secrets,
  texts: rules.blocks ?? [],
  lastLine: /^end$/,
  load: load(iosxrCli),
  pending: pendingTrial,
  saved: async () => [],
  savedConfig: async ({ name }, job) => nothingKept(name, job),
  clean: async () => [], // a candidate ends with the session that typed it
  config: async (shell) => `${await shell.send('show running-config', patience.load)}\n`,
  facts,
  bgp: ask(bgp),
  bgpDetail: ask(bgpDetail),
  interfacesIp: ask(interfacesIp),
  clock: ask(ciscoClock),
  marker: { request: 'show configuration commit list 1 detail', tells: /CommitId: *\S[\s\S]*?Time: *.*/ },
  normalise,
  hostname,
});
