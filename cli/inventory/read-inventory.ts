import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../core/config/config.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { loadInventory } from '../../core/inventory/inventory.ts';
import type { Inventory } from '../../core/inventory/schema.ts';

const whereOf = ({ folder, source: { branch, remote } }: Config) => ({ folder, branch, remote });

/** What is committed; undefined if the folder is not in a repository. */
const committed = async (config: Config): Promise<Inventory | undefined> => {
  const { openGit } = await import('../../watcher/git/git.ts');
  try {
    await using repository = await openGit({ ...whereOf(config), inventory: config.inventory, loadInventory });
    return await repository.inventory();
  } catch (error) {
    if (isOutcome(error, 'source_failed')) return undefined;
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

/** Changes whenever what `readInventory` reads has changed: the file on disk, else the commit. */
export const inventoryPrint = async (config: Config): Promise<string> => {
  const stats = await stat(config.inventory).catch(() => undefined);
  if (stats) return `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
  const { openRepository, tipOf } = await import('../../watcher/git/repository.ts');
  const signal = AbortSignal.timeout(10_000);
  return (await tipOf(await openRepository(whereOf(config), signal), signal)) ?? 'no commit';
};

/**
 * For verbs that read or write files beside the inventory.
 *
 * @param what e.g. `plumb render`
 * @throws PlumbError `invalid_request` in a bare repository or a clone without a checkout, where there are only commits
 */
export const needCheckout = async (config: Config, what: string): Promise<void> => {
  const { folder, inventory } = config;
  if (existsSync(inventory) || !(await committed(config))) return;
  const hint = existsSync(join(folder, '.git'))
    ? `\`git -C ${folder} checkout\` writes them`
    : `work in a clone, and push what you commit there: \`git clone ${folder} FOLDER\``;
  throw new PlumbError('invalid_request', `${folder}: ${what} works on files, and none are checked out here`, { hint });
};
