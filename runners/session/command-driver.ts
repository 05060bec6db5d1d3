import { PlumbError } from '../../core/errors.ts';
import type { Platform } from '../../core/platform-names.ts';
import { transports } from '../../core/platform-names.ts';
import { comparable } from '../../core/text/line-ends.ts';
import { type CliDriver, patience } from '../dialogue/cli-driver.ts';
import type { Candidate, Driver } from '../driver.ts';
import type { Getter } from '../getters/getter.ts';
import type { Bgp, Facts, InterfacesIp } from '../shapes.ts';
import { ask } from './ask.ts';
import { cliDriver } from './cli-session.ts';
import type { ReadOnly } from './read-only.ts';
import { nothingKept, unsupported } from './session.ts';
import type { CliShell } from './shell.ts';
import type { LineRules } from './text/config-lines.ts';
import { mergeDiff } from './text/merge-diff.ts';

/** What its commands tell, parsed; a platform has all of these or none. */
type CommandGetters = {
  facts: Getter<Facts>;
  bgp: Getter<Bgp>;
  'interfaces-ip': Getter<InterfacesIp>;
};

/** A platform of which we know how to run commands and read the configuration, and no way to change it under a timer. */
export type CommandPlatform = {
  platform: Platform;
  cli: CliDriver;
  readOnly?: ReadOnly;
  privileged?: boolean;
  /** Prints the running and the saved configuration. */
  show: { running: string; startup?: string };
  leave: string;
  hostname: RegExp;
  /** Lines of a configuration that change by themselves or say nothing. */
  volatile: RegExp;
  rules: LineRules;
  /** The word that takes a command away; `no` when left out. */
  negation?: string;
  getters?: CommandGetters;
  tested: string;
  notes: readonly string[];
};

/** What a merge would change, told without touching the device. */
const preview = (shell: CliShell, platform: CommandPlatform, config: string): Candidate => ({
  unstable: [],
  diff: async () =>
    mergeDiff(
      await shell.send(platform.show.running, patience.load),
      config,
      platform.rules,
      platform.negation ?? 'no',
    ),
  commit: async () => {
    throw new PlumbError(
      'unsupported',
      `${shell.name}: ${platform.platform} has no commit that the device would undo`,
      {
        hint: 'Plumbline changes nothing that it cannot undo: run the commands by hand with `plumb run`',
      },
    );
  },
  [Symbol.asyncDispose]: async () => {},
});

/** The driver of such a platform. */
export const commandDriver = (platform: CommandPlatform): Driver =>
  cliDriver({
    platform: platform.platform,
    capabilities: {
      transports: transports.generic,
      replace: 'none',
      merge: 'line by line',
      diff: 'computed',
      trial: 'none',
      trialUnitSeconds: 1,
      confirmFrom: 'any',
      comment: false,
      startup: platform.show.startup !== undefined,
      getters: platform.getters ? ['facts', 'bgp', 'interfaces-ip'] : [],
      tested: platform.tested,
      notes: [
        'Commands and configurations are read; a merge is previewed, never committed: nothing on the device would undo it.',
        ...platform.notes,
      ],
    },
    cli: platform.cli,
    ...(platform.readOnly ? { readOnly: platform.readOnly } : {}),
    ...(platform.privileged === undefined ? {} : { privileged: platform.privileged }),
    leave: platform.leave,
    load: async (shell, config, mode) =>
      mode === 'merge' ? preview(shell, platform, config) : unsupported(shell.name, platform.platform, 'replace'),
    pending: async () => undefined,
    saved: async () => [],
    savedConfig: async ({ name }, job) => nothingKept(name, job),
    clean: async () => [],
    config: async (shell, from) => {
      const command = from === 'running' ? platform.show.running : platform.show.startup;
      return command === undefined
        ? unsupported(shell.name, platform.platform, 'startup configuration')
        : `${await shell.send(command, patience.load)}\n`;
    },
    ...(platform.getters
      ? {
          facts: ask(platform.getters.facts),
          bgp: ask(platform.getters.bgp),
          interfacesIp: ask(platform.getters['interfaces-ip']),
        }
      : {}),
    normalise: (config) => `${comparable(config, (line) => platform.volatile.test(line)).trim()}\n`,
    hostname: (config) => platform.hostname.exec(config)?.[1],
  });
