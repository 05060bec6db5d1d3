import { unifiedDiff } from '../../../core/diff/diff.ts';
import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Driver } from '../../driver.ts';
import { ask } from '../../session/ask.ts';
import { type CliPlatform, cliDriver } from '../../session/cli-session.ts';
import { type CommandPlatform, commandDriver } from '../../session/command-driver.ts';
import { configLines } from '../../session/text/config-lines.ts';
import { parseTrialName, trialName } from '../../trial-name.ts';
import { cliKeys, commandKeys } from './keys.ts';
import { refuseIncomplete } from './shape.ts';

/** What a driver from outside is given, so that its file imports nothing of Plumbline but types. */
export type DriverKit = {
  /** A driver for a command line, with trials. @throws PlumbError `invalid_request` that names what is missing or not understood */
  cliDriver(platform: CliPlatform): Driver;
  /** A driver that runs commands and reads configurations. @throws PlumbError `invalid_request` as above */
  commandDriver(platform: CommandPlatform): Driver;
  ask: typeof ask;
  configLines: typeof configLines;
  parseTrialName: typeof parseTrialName;
  patience: typeof patience;
  PlumbError: typeof PlumbError;
  trialName: typeof trialName;
  unifiedDiff: typeof unifiedDiff;
};

const shared = {
  platform: 'text',
  'cli.prompt': 'expression',
  'cli.errors': 'list',
  'cli.setup': 'list',
  leave: 'text',
} as const;

const cliNeeds = {
  ...shared,
  load: 'function',
  pending: 'function',
  saved: 'function',
  savedConfig: 'function',
  clean: 'function',
  config: 'function',
  normalise: 'function',
  hostname: 'function',
} as const;

const commandNeeds = {
  ...shared,
  'show.running': 'text',
  hostname: 'expression',
  volatile: 'expression',
  'rules.drop': 'expression',
  tested: 'text',
  notes: 'list',
} as const;

/** @param file names the driver in messages */
export const kitFor = (file: string): DriverKit => ({
  cliDriver: (platform) => {
    refuseIncomplete(file, 'the argument of cliDriver', platform, cliNeeds, cliKeys);
    return cliDriver(platform);
  },
  commandDriver: (platform) => {
    refuseIncomplete(file, 'the argument of commandDriver', platform, commandNeeds, commandKeys);
    return commandDriver(platform);
  },
  ask,
  configLines,
  parseTrialName,
  patience,
  PlumbError,
  trialName,
  unifiedDiff,
});
