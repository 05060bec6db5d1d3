import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '../../core/inventory/schema.ts';
import type { Source } from '../../watcher/source.ts';

type SourceChoice = {
  kind: 'files' | 'git';
  folder: string;
  inventory: string;
  loadInventory: (path: string) => Promise<Inventory>;
  branch: string | undefined;
  remote: string | undefined;
  /** Only for source `files`: templates are left as they are. */
  render?: boolean;
};

/** What a watcher watches: what is saved, or what is committed. @throws PlumbError `source_failed`, `invalid_inventory` */
export const openSource = async (choice: SourceChoice): Promise<Source> => {
  const { kind, folder, inventory, loadInventory, branch, remote, render = true } = choice;
  const common = { folder, inventory, loadInventory };
  if (kind === 'git') {
    const { openGit } = await import('../../watcher/git/git.ts');
    return openGit({ ...common, branch, remote });
  }
  const [{ openFiles }, { openRendererApart: openRenderer }] = await Promise.all([
    import('../../watcher/files/files.ts'),
    import('../../core/render/apart.ts'),
  ]);
  const renders = render && existsSync(join(folder, 'templates'));
  return openFiles({ ...common, openRenderer: renders ? openRenderer : undefined });
};
