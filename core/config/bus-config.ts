import { resolve } from 'node:path';
import { registerSecret } from '../redact/redact.ts';
import type { NatsOptions } from '../store/server/connect.ts';
import type { ConfigFile } from './config-file.ts';
import { contextNamed, readContexts, type SiteContext } from './contexts.ts';
import { type Env, oneOf } from './variables.ts';

/** Where NATS is, and for which site. */
export type Bus = {
  /** undefined: not configured; `plumb up` starts one and notes it in `.plumb/nats.json`. */
  nats: Omit<NatsOptions, 'name'> | undefined;
  /** The site that `nats` is of, where a context names both; undefined: the inventory's. */
  site: { name: string; context: string } | undefined;
  /** The context in use, if nothing more specific names a server, not even a `plumb up` in this folder. */
  fallback: () => Promise<Pick<Bus, 'nats' | 'site'> | undefined>;
};

/** What a command line may set of it. */
export type BusFlags = { nats?: string; context?: string };

const natsFrom = (
  flags: BusFlags,
  env: Env,
  { nats = {} }: ConfigFile,
  from: (path: string) => string,
): Bus['nats'] => {
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

const fromContext = (name: string, { nats: url, user, creds, ca, site }: SiteContext, env: Env) => {
  const password = (user && env.NATS_PASSWORD) || undefined;
  if (password) registerSecret(password);
  return { nats: { url, user, password, creds, ca }, site: { name: site, context: name } };
};

/** Which bus: a named context is as specific as a flag or a variable; the one in use comes last. */
export const busFrom = async (
  flags: BusFlags,
  env: Env,
  file: ConfigFile,
  from: (path: string) => string,
): Promise<Bus> => {
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
