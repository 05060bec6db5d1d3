import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/eos.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import { refuseManyLines } from '../../dialogue/typing/typing.ts';
import type { Driver } from '../../driver.ts';
import { gather } from '../../getters/getter.ts';
import { type SessionWays, sessionOf } from '../../session/session.ts';
import { load } from './candidate.ts';
import type { EosCli } from './cli.ts';
import { hostname, lineRules, normalise } from './config.ts';
import { openEosEapi } from './eapi.ts';
import { bgp } from './getters/bgp.ts';
import { bgpDetail } from './getters/bgp-detail.ts';
import { clock } from './getters/clock.ts';
import { facts } from './getters/facts.ts';
import { health } from './getters/health.ts';
import { interfacesIp } from './getters/interfaces-ip.ts';
import { parsers } from './getters/parsers.ts';
import { saved, savedConfig } from './saved.ts';
import { openEosSsh } from './ssh.ts';
import { clean, pendingTrial } from './trial.ts';

const ways: SessionWays<EosCli> = {
  platform: 'eos',
  readsTogether: true,
  secrets,
  texts: lineRules.blocks ?? [],
  lastLine: /^end$/,
  run: async (cli, command, { timeoutMs } = {}) => {
    refuseManyLines(cli.target.device.name, command);
    return cli.run(command, timeoutMs === undefined ? patience.show : { silenceMs: timeoutMs, totalMs: timeoutMs });
  },
  load,
  pending: pendingTrial,
  saved,
  savedConfig,
  clean,
  config: (cli, from) => cli.text(`show ${from}-config`, patience.load),
  facts: (cli) => gather(facts, cli.ask),
  bgp: (cli) => gather(bgp, cli.ask),
  bgpDetail: (cli) => gather(bgpDetail, cli.ask),
  interfacesIp: (cli) => gather(interfacesIp, cli.ask),
  clock: (cli) => gather(clock, cli.ask),
  ask: (cli, requests) => cli.ask(requests),
};

/** Arista EOS 4.23 and later, by configuration sessions. Source: EOS User Manual, "Configure Session". */
export const eos: Driver = {
  platform: 'eos',
  ntcNames: ['arista_eos'],
  capabilities: {
    transports: transports.eos,
    replace: 'atomic',
    merge: 'atomic',
    diff: 'device',
    trial: 'native',
    trialUnitSeconds: 1,
    confirmFrom: 'any',
    comment: false,
    startup: true,
    undo: '`configure session … abort` of our session, by the switch; if someone else confirmed it, `configure replace` from our file on its flash',
    neverEqual: 'none',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'simulated switch by SSH and eAPI, sessions recorded on EOS 4.22.1F',
    notes: [
      'The switch stores plain-text secrets with a new salt, so they are refused unless the inventory allows them.',
      'A change of nothing but a plain-text secret that the inventory allows is not detected as a difference.',
    ],
  },
  health,
  parsers,
  readOnly: {
    commands: ['show', 'ping', 'traceroute', 'dir', 'more', 'who'],
    filters: [
      'begin',
      'count',
      'egrep',
      'exclude',
      'grep',
      'head',
      'include',
      'json',
      'no-more',
      'nz',
      'section',
      'tail',
      'wc',
    ],
    bar: 'quoted',
  },
  open: async (target, signal) => {
    const cli = await (target.device.transport === 'eapi' ? openEosEapi : openEosSsh)(target, signal);
    return sessionOf(ways, cli, target, cli);
  },
  secrets,
  normalise,
  hostname,
};
