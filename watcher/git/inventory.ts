import { rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { explain, PlumbError } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { fingerprint } from '../files/folder.ts';
import { temporaryFolder } from './temporary.ts';

type Load = (path: string) => Promise<Inventory>;

/** The inventory of the commit that is deployed, or one outside of the repository. The last good one stays in use. */
export class CommittedInventory {
  value: Inventory | undefined;
  readonly #path: string;
  readonly #pathInCommit: string | undefined;
  readonly #load: Load;
  #key: string | undefined;
  #problem: PlumbError | undefined;

  /** @param pathInCommit undefined: it is outside of the repository, and read from the disk */
  constructor(path: string, pathInCommit: string | undefined, load: Load) {
    this.#path = path;
    this.#pathInCommit = pathInCommit;
    this.#load = load;
  }

  /**
   * Loads it where it is another one than before.
   *
   * @param instead what stands in its place in the commit, where it is no file
   * @returns why the one in use is not the newest
   */
  async read(
    commit: string,
    committed: { oid: string; body: Uint8Array } | undefined,
    instead: string | undefined,
  ): Promise<{ problem: PlumbError | undefined }> {
    const key = this.#pathInCommit === undefined ? await this.#onDisk() : (committed?.oid ?? instead ?? 'missing');
    if (key === this.#key) return { problem: this.#problem };
    this.#key = key;
    try {
      const inventory = await this.#loadFrom(commit, committed?.body, instead);
      if (this.value && inventory.site !== this.value.site) {
        throw new PlumbError('invalid_inventory', `site is now "${inventory.site}", not "${this.value.site}"`, {
          hint: 'restart the watcher: it publishes for one site',
        });
      }
      this.value = inventory;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = error instanceof PlumbError ? error : new PlumbError('invalid_inventory', explain(error));
    }
    return { problem: this.#problem };
  }

  async #onDisk(): Promise<string> {
    const stats = await stat(this.#path).catch(() => undefined);
    return stats ? fingerprint(stats) : 'missing';
  }

  async #loadFrom(commit: string, body: Uint8Array | undefined, instead: string | undefined): Promise<Inventory> {
    if (this.#pathInCommit === undefined) return this.#load(this.#path);
    if (!body && instead) {
      const message = `${this.#pathInCommit}: is ${instead} in commit ${commit.slice(0, 12)}`;
      const hint = 'commit the inventory itself, as a plain file, or name that file with --inventory';
      throw new PlumbError('invalid_inventory', message, { hint });
    }
    if (!body) {
      const message = `${this.#pathInCommit}: is not in commit ${commit.slice(0, 12)}`;
      const hint = 'commit it, or name it with --inventory: where nothing is checked out, a plumbline.yml is not read';
      throw new PlumbError('invalid_inventory', message, { hint });
    }
    const folder = await temporaryFolder();
    try {
      const path = join(folder, basename(this.#path));
      await writeFile(path, body, { mode: 0o600 });
      return { ...(await this.#load(path)), path: this.#path };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
