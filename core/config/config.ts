import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { didYouMean } from '../../engines/nearest.ts';
import type { OidcSettings } from '../access.ts';
import { PlumbError } from '../errors.ts';
import { checkSchema } from '../inventory/check.ts';
import { readYaml } from '../inventory/yaml.ts';
import { registerSecret } from '../redact/redact.ts';
import type { NatsOptions } from '../store/server/connect.ts';
import { ConfigFile, configName } from './config-file.ts';
import { contextNamed, readContexts, type SiteContext } from './contexts.ts';
import type { WebhookSettings } from './webhooks.ts';

/** Where the API listens where nobody says. */
export const defaultApiPort = 9000;

/** Login by an identity provider; the secret that it gave us is in no file. */
export type Oidc = OidcSettings & { secret: string | undefined };

/** Where everything is: flag over environment over plumbline.yml. */
export type Config = {
  /** The folder of the user's repository; every other path is absolute. */
  folder: string;
  inventory: string;
  templates: string;
  /** `intended/configs`. */
  intended: string;
  /** `.plumb/`: what this machine keeps and git ignores. */
  state: string;
  knownHosts: string;
  /** undefined: nobody said where; `plumb up` starts one and notes it in `.plumb/nats.json`. */
  nats: Omit<NatsOptions, 'name'> | undefined;
  /** The site that `nats` is of, where a context names both; undefined: the inventory's. */
  site: { name: string; context: string } | undefined;
  /** The context in use, for where nothing nearer names a server, not even a `plumb up` of this folder. */
  fallback: () => Promise<Pick<Config, 'nats' | 'site'> | undefined>;
  api: { host: string; port: number; oidc: Oidc | undefined };
  /** Who is told what happens; what is secret of them is in the environment. */
  webhooks: readonly WebhookSettings[];
  /** undefined: nobody said; each verb has its own default. */
  source: { kind: 'files' | 'git' | undefined; branch: string | undefined; remote: string | undefined };
  log: NonNullable<ConfigFile['log']>;
  /** Folder of TextFSM templates for `plumb run --parse`; undefined: nobody said which. */
  textfsm: string | undefined;
  /** Files with platforms of one's own. */
  drivers: readonly string[];
};

/** What a person may say on the command line; the names are those of the flags. */
export type Flags = {
  folder?: string;
  inventory?: string;
  templates?: string;
  nats?: string;
  context?: string;
  apiPort?: number | string;
  driver?: readonly string[];
};

type Env = NodeJS.ProcessEnv;

/** The environment variables that are read, for messages and the docs. */
const variables = [
  'PLUMB_FOLDER',
  'PLUMB_INVENTORY',
  'PLUMB_TEMPLATES',
  'PLUMB_STATE',
  'PLUMB_KNOWN_HOSTS',
  'PLUMB_API_HOST',
  'PLUMB_API_PORT',
  'PLUMB_SOURCE',
  'PLUMB_BRANCH',
  'PLUMB_REMOTE',
  'PLUMB_LOG',
  'PLUMB_TEXTFSM',
  'PLUMB_DRIVERS',
  'PLUMB_CONTEXT',
  'PLUMB_OIDC_SECRET',
  'NATS_URL',
  'NATS_USER',
  'NATS_PASSWORD',
  'NATS_CREDS',
  'NATS_CA',
  'NATS_REPLICAS',
] as const;
type Variable = (typeof variables)[number];

const invalid = (message: string): never => {
  throw new PlumbError('invalid_request', message, { hint: 'docs/inventory.md lists flags, variables and keys' });
};

const oneOf = <const T extends string>(
  name: Variable,
  value: string | undefined,
  words: readonly T[],
): T | undefined => {
  if (!value) return undefined;
  const known = words.find((word) => word === value);
  return known ?? invalid(`${name}: expected one of ${words.join(', ')}, found "${value}"${didYouMean(value, words)}`);
};

const portFrom = (name: string, value: number | string | undefined): number | undefined => {
  if (value === undefined || value === '') return undefined;
  const port = Number(value);
  if (/^\d+$/.test(`${value}`) && port <= 65_535) return port;
  return invalid(`${name}: expected a port from 0 to 65535, found "${value}"`);
};

const natsFrom = (
  flags: Flags,
  env: Env,
  { nats = {} }: ConfigFile,
  from: (path: string) => string,
): Config['nats'] => {
  const url = flags.nats || env.NATS_URL || nats.url;
  if (!url) return undefined;
  const user = env.NATS_USER || nats.user || undefined;
  const password = env.NATS_PASSWORD || undefined;
  const creds = env.NATS_CREDS ? resolve(env.NATS_CREDS) : nats.creds ? from(nats.creds) : undefined;
  const ca = env.NATS_CA ? resolve(env.NATS_CA) : nats.ca ? from(nats.ca) : undefined;
  const replicas = Number(oneOf('NATS_REPLICAS', env.NATS_REPLICAS, ['1', '3', '5']) ?? nats.replicas ?? 1);
  if (password) registerSecret(password);
  return { url, user, password, creds, ca, replicas: replicas > 1 ? replicas : undefined };
};

const oidcFrom = (env: Env, { api }: ConfigFile): Oidc | undefined => {
  const secret = env.PLUMB_OIDC_SECRET || undefined;
  if (secret) registerSecret(secret);
  return api?.oidc && { ...api.oidc, secret };
};

const fromContext = (name: string, { nats: url, user, creds, ca, site }: SiteContext, env: Env) => {
  const password = (user && env.NATS_PASSWORD) || undefined;
  if (password) registerSecret(password);
  return { nats: { url, user, password, creds, ca }, site: { name: site, context: name } };
};

type Bus = Pick<Config, 'nats' | 'site' | 'fallback'>;

/** Which bus: a context that was named is as near as a flag or a variable; the one in use comes last. */
const busFrom = async (flags: Flags, env: Env, file: ConfigFile, from: (path: string) => string): Promise<Bus> => {
  const nothing = { site: undefined, fallback: async () => undefined };
  const named = flags.context ?? (env.NATS_URL ? undefined : env.PLUMB_CONTEXT || undefined);
  if (flags.nats || (named === undefined && (env.NATS_URL || file.nats?.url)))
    return { ...nothing, nats: natsFrom(flags, env, file, from) };
  const read = async (name: string | undefined) => {
    const contexts = await readContexts(env);
    const chosen = name ?? contexts.use;
    return chosen === undefined ? undefined : fromContext(chosen, contextNamed(contexts, chosen), env);
  };
  if (named !== undefined) return { ...nothing, nats: undefined, ...(await read(named)) };
  return { ...nothing, nats: undefined, fallback: () => read(undefined) };
};

const readFile = async (folder: string): Promise<ConfigFile> => {
  const path = join(folder, configName);
  if (!existsSync(path)) return {};
  const yaml = await readYaml(path, configName, 'invalid_request', 'every key of it is optional: it may be removed');
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
    api: {
      host: env.PLUMB_API_HOST || file.api?.host || '127.0.0.1',
      port:
        portFrom('--api-port', flags.apiPort) ??
        portFrom('PLUMB_API_PORT', env.PLUMB_API_PORT) ??
        file.api?.port ??
        defaultApiPort,
      oidc: oidcFrom(env, file),
    },
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
