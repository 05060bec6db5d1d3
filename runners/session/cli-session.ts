import type { Mode } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';
import { type CliDriver, patience } from '../dialogue/cli-driver.ts';
import { refuseManyLines } from '../dialogue/typing/typing.ts';
import type { Candidate, ChangeName, ConfigFrom, Driver, Saved, Session, Trial } from '../driver.ts';
import { answersTo } from '../getters/getter.ts';
import type { Bgp, BgpDetail, Facts, InterfacesIp } from '../shapes.ts';
import { type CliShell, openShell } from './shell.ts';
import type { Block } from './text/config-lines.ts';
import { refusePlainSecrets, withPlainSecrets } from './text/plain-secrets.ts';

/** How a platform does the driver contract on its command line: data where data will do, small functions elsewhere. */
export type CliPlatform = Omit<Driver, 'open' | 'keepsBytes'> & {
  cli: CliDriver;
  /** `enable` is needed where the prompt ends in `>`. */
  privileged?: boolean;
  /** Leaves configuration mode, whatever was typed in it. */
  leave: string;
  /** Texts in a configuration, in which nothing is a secret. */
  texts?: readonly Block[];
  load(shell: CliShell, config: string, mode: Mode, change: ChangeName): Promise<Candidate>;
  pending(shell: CliShell, known?: readonly string[]): Promise<Trial | undefined>;
  saved(shell: CliShell): Promise<Saved[]>;
  savedConfig(shell: CliShell, job: string): Promise<string>;
  clean(shell: CliShell, epoch: number): Promise<string[]>;
  config(shell: CliShell, from: ConfigFrom): Promise<string>;
  facts?(shell: CliShell): Promise<Facts>;
  bgp?(shell: CliShell): Promise<Bgp>;
  bgpDetail?(shell: CliShell): Promise<BgpDetail>;
  interfacesIp?(shell: CliShell): Promise<InterfacesIp>;
};

/** @throws PlumbError `unsupported` */
export const unsupported = (device: string, platform: string, what: string): never => {
  throw new PlumbError('unsupported', `${device}: ${platform} has no ${what}`, { hint: 'see `plumb platforms`' });
};

const session = (platform: CliPlatform, shell: CliShell): Session => {
  const inTurn = oneAtATime(); // one command line, one thing at a time
  const { name } = shell;
  const leave = async (): Promise<void> => {
    if (shell.configuring) await shell.send(platform.leave, { unchecked: true });
  };
  const { facts, bgp, bgpDetail, interfacesIp } = platform;
  return {
    closed: shell.closed,
    run: (command, { timeoutMs = 60_000 } = {}) =>
      inTurn(async () => {
        refuseManyLines(name, command);
        try {
          return await shell.send(command, { silenceMs: timeoutMs, totalMs: timeoutMs });
        } finally {
          await leave().catch(() => {});
        }
      }),
    load: (config, mode, change) =>
      inTurn(async () => {
        const { secrets = { statements: [] }, texts } = platform;
        refusePlainSecrets(config, secrets, shell.target, texts);
        const loaded = await platform.load(shell, config.replace(/\r\n?/g, '\n'), mode, change);
        const running = () => platform.config(shell, 'running');
        const candidate = withPlainSecrets(loaded, config, secrets, running, texts);
        return {
          get unstable() {
            return candidate.unstable;
          },
          diff: () => inTurn(() => candidate.diff()),
          commit: (options) => inTurn(() => candidate.commit(options)),
          [Symbol.asyncDispose]: () => inTurn(async () => candidate[Symbol.asyncDispose]()).catch(() => {}),
        };
      }),
    pending: (known) => inTurn(() => platform.pending(shell, known)),
    saved: () => inTurn(() => platform.saved(shell)),
    savedConfig: (job) => inTurn(() => platform.savedConfig(shell, job)),
    clean: (epoch) => inTurn(() => platform.clean(shell, epoch)),
    config: (from) => inTurn(() => platform.config(shell, from)),
    facts: () => inTurn(async () => (facts ? facts(shell) : unsupported(name, platform.platform, 'facts getter'))),
    bgp: () => inTurn(async () => (bgp ? bgp(shell) : unsupported(name, platform.platform, 'BGP getter'))),
    ...(bgpDetail ? { bgpDetail: () => inTurn(() => bgpDetail(shell)) } : {}),
    ...(interfacesIp ? { interfacesIp: () => inTurn(() => interfacesIp(shell)) } : {}),
    ask: (requests) => inTurn(() => answersTo(requests, (request) => shell.send(request, patience.show))),
    alive: () => shell.alive(),
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  };
};

/** What a platform says that is true however it is talked to. */
const recordOf = (platform: CliPlatform): Omit<Driver, 'open'> => {
  const { cli, privileged, leave, texts, load, pending, saved, savedConfig, clean, config, ...rest } = platform;
  const { facts, bgp, bgpDetail, interfacesIp, ...record } = rest;
  return record;
};

/** A driver over SSH or telnet from what a platform says about itself. */
export const cliDriver = (platform: CliPlatform): Driver => ({
  ...recordOf(platform),
  open: async (target, signal) =>
    session(platform, await openShell(target, platform.cli, platform.privileged ?? false, signal)),
});
