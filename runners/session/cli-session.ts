import { type CliDriver, patience } from '../dialogue/cli-driver.ts';
import { refuseManyLines } from '../dialogue/typing/typing.ts';
import type { Driver } from '../driver.ts';
import { answersTogether } from '../getters/getter.ts';
import { type SessionWays, sessionOf } from './session.ts';
import { type CliShell, openShell } from './shell.ts';

/** How a platform does the driver contract on its command line: data where data will do, small functions elsewhere. */
export type CliPlatform = Omit<Driver, 'open' | 'keepsBytes'> &
  Omit<SessionWays<CliShell>, 'run' | 'ask' | 'download' | 'upload' | 'keepsBytes' | 'readsTogether'> & {
    cli: CliDriver;
    /** `enable` is needed where the prompt ends in `>`. */
    privileged?: boolean;
    /** Leaves configuration mode, whatever was typed in it. */
    leave: string;
  };

const waysOf = (platform: CliPlatform): SessionWays<CliShell> => ({
  ...platform,
  readsTogether: true,
  run: async (shell, command, { timeoutMs = 60_000 } = {}) => {
    refuseManyLines(shell.name, command);
    return shell.run(command, { silenceMs: timeoutMs, totalMs: timeoutMs }, platform.leave);
  },
  ask: (shell, requests) => answersTogether(requests, (request) => shell.send(request, patience.show)),
});

/** What a platform says that is true however it is talked to. */
const recordOf = (platform: CliPlatform): Omit<Driver, 'open'> => {
  const { cli, privileged, leave, texts, lastLine, load, pending, saved, savedConfig, clean, config, ...rest } =
    platform;
  const { facts, bgp, bgpDetail, interfacesIp, clock, ...record } = rest;
  return record;
};

/** A driver over SSH or telnet from what a platform says about itself. */
export const cliDriver = (platform: CliPlatform): Driver => ({
  ...recordOf(platform),
  open: async (target, signal) => {
    const shell = await openShell(target, platform.cli, platform.privileged ?? false, signal);
    return sessionOf(waysOf(platform), shell, target, shell);
  },
});
