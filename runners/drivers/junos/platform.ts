import type { Mode } from '../../../core/bus.ts';
import { isOutcome, PlumbError } from '../../../core/errors.ts';
import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/junos.ts';
import { comparable } from '../../../core/text/line-ends.ts';
import { refuseControls, refuseManyLines } from '../../dialogue/typing/typing.ts';
import type { Candidate, ChangeName, Driver, Session, Target } from '../../driver.ts';
import { gather } from '../../getters/getter.ts';
import { type SessionWays, sessionOf } from '../../session/session.ts';
import { trialName } from '../../trial-name.ts';
import { openJunosCli } from './cli.ts';
import { bgp } from './getters/bgp.ts';
import { bgpDetail } from './getters/bgp-detail.ts';
import { clock } from './getters/clock.ts';
import { facts } from './getters/facts.ts';
import { health } from './getters/health.ts';
import { interfacesIp } from './getters/interfaces-ip.ts';
import { parsers } from './getters/parsers.ts';
import { openJunosNetconf } from './netconf.ts';
import type { JunosOps } from './ops.ts';
import { inFile } from './refusal.ts';
import { junosTrial, pendingTrial, saved, savedConfig } from './trial.ts';

const setCommand =
  /^(?:(?:set|delete|activate|deactivate|annotate|copy|insert|rename|protect|unprotect|edit|wildcard) |top(?: |$))/;

/** @throws PlumbError `rejected` for a format in which neither lines nor secrets could be told */
const refuseFormat = (device: string, first: string): void => {
  const format = first.startsWith('<') ? 'XML' : /^[{[]\s*(?:"|$)/.test(first) ? 'JSON' : undefined;
  if (!format) return;
  throw new PlumbError('rejected', `${device}: line 1: the configuration is written in ${format}`, {
    line: 1,
    hint: 'write it with braces, as `show configuration` prints it: `show configuration | no-more`',
  });
};

/** @throws PlumbError `rejected` with the file's line number, `locked` */
const load = async (ops: JunosOps, config: string, mode: Mode, change: ChangeName): Promise<Candidate> => {
  const device = ops.target.device.name;
  refuseControls(config, device); // keys where it is typed, and XML 1.0 has no way to write them
  const first = config.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  refuseFormat(device, first.trim());
  const commands = setCommand.test(first);
  if (commands && mode === 'replace') {
    throw new PlumbError('rejected', `${device}: line 1: set commands cannot replace a configuration, only add to it`, {
      line: 1,
      hint: 'write it with braces, as `show configuration` prints it, or publish it with Plumb-Mode: merge',
    });
  }
  // before the lock and the check: a check of ours would confirm somebody's trial
  const pending = await pendingTrial(ops);
  if (pending) {
    throw new PlumbError('locked', `${device}: a confirmed commit of ${pending.owner} is pending on the device`, {
      hint: 'any `commit` or `commit check`, by anyone, confirms it; its timer undoes it',
    });
  }
  await ops.lock();
  let difference = ''; // told once: under the lock it stays what it is
  try {
    const action = commands ? 'set' : mode === 'replace' ? 'override' : 'merge';
    difference = await ops.load(action, config);
    if (difference !== '') await ops.check();
  } catch (error) {
    await ops.unlock();
    throw inFile(error, device, config);
  }
  let committed = false;
  return {
    unstable: [],
    diff: async () => difference,
    commit: async ({ confirmSeconds, comment, fence, warn }) => {
      const minutes = Math.max(1, Math.ceil(confirmSeconds / 60));
      const name = trialName(change);
      fence();
      committed = true;
      try {
        await ops.commit(`${name} ${change.sha256}${comment ? ` ${comment.replaceAll('"', "'")}` : ''}`, minutes);
      } catch (error) {
        if (isOutcome(error, 'commit_failed')) committed = false;
        throw inFile(error, device, config);
      }
      const expiresAt = new Date(Date.now() + minutes * 60_000);
      const kept = await ops.unlock(); // a failure to unlock is no failure of the commit
      if (kept !== undefined) warn?.(`committed; the lock could not be released, so its session was ended: ${kept}`);
      return junosTrial(ops, { name, expiresAt });
    },
    [Symbol.asyncDispose]: async () => {
      if (!committed) await ops.unlock();
    },
  };
};

const ask = (ops: JunosOps) => (requests: readonly string[]) =>
  Promise.all(requests.map((request) => ops.ask(request)));

const ways: SessionWays<JunosOps> = {
  platform: 'junos',
  readsTogether: true,
  secrets,
  run: async (ops, command, { timeoutMs } = {}) => {
    refuseManyLines(ops.target.device.name, command);
    return ops.run(command, timeoutMs);
  },
  load,
  pending: pendingTrial,
  saved,
  savedConfig,
  clean: async () => [], // a locked candidate ends with the session that locked it
  lastLine: /^(?!\s).*(?:[;}]|##.*)$/, // no line of its own, but one that is not within braces
  config: (ops) => ops.config('committed'),
  facts: (ops) => gather(facts, ask(ops)),
  bgp: (ops) => gather(bgp, ask(ops)),
  bgpDetail: (ops) => gather(bgpDetail, ask(ops)),
  interfacesIp: (ops) => gather(interfacesIp, ask(ops)),
  clock: (ops) => gather(clock, ask(ops)),
  ask: (ops, requests) => ask(ops)(requests),
};

const open = async (target: Target, signal: AbortSignal): Promise<Session> => {
  const isTyped = target.device.transport === 'ssh' || target.device.transport === 'telnet';
  const ops = await (isTyped ? openJunosCli : openJunosNetconf)(target, signal);
  return sessionOf(ways, ops, target, ops);
};

/** Juniper Junos 14.1 and later, by NETCONF or its command line. Source: Junos XML Management Protocol Developer Guide. */
export const junos: Driver = {
  platform: 'junos',
  ntcNames: ['juniper_junos'],
  capabilities: {
    transports: transports.junos,
    replace: 'atomic',
    merge: 'atomic',
    diff: 'device',
    trial: 'native',
    trialUnitSeconds: 60,
    trialSeconds: { least: 60, most: 65_535 * 60 },
    confirmFrom: 'any',
    comment: true,
    startup: false,
    undo: 'the commit below our trial, and only while that is the newest one',
    neverEqual: 'none; `plain-text-password` is refused',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'simulated router by NETCONF and CLI, sessions recorded on Junos 17.3R2',
    notes: [
      'Plain-text secrets are refused; if `options.plainSecrets` allows them, they are committed once per text.',
      "Any user's `commit` or `commit check` confirms a trial: the job says so, and a failed check still undoes it.",
      'Uncommitted changes of someone else in the shared candidate block the confirm, since it would commit them too. The job names that user and waits; if the timer expires first, the job ends as `locked` and the deployment is tried again.',
      'The timer counts whole minutes; its undo has been seen up to 35 s late.',
      'The configuration before a job is the commit below its trial; Junos keeps 50.',
      'Text in braces can replace or merge, `set` commands only merge; XML and JSON are refused by name.',
    ],
  },
  health,
  parsers,
  readOnly: {
    commands: ['show', 'ping', 'traceroute', 'file checksum', 'file list', 'file show', 'help'],
    filters: ['compare', 'count', 'display', 'except', 'find', 'last', 'match', 'no-more', 'resolve', 'trim'],
    bar: 'quoted',
  },
  marker: { request: 'get-commit-revision-information', tells: /<revision>[^<]+/ },
  open,
  secrets,
  normalise: (config) =>
    `${comparable(config, (line) => /^## Last (?:commit|changed):/.test(line))
      .replace(/(?<! ) +## SECRET-DATA$/gm, '')
      .trim()}\n`,
  hostname: (config) =>
    /^[ \t]*host-name "?([^\s";]+)"?;/m.exec(config)?.[1] ?? /^set system host-name (\S+)/m.exec(config)?.[1],
};
