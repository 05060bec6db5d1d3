import { PlumbError } from '../../core/errors.ts';
import { type CliDriver, patience } from '../cli-driver.ts';
import { cliDriver } from '../cli-session.ts';
import { ask } from '../cli-session-getters.ts';
import type { CliShell } from '../cli-session-shell.ts';
import type { Driver, Facts } from '../driver.ts';
import { bgp } from '../getters/iosxr-cli/bgp.ts';
import { interfacesIp } from '../getters/iosxr-cli/interfaces-ip.ts';
import type { PlainSecret } from '../plain-secrets.ts';
import { load } from './iosxr-candidate.ts';
import { hostname, normalise } from './iosxr-config.ts';
import { pendingTrial } from './iosxr-trial.ts';

/** The command line of IOS-XR. */
export const iosxrCli: CliDriver = {
  prompt: /^[\w.\-@/:]{1,63}(?:\([\w.\-@/:]{0,40}\))?#\s?$/,
  configPrompt: /^[\w.\-@/:]{1,63}\(config[\w.\-@/:]{0,40}\)#\s?$/,
  base: /^(?<base>[\w.\-@/:]+)/,
  errors: [
    /^% ?(?:Ambiguous command|Incomplete command|Invalid input detected|Unknown command)[^\n]*/m,
    /^% ?Failed to commit[^\n]*/m,
    /^%Error[^\n]*/m,
  ],
  setup: ['terminal length 0', 'terminal width 511'],
  questions: [{ ask: /commit them before exiting\(yes\/no\/cancel\)\? \[cancel\]:?\s*$/, answer: 'no' }],
  pagers: [/^\s*--More--\s*$/],
  noise: [/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d\.\d+ \w+\s*$/],
};

const plainSecrets: readonly PlainSecret[] = [
  { pattern: /^\s+(?:secret|password) (?:0 \S|clear |(?!(?:\d+|encrypted) )\S+\s*$)/, write: 'secret 10 $6$…' },
];

const facts = async (shell: CliShell): Promise<Facts> => {
  const version = await shell.send('show version', patience.show);
  const inventory = await shell.send('show inventory', { ...patience.show, unchecked: true });
  const brief = await shell.send('show ipv4 interface brief', { ...patience.show, unchecked: true });
  const pick = (text: string, pattern: RegExp) => pattern.exec(text)?.[1] ?? null;
  const uptime = /uptime is (.*)/.exec(version)?.[1] ?? '';
  const units = { year: 31_536_000, week: 604_800, day: 86_400, hour: 3_600, minute: 60, second: 1 };
  const seconds = Object.entries(units).map(
    ([unit, each]) => Number(new RegExp(`(\\d+) ${unit}`).exec(uptime)?.[1] ?? 0) * each,
  );
  const host = pick(shell.prompt, /:([^:#(]+)(?:\([^)]*\))?#/);
  return {
    hostname: host,
    fqdn: null,
    vendor: 'Cisco',
    model: pick(inventory, /PID: (\S+)/) ?? pick(version, /^cisco (.*?)(?: \(| processor)/m),
    os_version: pick(version, /Version\s*:?\s*([\w.]+)/),
    serial_number: pick(inventory, /SN: (\S+)/),
    uptime: uptime === '' ? null : seconds.reduce((sum, each) => sum + each, 0),
    interface_list: [...brief.matchAll(/^([A-Z][\w/.-]*\d)\s/gm)].map(([, name = '']) => name),
  };
};

/** Cisco IOS-XR, by `commit replace confirmed`. Source: Cisco IOS XR System Management, "Configuration Management". */
export const iosxr: Driver = cliDriver({
  platform: 'iosxr',
  capabilities: {
    transports: ['ssh', 'telnet'],
    replace: 'atomic',
    merge: 'atomic',
    diff: 'device',
    trial: 'native',
    trialUnitSeconds: 1,
    confirmFrom: 'armingSession',
    comment: false,
    startup: false,
    getters: ['facts', 'bgp', 'interfaces-ip'],
    tested: 'simulated router, sessions recorded on IOS-XR 6.5.3',
    notes: [
      'Only the session that armed a trial can confirm it: Plumbline arms it on a session of its own and keeps that open.',
      'An undo leaves configuration mode in that session, which IOS-XR answers with its own rollback at once.',
      'A runner that takes over waits until the trial of its predecessor has ended by its timer (30 s at least): IOS-XR lets no other session end it.',
      'BGP sessions are read from `show bgp neighbors`, all VRFs; keepalives are not counted apart from other messages.',
      'The parser of addresses was written from documentation: no recording of `show ipv4 vrf all interface` was at hand.',
      'Nothing is kept on the router for `plumb rollback`: git has it.',
    ],
  },
  cli: iosxrCli,
  leave: 'abort',
  plainSecrets,
  load: load(iosxrCli),
  pending: pendingTrial,
  saved: async () => [],
  savedConfig: async (shell, job) => {
    throw new PlumbError('unknown_job', `${shell.name}: nothing is kept on the router of job ${job}`);
  },
  clean: async () => [], // a candidate ends with the session that typed it
  config: async (shell) => `${await shell.send('show running-config', patience.load)}\n`,
  facts,
  bgp: ask(bgp),
  interfacesIp: ask(interfacesIp),
  normalise,
  hostname,
});
