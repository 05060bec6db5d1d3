import { didYouMean } from '../../../engines/nearest.ts';
import type { CliDriver } from '../../dialogue/cli-driver.ts';
import type { Driver } from '../../driver.ts';
import type { CliPlatform } from '../../session/cli-session.ts';
import type { CommandPlatform } from '../../session/command-driver.ts';

type Keys<T> = Readonly<Record<keyof T, true>>;

/** All that a driver may say. */
export const driverKeys: Keys<Driver> = {
  platform: true,
  capabilities: true,
  readOnly: true,
  secrets: true,
  health: true,
  late: true,
  marker: true,
  ntcNames: true,
  parsers: true,
  textParser: true,
  open: true,
  keepsBytes: true,
  normalise: true,
  hostname: true,
};

/** All that `cliDriver` may be given. */
export const cliKeys: Keys<CliPlatform> = {
  platform: true,
  capabilities: true,
  cli: true,
  readOnly: true,
  health: true,
  late: true,
  marker: true,
  ntcNames: true,
  parsers: true,
  textParser: true,
  privileged: true,
  leave: true,
  secrets: true,
  texts: true,
  lastLine: true,
  load: true,
  pending: true,
  saved: true,
  savedConfig: true,
  clean: true,
  config: true,
  facts: true,
  bgp: true,
  bgpDetail: true,
  interfacesIp: true,
  clock: true,
  normalise: true,
  hostname: true,
};

/** All that `commandDriver` may be given. */
export const commandKeys: Keys<CommandPlatform> = {
  platform: true,
  cli: true,
  readOnly: true,
  privileged: true,
  show: true,
  leave: true,
  hostname: true,
  volatile: true,
  rules: true,
  negation: true,
  getters: true,
  tested: true,
  notes: true,
};

/** All that `cli` may say in either. */
export const dialogueKeys: Keys<CliDriver> = {
  prompt: true,
  configPrompt: true,
  base: true,
  errors: true,
  setup: true,
  questions: true,
  refusals: true,
  pagers: true,
  pagerEnds: true,
  promptLine: true,
  noise: true,
  newline: true,
  typing: true,
  silent: true,
  settleMs: true,
  adapt: true,
};

/** What is said and not understood, each by its name: it would do nothing, silently. */
export const unknownKeys = (value: unknown, known: Readonly<Record<string, true>>, at = ''): string[] =>
  Object.keys(typeof value === 'object' && value !== null ? value : {})
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => `there is no "${at}${key}"${didYouMean(key, Object.keys(known))}`);
