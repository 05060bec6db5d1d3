import { addAbortListener, setMaxListeners } from 'node:events';
import type { Config, Flags } from '../core/config/config.ts';
import type { PlumbError } from '../core/errors.ts';
import type { Inventory } from '../core/inventory/schema.ts';
import type { Store } from '../core/store/store.ts';
import type { Context, Screen } from './context.ts';
import { screen, written } from './output/terminal.ts';

// What reads files or talks to NATS is loaded when a verb asks for it: `plumb --help` and most of `plumb completion` never do.

/** What a process provides and a test fakes. */
export type Io = {
  env: NodeJS.ProcessEnv;
  cwd: string;
  signal: AbortSignal;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: Terminal;
  stderr: Terminal;
};
type Terminal = {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  writableNeedDrain?: boolean;
  once?(event: 'drain', listener: () => void): unknown;
};

/** A context, and what only `main.ts` may do with it. */
type OwnContext = Context &
  AsyncDisposable & { configure(flags: Flags, cwd: string): Promise<void>; code(): number; lost: Promise<never> };

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const wantsColour = (stream: Terminal, env: NodeJS.ProcessEnv) =>
  Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';

const screenOf = (stdout: Terminal, out: (text: string) => void): Screen => {
  let entered = false;
  const leave = () => {
    process.off('exit', leave);
    if (entered) out(screen.leave);
    entered = false;
  };
  return {
    rows: () => stdout.rows || 24, // 0: a terminal that does not know its size, such as a serial line
    columns: () => stdout.columns || 80,
    onResize: (listener) => void stdout.on?.('resize', listener),
    enter: () => {
      entered = true;
      process.once('exit', leave); // Ctrl-C twice
      out(screen.enter);
    },
    leave,
  };
};

export const makeContext = ({ env, cwd, signal, stdin, stdout, stderr }: Io): OwnContext => {
  const out = (text: string) => void stdout.write(written(text, Boolean(stdout.isTTY)));
  const err = (text: string) => void stderr.write(written(text, Boolean(stderr.isTTY)));
  setMaxListeners(0, signal); // every connection to every device listens to it at once: not a leak
  let config: Config | undefined;
  let code = 0;
  let opened: Promise<Store> | undefined;
  const configured = () => {
    if (!config) throw new Error('the configuration is read when a verb runs');
    return config;
  };
  const inventory: () => Promise<Inventory> = once(async () => {
    const [{ inLab }, { readInventory }, { readRunFile }] = await Promise.all([
      import('./inventory/lab-inventory.ts'),
      import('./inventory/read-inventory.ts'),
      import('./inventory/run-file.ts'),
    ]);
    const run = await readRunFile(configured().state);
    return inLab(await readInventory(configured()), run?.lab);
  });
  let lose: (error: PlumbError) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  lost.catch(() => {});
  const connect: Context['store'] = async ({ as: role, site: named, patient = false } = {}) => {
    const { connectStore } = await import('./connect-store.ts');
    const site = async () => named ?? (await inventory()).site;
    return connectStore(configured(), { role, site, patient, signal, err, lose });
  };
  return {
    get config() {
      return configured();
    },
    env,
    cwd,
    out,
    err,
    room: async () => {
      if (!stdout.writableNeedDrain || signal.aborted) return;
      let done = () => {};
      const drained = new Promise<void>((resolve) => {
        done = resolve;
      });
      using _stop = addAbortListener(signal, done);
      stdout.once?.('drain', done);
      await drained;
    },
    raw: (text) => (stdout.isTTY ? out(text) : void stdout.write(text)),
    terminal: { isTTY: Boolean(stderr.isTTY), columns: stderr.columns || 80 },
    screen: stdout.isTTY ? screenOf(stdout, out) : undefined,
    colour: wantsColour(stdout, env),
    signal,
    inventory,
    store: (options) => {
      opened ??= connect(options);
      return opened;
    },
    prompt: async (question) => {
      if (!stdin.isTTY) return undefined;
      const { createInterface } = await import('node:readline/promises');
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
      const { loadConfig } = await import('../core/config/config.ts');
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
