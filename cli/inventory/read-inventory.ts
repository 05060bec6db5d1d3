import { existsSync } from 'node:fs';
import { join } from 'node:path';
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

/**
 * For what reads or writes files beside the inventory.
 *
 * @param what e.g. `plumb render`
 * @throws PlumbError `invalid_request` in a bare repository or a clone without a checkout: there, nothing is but commits
 */
export const needCheckout = async (config: Config, what: string): Promise<void> => {
  const { folder, inventory } = config;
  if (existsSync(inventory) || !(await committed(config))) return;
  const hint = existsSync(join(folder, '.git'))
    ? `\`git -C ${folder} checkout\` writes them`
    : `work in a clone, and push what you commit there: \`git clone ${folder} FOLDER\``;
  throw new PlumbError('invalid_request', `${folder}: ${what} works on files, and none are checked out here`, { hint });
};
