import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { explain, PlumbError } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import type { Checkouts } from './checkout.ts';
import { fingerprint, scanTemplates } from './folder.ts';
import type { Looks } from './looks.ts';
import type { Rendered, Rerender } from './rerender.ts';
import { settle } from './settle.ts';

/** Templates and inventory are often saved together. */
const quietMs = 30;
const inventoryKey = '\0inventory';

type Parts = {
  templates: string;
  inventoryPath: string;
  loadInventory: (path: string) => Promise<Inventory>;
  rerender: Rerender | undefined;
  looks: Looks;
  checkouts: Checkouts;
  signal: AbortSignal;
  changed: (rendered: Rendered) => void;
};

/** Templates and inventory: what intended configurations are rendered from. */
export class Inputs {
  inventory: Inventory;
  /** Why the inventory in use is not the one on the disk. */
  problem: PlumbError | undefined;
  /** Devices whose template fails. */
  failures: ReadonlyMap<string, PlumbError> = new Map();
  readonly #parts: Parts;
  #prints = new Map<string, string>();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(parts: Parts, inventory: Inventory) {
    this.#parts = parts;
    this.inventory = inventory;
  }

  /** Takes what is there as known, and learns what the templates give now. */
  async start(): Promise<void> {
    this.#prints = await this.#scan();
    this.#again = false;
  }

  /** Renders what the templates give, to know later which device gets something new from them. */
  async learn(): Promise<void> {
    const rendered = await this.#parts.rerender?.learn(this.inventory, this.#parts.signal);
    if (rendered && rendered.failed.size > 0) this.#take(rendered);
  }

  /** Something happened to the inventory or a template, or may have. */
  touch(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#again && !this.#parts.signal.aborted) this.touch();
    });
  }

  async #run(): Promise<void> {
    const { signal, checkouts, rerender } = this.#parts;
    try {
      while (this.#again) {
        this.#again = false;
        await wait(quietMs, undefined, { signal });
        await checkouts.finished(signal);
        if (this.#again) continue;
        const prints = await this.#settled();
        const inventoryChanged = prints.get(inventoryKey) !== this.#prints.get(inventoryKey);
        if (!inventoryChanged && prints.size === this.#prints.size && this.#changedIn(prints).length === 0) continue;
        this.#prints = prints;
        if (inventoryChanged && !(await this.#load())) this.#take({ written: new Map(), failed: this.failures });
        else if (rerender) this.#take(await rerender.run(this.inventory, signal));
        else this.#take({ written: new Map(), failed: new Map() });
      }
    } catch (error) {
      if (signal.aborted) return;
      this.problem = asProblem(error);
      this.#take({ written: new Map(), failed: this.failures });
    }
  }

  #take(rendered: Rendered): void {
    this.failures = rendered.failed;
    this.#parts.changed(rendered);
  }

  /** @returns false where the inventory on the disk cannot be used */
  async #load(): Promise<boolean> {
    try {
      const inventory = await this.#parts.loadInventory(this.#parts.inventoryPath);
      if (inventory.site !== this.inventory.site) {
        throw new PlumbError('invalid_inventory', `site is now "${inventory.site}", not "${this.inventory.site}"`, {
          hint: 'restart the watcher: it publishes for one site',
        });
      }
      this.inventory = inventory;
      this.problem = undefined;
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }

  async #settled(): Promise<Map<string, string>> {
    const { templates, inventoryPath, signal } = this.#parts;
    for (;;) {
      const before = await this.#scan();
      const paths = this.#changedIn(before).map((name) =>
        name === inventoryKey ? inventoryPath : join(templates, name),
      );
      await Promise.all(paths.map((path) => settle(path, 0, signal)));
      const after = await this.#scan();
      if (after.size === before.size && [...after].every(([name, print]) => before.get(name) === print)) return after;
    }
  }

  #changedIn(prints: ReadonlyMap<string, string>): string[] {
    return [...prints].filter(([name, print]) => this.#prints.get(name) !== print).map(([name]) => name);
  }

  async #scan(): Promise<Map<string, string>> {
    const { rerender, looks, templates, inventoryPath } = this.#parts;
    const found = rerender ? await scanTemplates(looks, templates) : new Map<string, string>();
    const stats = await looks.at(() => stat(inventoryPath)).catch(() => undefined);
    found.set(inventoryKey, stats ? fingerprint(stats) : 'gone');
    return found;
  }

  /** Compares with what was last rendered, without an event. */
  async rescan(): Promise<void> {
    const found = await this.#scan();
    if (found.size !== this.#prints.size || this.#changedIn(found).length > 0) this.touch();
  }
}

const asProblem = (error: unknown): PlumbError =>
  error instanceof PlumbError
    ? error
    : new PlumbError('invalid_inventory', `inventory or templates cannot be read: ${explain(error)}`, { cause: error });
