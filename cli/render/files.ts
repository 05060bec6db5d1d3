import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maskedDiff } from '../../core/diff/masked.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { openRendererApart } from '../../core/render/apart.ts';
import { writeWhole } from '../../watcher/files/rerender.ts';
import { devicesByName } from '../inventory/by-name.ts';

/** The result for one device's file; the diff is from the file to what the templates give, secrets masked. */
export type Result =
  | { device: string; kind: 'same' }
  | { device: string; kind: 'written' | 'differs'; diff: string }
  | { device: string; kind: 'failed'; problem: PlumbError };

type RenderOptions = {
  inventory: Inventory;
  /** Folder of the templates. */
  templates: string;
  /** `intended/configs`. */
  intended: string;
  /** Default: every device that has a role. */
  devices: readonly string[];
  /** Compare only. */
  check: boolean;
};

const currentText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Renders devices to their files, each written whole; one that fails does not stop the others. */
export const renderFiles = async function* (options: RenderOptions): AsyncGenerator<Result> {
  const { inventory, templates, intended, check } = options;
  await using renderer = openRendererApart(inventory, templates);
  const wanted = new Set(options.devices);
  for (const device of devicesByName(inventory)) {
    const { name } = device;
    if (wanted.size > 0 ? !wanted.has(name) : device.role === undefined) continue;
    try {
      const text = await renderer.render(device);
      const file = `${name}.cfg`;
      const before = await currentText(join(intended, file));
      if (before === text) {
        yield { device: name, kind: 'same' };
        continue;
      }
      const from = before === undefined ? '/dev/null' : `a/intended/configs/${file}`;
      const diff = await maskedDiff(before ?? '', text, { before: from, after: `b/intended/configs/${file}` });
      if (!check) await writeWhole(join(intended, file), text);
      yield { device: name, kind: check ? 'differs' : 'written', diff };
    } catch (error) {
      const why = `${name}: cannot write its intended configuration: ${explain(error)}`;
      const problem = error instanceof PlumbError ? error : new PlumbError('source_failed', why, { cause: error });
      yield { device: name, kind: 'failed', problem };
    }
  }
};
