import { devicePattern } from '../core/bus.ts';
import { PlumbError } from '../core/errors.ts';
import type { Item } from './source.ts';

const validName = new RegExp(devicePattern);

/** Where intended configurations are, relative to the repository. */
export const configsFolder = 'intended/configs';

/**
 * What editors and tools leave beside a file: vim's .swp and 4913, emacs's .#x and #x#, backups, hidden files,
 * temporary names of rsync, VS Code, sed -i and ours. None of them is a configuration.
 */
const passing = [/^\./, /~$/, /^#.*#$/, /^\d+$/, /\.(?:sw[a-z]|tmp|temp|bak|orig|rej|part|lock|crswap)$/i];

export const isPassing = (fileName: string): boolean => passing.some((pattern) => pattern.test(fileName));

/** @returns undefined where the file is nobody's configuration: a README, an editor's temporary file */
export const deviceOfFile = (fileName: string): string | undefined =>
  isPassing(fileName) || !fileName.endsWith('.cfg') ? undefined : fileName.slice(0, -'.cfg'.length);

/** Gives each file of the folder to its device, and refuses the names that cannot be one. */
export const assignFiles = (
  files: ReadonlyMap<string, Item>,
): { items: Map<string, Item>; problems: Map<string, PlumbError> } => {
  const items = new Map<string, Item>();
  const problems = new Map<string, PlumbError>();
  const byFolded = new Map<string, string>();
  const collisions = new Map<string, Set<string>>();
  for (const fileName of files.keys()) {
    const folded = fileName.toLowerCase();
    const other = byFolded.get(folded);
    if (other) collisions.set(folded, (collisions.get(folded) ?? new Set([other])).add(fileName));
    byFolded.set(folded, fileName);
  }
  for (const [fileName, item] of files) {
    const device = deviceOfFile(fileName);
    if (device === undefined) continue;
    const alike = collisions.get(fileName.toLowerCase());
    if (!validName.test(device)) {
      const message = `${item.path}: "${device}" is no device name`;
      const hint = 'a name is 1 to 63 letters, digits, "_" and "-"; a host name with dots goes into `host`';
      problems.set(item.path, new PlumbError('source_failed', message, { hint }));
    } else if (alike) {
      const names = [...alike].sort().join(', ');
      const problem = new PlumbError('source_failed', `${item.path}: names differ only in case: ${names}`, {
        hint: 'rename one: they are the same file on macOS and Windows',
      });
      items.set(device, { kind: 'refused', path: item.path, problem });
    } else items.set(device, item);
  }
  return { items, problems };
};
