import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkSchema } from '../inventory/check.ts';
import { readYaml } from '../inventory/yaml.ts';
import { type ApiConfig, apiFrom } from './api-config.ts';
import { type Bus, type BusFlags, busFrom } from './bus-config.ts';
import { ConfigFile, configName } from './config-file.ts';
import { type Env, oneOf } from './variables.ts';
import type { WebhookSettings } from './webhooks.ts';

/** Where everything is: flag over environment over plumbline.yml. */
export type Config = Bus & {
  /** The folder of the user's repository; every other path is absolute. */
  folder: string;
  inventory: string;
  templates: string;
  /** `intended/configs`. */
  intended: string;
  /** `.plumb/`: local state, ignored by git. */
  state: string;
  knownHosts: string;
  api: ApiConfig;
  /** Who is notified of what; their secrets are in the environment. */
  webhooks: readonly WebhookSettings[];
  /** undefined: not set; each verb has its own default. */
  source: { kind: 'files' | 'git' | undefined; branch: string | undefined; remote: string | undefined };
  log: NonNullable<ConfigFile['log']>;
  /** Folder of TextFSM templates for `plumb run --parse`; undefined: not set. */
  textfsm: string | undefined;
  /** Files with the user's own platforms. */
  drivers: readonly string[];
};

/** What the command line may set; the names are those of the flags. */
export type Flags = BusFlags & {
  folder?: string;
  inventory?: string;
  templates?: string;
  apiPort?: number | string;
  driver?: readonly string[];
};

const readFile = async (folder: string): Promise<ConfigFile> => {
  const path = join(folder, configName);
  if (!existsSync(path)) return {};
  const yaml = await readYaml(path, configName, 'invalid_request', 'every key is optional: the file may be removed');
  const value = yaml.value ?? {};
  yaml.refuse(checkSchema(ConfigFile, value));
  return value as ConfigFile;
};

/**
 * Reads plumbline.yml, where there is one, under the environment and the flags.
 *
 * @throws PlumbError `invalid_request` where one of them is wrong, naming file, line and key, or the variable
 */
export const loadConfig = async (flags: Flags, env: Env, cwd: string): Promise<Config> => {
  const folder = resolve(cwd, flags.folder ?? env.PLUMB_FOLDER ?? '.');
  const file = await readFile(folder);
  const from = (path: string) => resolve(folder, path);
  const state = from(env.PLUMB_STATE || file.state || '.plumb');
  const log = ConfigFile.properties.log.enum;
  const textfsm = env.PLUMB_TEXTFSM || file.textfsm;
  return {
    folder,
    inventory: from(flags.inventory || env.PLUMB_INVENTORY || file.inventory || 'inventory.yml'),
    templates: from(flags.templates || env.PLUMB_TEMPLATES || file.templates || 'templates'),
    intended: from('intended/configs'),
    state,
    knownHosts: from(env.PLUMB_KNOWN_HOSTS || file.knownHosts || join(state, 'known_hosts')),
    ...(await busFrom(flags, env, file, from)),
    api: apiFrom(flags.apiPort, env, file, from),
    webhooks: file.webhooks ?? [],
    source: {
      kind: oneOf('PLUMB_SOURCE', env.PLUMB_SOURCE, ['files', 'git']) ?? file.source,
      branch: env.PLUMB_BRANCH || file.branch,
      remote: env.PLUMB_REMOTE || file.remote,
    },
    log: oneOf('PLUMB_LOG', env.PLUMB_LOG, log) ?? file.log ?? 'info',
    textfsm: textfsm === undefined ? undefined : from(textfsm),
    drivers: (flags.driver ?? env.PLUMB_DRIVERS?.split(',').filter(Boolean) ?? file.drivers ?? []).map((path) =>
      from(path.trim()),
    ),
  };
};
