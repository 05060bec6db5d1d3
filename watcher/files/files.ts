import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { Assembler } from '../assemble.ts';
import { configsFolder } from '../file-names.ts';
import { type Snapshot, Snapshots, type Source } from '../source.ts';
import { type Checkouts, watchCheckouts } from './checkout.ts';
import { ConfigFiles } from './config-files.ts';
import { FileEvents } from './file-events.ts';
import { Inputs } from './inputs.ts';
import { Looks, shared } from './looks.ts';
import { type OpenRenderer, Rerender } from './rerender.ts';

type FileLooks = { configs: Looks; inputs: Looks };

type FilesOptions = {
  /** The repository; the configurations are in its `intended/configs`, the templates in `templates`. */
  folder: string;
  /** Path of the inventory. */
  inventory: string;
  /** @throws PlumbError `invalid_inventory` */
  loadInventory: (path: string) => Promise<Inventory>;
  /** For rendering anew when templates or inventory changed; without it nothing is rendered. */
  openRenderer?: OpenRenderer | undefined;
  /** Told of each device whose file was rendered anew. */
  onRendered?: (device: string) => void;
  /** For tests: the looks at the configurations, and at templates and inventory. */
  looks?: FileLooks;
};

/** How often everything is looked at without an event: some file systems send none. */
const rescanMs = 2_000;

class FilesSource implements Source {
  readonly name: string;
  readonly current = true;
  readonly #snapshots = new Snapshots();
  readonly #assembler = new Assembler();
  readonly #stop = new AbortController();
  readonly #configs: ConfigFiles;
  readonly #inputs: Inputs;
  readonly #events: FileEvents;
  readonly #looks: FileLooks;
  #eventsFailed: PlumbError | undefined;
  #missing: string | undefined;
  #started = false;

  constructor(options: FilesOptions, inventory: Inventory, checkouts: Checkouts, looks: FileLooks) {
    const { folder, openRenderer, loadInventory } = options;
    const configs = join(folder, configsFolder);
    const templates = join(folder, 'templates');
    const { signal } = this.#stop;
    this.name = `files in ${folder}`;
    this.#configs = new ConfigFiles(configs, looks.configs, checkouts, signal, () => this.#emit());
    this.#looks = looks;
    for (const each of Object.values(looks)) each.changed = () => this.#emit();
    const ofEvents = [looks.configs, looks.inputs] as const;
    this.#events = new FileEvents(configs, [templates, options.inventory], ofEvents, {
      config: (name) => {
        checkouts.touched();
        this.#configs.touch(name);
      },
      input: () => {
        checkouts.touched();
        this.#inputs.touch();
      },
      lost: () => void this.#configs.rescan().catch(() => {}), // another one follows
      failed: (problem) => {
        this.#eventsFailed = problem;
        this.#emit();
      },
    });
    const rerender = openRenderer && new Rerender(openRenderer, templates, configs);
    const changed = (written: ReadonlyMap<string, string>) => {
      for (const device of written.keys()) this.#configs.touch(`${device}.cfg`);
      for (const device of written.keys()) options.onRendered?.(device);
      this.#emit();
    };
    this.#inputs = new Inputs(
      {
        templates,
        inventoryPath: options.inventory,
        loadInventory,
        rerender,
        looks: looks.inputs,
        checkouts,
        signal,
        changed: (rendered) => changed(rendered.written),
      },
      inventory,
    );
  }

  /** Makes the first snapshot, then follows events. */
  async start(): Promise<this> {
    const { configs, inputs } = this.#looks;
    await inputs.patiently(this.#inputs.start());
    await inputs.patiently(this.#events.listen());
    await configs.patiently(this.#configs.rescan());
    await this.#configs.idle();
    this.#started = true;
    this.#emit();
    const guard = (error: unknown) => this.#snapshots.fail(error);
    void this.#inputs.learn().catch(guard);
    for (const look of this.#all) void this.#forever(look).catch(guard);
    return this;
  }

  [Symbol.asyncIterator](): AsyncIterator<Snapshot> {
    return this.#snapshots[Symbol.asyncIterator]();
  }

  async refresh(): Promise<void> {
    await this.#looks.configs.patiently(Promise.all(this.#all.map((look) => look())));
  }

  /** Each on its own: where one place does not answer, the others are looked at. */
  readonly #all = [
    shared(() => this.#events.listen()),
    shared(() => this.#configs.rescan()),
    shared(() => this.#inputs.rescan()),
  ];

  inventory(): Inventory {
    return this.#inputs.inventory;
  }

  async isAfter(): Promise<boolean> {
    return false; // files have no history
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#snapshots.end();
    await this.#events.close();
  }

  #emit(): void {
    if (!this.#started || this.#stop.signal.aborted) return;
    const problems = new Map<string, PlumbError>();
    if (this.#inputs.problem) problems.set('inventory', this.#inputs.problem);
    if (this.#eventsFailed) problems.set('events', this.#eventsFailed);
    for (const [place, { problem }] of Object.entries(this.#looks)) if (problem) problems.set(`${place} hang`, problem);
    const { missing } = this.#configs;
    if (this.#missing !== missing) void this.#events.listen();
    this.#missing = missing;
    if (missing) {
      const hint = 'make it, or start in the folder of your repository; nothing is unmanaged meanwhile';
      problems.set(configsFolder, new PlumbError('source_failed', `${configsFolder}: ${missing}`, { hint }));
    }
    const { inventory, failures } = this.#inputs;
    const snapshot = this.#assembler.next({ inventory, files: this.#configs.items, failures, problems });
    if (snapshot) this.#snapshots.put(snapshot);
  }

  async #forever(look: () => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const began = performance.now();
      await look();
      const costMs = performance.now() - began;
      await wait(Math.max(rescanMs, costMs * 50), undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

/**
 * What is saved in `intended/configs` is what is intended; templates and inventory are rendered into it first.
 *
 * @throws PlumbError `invalid_inventory` where there is no good inventory to begin with
 */
export const openFiles = async (options: FilesOptions): Promise<Source> => {
  const absolute = { ...options, folder: resolve(options.folder), inventory: resolve(options.inventory) };
  const inventory = await options.loadInventory(absolute.inventory);
  const { folder } = absolute;
  // with one thread left of the four that Node has, names are still resolved and everything else goes on
  const looks = options.looks ?? {
    configs: new Looks(join(folder, configsFolder), 2),
    inputs: new Looks(`${join(folder, 'templates')} or ${absolute.inventory}`, 1),
  };
  const checkouts = await watchCheckouts(folder);
  return new FilesSource(absolute, inventory, checkouts, looks).start();
};
