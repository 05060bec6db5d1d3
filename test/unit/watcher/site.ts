import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { InventoryEntry } from '../../../core/bus.ts';
import { loadInventory } from '../../../core/inventory/inventory.ts';
import { fetchIntent } from '../../../core/store/intents.ts';
import { getRecord } from '../../../core/store/records.ts';
import type { Store } from '../../../core/store/store.ts';
import type { WatcherEvent } from '../../../watcher/events.ts';
import { openFiles } from '../../../watcher/files/files.ts';
import type { OpenRenderer } from '../../../watcher/files/rerender.ts';
import { type GitSourceOptions, openGit } from '../../../watcher/git/git.ts';
import { startWatcher, type Watcher } from '../../../watcher/main.ts';
import type { Source } from '../../../watcher/source.ts';
import { natsForTest } from '../../nats.ts';

const run = promisify(execFile);

/** An inventory of these devices, as YAML. */
export const inventoryOf = (devices: readonly string[], more = ''): string =>
  [
    'site: dc1',
    'defaults: { platform: frr, role: leaf, policy: { firstDeployment: auto } }',
    more,
    'devices:',
    ...devices.map((name) => `  ${name}: {}`),
  ]
    .filter(Boolean)
    .join('\n')
    .concat('\n');

export const config = (device: string, note = 'one'): string =>
  `hostname ${device}\n!\nrouter bgp 65001\n neighbor 192.0.2.1 description ${note}\n!\n`;

/** A folder with an inventory and configurations; a git repository once `git('init')` is said. */
export const makeFolder = async (devices: readonly string[] = ['leaf1', 'leaf2']) => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-watcher-'));
  const write = async (path: string, text: string | Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await write('inventory.yml', inventoryOf(devices));
  for (const device of devices) await write(`intended/configs/${device}.cfg`, config(device));
  const git = async (...args: string[]) => (await gitIn(folder, ...args)).trim();
  return {
    folder,
    write,
    git,
    path: (path: string) => join(folder, path),
    configPath: (device: string) => join(folder, 'intended/configs', `${device}.cfg`),
    commitAll: async (message: string) => {
      await git('add', '-A');
      await git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
};
export type Folder = Awaited<ReturnType<typeof makeFolder>>;

const person = ['user.name=Ann', 'user.email=ann@example.net', 'protocol.file.allow=always', 'init.defaultBranch=main'];

export const gitIn = async (cwd: string, ...args: string[]): Promise<string> => {
  const settings = person.flatMap((setting) => ['-c', setting]);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_EDITOR: 'true' };
  return (await run('git', [...settings, ...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 })).stdout;
};

/** A folder that is a git repository with everything committed on `main`. */
export const makeRepository = async (devices?: readonly string[]) => {
  const made = await makeFolder(devices);
  await made.git('init', '-q', '-b', 'main');
  const commit = await made.commitAll('first');
  return Object.assign(made, { first: commit });
};

/** Commits another configuration of leaf1. */
export const change = async (folder: Folder, note: string): Promise<string> => {
  await folder.write('intended/configs/leaf1.cfg', config('leaf1', note));
  return folder.commitAll(note);
};

export const openFilesIn = (
  folder: string,
  openRenderer?: OpenRenderer,
  more: Partial<Parameters<typeof openFiles>[0]> = {},
) =>
  openFiles({
    folder,
    inventory: join(folder, 'inventory.yml'),
    loadInventory,
    ...(openRenderer ? { openRenderer } : {}),
    ...more,
  });

export const openGitIn = (folder: string, more: Partial<GitSourceOptions> = {}) =>
  openGit({ folder, inventory: join(folder, 'inventory.yml'), loadInventory, ...more });

/** For git and the disk of a machine that is busy with other tests; half of what the next look would take. */
const patienceMs = 30_000;

/** Collects what happens, and waits for it. */
export class Story {
  readonly events: WatcherEvent[] = [];
  readonly tell = (event: WatcherEvent): void => {
    this.events.push(event);
    for (const waiter of [...this.#waiters]) waiter();
  };
  readonly #waiters = new Set<() => void>();

  of<K extends WatcherEvent['kind']>(kind: K): Extract<WatcherEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<WatcherEvent, { kind: K }> => event.kind === kind);
  }

  /** The first event like this, past or future. */
  async until<K extends WatcherEvent['kind']>(
    kind: K,
    like: (event: Extract<WatcherEvent, { kind: K }>) => boolean = () => true,
    timeoutMs = patienceMs,
  ): Promise<Extract<WatcherEvent, { kind: K }>> {
    const found = () => this.of(kind).find(like);
    const seen = found();
    if (seen) return seen;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiters.delete(look);
        reject(new Error(`no such "${kind}" in ${JSON.stringify(this.events.slice(-10))}`));
      }, timeoutMs);
      const look = () => {
        const event = found();
        if (!event) return;
        clearTimeout(late);
        this.#waiters.delete(look);
        resolve(event);
      };
      this.#waiters.add(look);
    });
  }

  forget(): void {
    this.events.length = 0;
  }
}

/** A real nats-server and a watcher on it. */
export const watchSource = async (source: Source, options: { reconcileMs?: number } = {}) => {
  const nats = await natsForTest();
  const story = new Story();
  const watcher = startWatcher({ store: nats.store, source, onEvent: story.tell, ...options });
  await watcher.ready;
  return {
    ...nats,
    story,
    watcher,
    [Symbol.asyncDispose]: async () => {
      await watcher[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
};

export const watchStore = (store: Store, source: Source, story = new Story()): { watcher: Watcher; story: Story } => ({
  watcher: startWatcher({ store, source, onEvent: story.tell }),
  story,
});

/** The text on a device's subject. */
export const published = async (store: Store, device: string): Promise<string | undefined> => {
  const intent = await fetchIntent(store, device);
  return intent && Buffer.from(intent.body).toString();
};

export const entryOf = async (store: Store, device: string) =>
  (await getRecord(store.inventory, InventoryEntry, device))?.value;

/** Every message on the intents' subjects from now on, as `device text`. */
export const collectIntents = (store: Store) => {
  const seen: { device: string; text: string; atMs: number }[] = [];
  const subscription = store.nc.subscribe(`${store.site}.*.configure`, {
    callback: (_, message) => {
      seen.push({ device: message.subject.split('.')[1] ?? '', text: message.string(), atMs: performance.now() });
    },
  });
  return Object.assign(seen, { stop: () => subscription.unsubscribe() });
};

export const eventually = <T>(look: () => T | Promise<T>, timeout = patienceMs): Promise<T> =>
  vi.waitFor(look, { timeout, interval: 20 });
