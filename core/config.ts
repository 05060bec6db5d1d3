import { join, resolve } from 'node:path';
import type { NatsOptions } from './connect.ts';

/** Where everything is: flag over environment over plumbline.yml. */
export type Config = {
  /** The folder of the user's repository; every other path is absolute. */
  folder: string;
  inventory: string;
  /** `.plumb/`: what this machine keeps and git ignores. */
  state: string;
  knownHosts: string;
  /** undefined: nobody said where; `plumb up` starts one and notes it in `.plumb/nats.json`. */
  nats: Omit<NatsOptions, 'name'> | undefined;
  api: { host: string; port: number };
};

/** What a person may say on the command line; the names are those of the flags. */
export type Flags = { folder?: string; inventory?: string; nats?: string; apiPort?: number };

const natsFrom = (url: string | undefined, env: NodeJS.ProcessEnv): Config['nats'] => {
  if (!url) return undefined;
  const { NATS_USER: user, NATS_PASSWORD: password, NATS_CREDS: creds, NATS_CA: ca } = env;
  return {
    url,
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
    ...(creds ? { creds } : {}),
    ...(ca ? { ca } : {}),
  };
};

/** @throws PlumbError `invalid_request` where plumbline.yml is wrong, naming line and key */
export const loadConfig = async (flags: Flags, env: NodeJS.ProcessEnv, cwd: string): Promise<Config> => {
  const folder = resolve(cwd, flags.folder ?? env['PLUMB_FOLDER'] ?? '.');
  const state = resolve(folder, env['PLUMB_STATE'] ?? '.plumb');
  return {
    folder,
    inventory: resolve(folder, flags.inventory ?? env['PLUMB_INVENTORY'] ?? 'inventory.yml'),
    state,
    knownHosts: join(state, 'known_hosts'),
    nats: natsFrom(flags.nats ?? env['NATS_URL'], env),
    api: { host: '127.0.0.1', port: flags.apiPort ?? 9000 },
  };
};
