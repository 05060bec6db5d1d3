import { setMaxListeners } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Config, type Flags, loadConfig } from '../core/config/config.ts';
import { PlumbError } from '../core/errors.ts';
import type { Inventory } from '../core/inventory/schema.ts';
import { log } from '../core/log.ts';
import { connectNats } from '../core/store/server/connect.ts';
import type { Role } from '../core/store/server/permissions.ts';
import { openStore, openStoreOnceMade, type Store } from '../core/store/store.ts';
import type { Context } from './context.ts';
import { inLab } from './inventory/lab-inventory.ts';
import { readInventory } from './inventory/read-inventory.ts';
import { readRunFile } from './inventory/run-file.ts';
import { written } from './output/terminal.ts';

/** What a process has and a test makes up. */
export type Io = {
  env: NodeJS.ProcessEnv;
  cwd: string;
  signal: AbortSignal;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: Terminal;
  stderr: Terminal;
};
type Terminal = { write(text: string): unknown; isTTY?: boolean; columns?: number };

/** A context, and what only `main.ts` may do with it. */
export type OwnContext = Context &
  AsyncDisposable & { configure(flags: Flags, cwd: string): Promise<void>; code(): number; lost: Promise<never> };

/** How long a verb waits for a NATS server that went away. */
const awayMs = 15_000;

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const wantsColour = (stream: Terminal, env: NodeJS.ProcessEnv) =>
  Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';

export const makeContext = ({ env, signal, stdin, stdout, stderr }: Io): OwnContext => {
  const out = (text: string) => void stdout.write(written(text, Boolean(stdout.isTTY)));
  const err = (text: string) => void stderr.write(written(text, Boolean(stderr.isTTY)));
  setMaxListeners(0, signal); // every connection to every device listens to it at once: no leak
  let config: Config | undefined;
  let code = 0;
  let opened: Promise<Store> | undefined;
  const settled = () => {
    if (!config) throw new Error('the configuration is read when a verb runs');
    return config;
  };
  const inventory: () => Promise<Inventory> = once(async () => {
    const run = await readRunFile(settled().state);
    return inLab(await readInventory(settled()), run?.lab);
  });
  let lose: (error: PlumbError) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  lost.catch(() => {});
  /** A verb does not wait for ever for a server that is gone; the parts that run for long do. */
  const watchConnection = async (nc: NatsConnection) => {
    let timer: NodeJS.Timeout | undefined;
    for await (const { type } of nc.status()) {
      if (type === 'disconnect' && timer === undefined) {
        err('plumb: the connection to NATS is lost, trying again\n');
        timer = setTimeout(() => {
          const hint = 'what was begun goes on; `plumb jobs` shows it once NATS is back';
          lose(new PlumbError('nats_unavailable', `no connection to NATS for ${awayMs / 1000} s`, { hint }));
        }, awayMs);
      } else if (type === 'reconnect') {
        clearTimeout(timer);
        timer = undefined;
      }
    }
    clearTimeout(timer);
  };
  const connect = async (role: Role | undefined, named: string | undefined) => {
    const { nats, state, folder } = settled();
    const run = nats ? undefined : await readRunFile(state);
    const to = nats ?? run;
    if (!to) {
      throw new PlumbError('nats_unavailable', `no NATS server is known, and no \`plumb up\` runs in ${folder}`, {
        hint: 'start `plumb up` here, or name a server with --nats or NATS_URL',
      });
    }
    const site = named ?? (await inventory()).site;
    const { url, user, password, creds, ca } = { creds: undefined, ca: undefined, ...to };
    const nc = await connectNats({
      url,
      name: role ? `plumb ${role}` : 'plumb',
      ...(nats && role ? { role } : {}),
      ...(user ? { user } : {}),
      ...(password ? { password } : {}),
      ...(creds ? { creds } : {}),
      ...(ca ? { ca } : {}),
    });
    if (!role) void watchConnection(nc);
    if (role !== 'runner') return openStore(nc, site, nats?.replicas);
    const waits = ({ message, hint }: PlumbError) => log.warn(`waiting: ${message}; ${hint}`);
    return openStoreOnceMade(nc, site, waits, signal);
  };
  return {
    get config() {
      return settled();
    },
    env,
    out,
    err,
    raw: (text) => (stdout.isTTY ? out(text) : void stdout.write(text)),
    terminal: { isTTY: Boolean(stderr.isTTY), columns: stderr.columns ?? 80 },
    colour: wantsColour(stdout, env),
    signal,
    inventory,
    store: ({ as, site } = {}) => {
      opened ??= connect(as, site);
      return opened;
    },
    prompt: async (question) => {
      if (!stdin.isTTY) return undefined;
      err(question);
      const lines = createInterface({ input: stdin }); // without an output the terminal itself echoes and edits
      try {
        return await lines.question('', { signal });
      } finally {
        lines.close();
      }
    },
    exit: (wanted) => {
      code = Math.max(code, wanted);
    },
    configure: async (flags, cwd) => {
      config = await loadConfig(flags, env, cwd);
      if (config.drivers.length === 0) return;
      const { loadDrivers } = await import('../runners/drivers/outside/load.ts');
      await loadDrivers(config.drivers, config.state);
    },
    code: () => code,
    lost,
    [Symbol.asyncDispose]: async () => {
      const store = await opened?.catch(() => undefined);
      await store?.nc.close().catch(() => undefined);
    },
  };
};
