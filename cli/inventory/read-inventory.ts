import { existsSync } from 'node:fs';
import type { Config } from '../../core/config/config.ts';
import { PlumbError } from '../../core/errors.ts';
import { loadInventory } from '../../core/inventory/inventory.ts';
import type { Inventory } from '../../core/inventory/schema.ts';

/** What is committed; undefined where the folder is in no repository. */
const committed = async ({ folder, inventory, source }: Config): Promise<Inventory | undefined> => {
  const { openGit } = await import('../../watcher/git/git.ts');
  const { branch, remote } = source;
  const options = { folder, inventory, loadInventory, ...(branch ? { branch } : {}), ...(remote ? { remote } : {}) };
  try {
    await using repository = await openGit(options);
    return await repository.inventory();
  } catch (error) {
    if (error instanceof PlumbError && error.code === 'source_failed') return undefined;
    throw error;
  }
};

/**
 * The inventory as it is on the disk; in a bare repository or a clone without a checkout, as it is committed.
 *
 * @throws PlumbError `invalid_inventory`
 */
export const readInventory = async (config: Config): Promise<Inventory> =>
  (existsSync(config.inventory) ? undefined : await committed(config)) ?? loadInventory(config.inventory);
