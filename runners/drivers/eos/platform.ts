import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/eos.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import { refuseManyLines } from '../../dialogue/typing/typing.ts';
import type { Driver } from '../../driver.ts';
import { answersTo, gather } from '../../getters/getter.ts';
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

const answerTo = async (cli: EosCli, request: string): Promise<string> => {
  const command = request.replace(/ \(text\)$/, '');
  return command === request ? JSON.stringify(await cli.json(command)) : cli.text(command);
};

/** Structured answers, or text where a getter wants that; a command that this switch does not know answers nothing. */
const ask = (cli: EosCli) => (requests: readonly string[]) => answersTo(requests, (request) => answerTo(cli, request));

const ways: SessionWays<EosCli> = {
  platform: 'eos',
  secrets,
  texts: lineRules.blocks ?? [],
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
  facts: (cli) => gather(facts, ask(cli)),
  bgp: (cli) => gather(bgp, ask(cli)),
  bgpDetail: (cli) => gather(bgpDetail, ask(cli)),
  interfacesIp: (cli) => gather(interfacesIp, ask(cli)),
  clock: (cli) => gather(clock, ask(cli)),
  ask: (cli, requests) => ask(cli)(requests),
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
    undo: '`configure session … abort` of our session, by the switch; if somebody confirmed it, `configure replace` from our file in its flash',
    neverEqual: 'none',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'simulated switch by SSH and eAPI, sessions recorded on EOS 4.22.1F',
    notes: [
      'The switch re-salts plain-text secrets, so they are refused unless the inventory declares them.',
      'If only a secret changes that the inventory allows in plain text, that is not seen as a difference.',
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
