import type { PlumbError } from '../core/errors.ts';
import type { Inventory } from '../core/inventory/schema.ts';
import { assignFiles } from './file-names.ts';
import type { Item, Snapshot } from './source.ts';

type Found = {
  inventory: Inventory | undefined;
  /** By file name in the folder of configurations. */
  files: ReadonlyMap<string, Item>;
  /** Devices of which there should be a newer text than the file's. */
  failures?: ReadonlyMap<string, PlumbError>;
  problems: ReadonlyMap<string, PlumbError>;
};

const identity = (item: Item | undefined): string =>
  item === undefined
    ? ''
    : item.kind === 'text'
      ? `${item.sha256} ${item.path} ${item.problem?.message ?? ''}`
      : item.problem.message;

const sameProblems = (a: ReadonlyMap<string, PlumbError>, b: ReadonlyMap<string, PlumbError>) =>
  a.size === b.size && [...a].every(([about, problem]) => b.get(about)?.message === problem.message);

/** Makes snapshots of what a source found; remembers the last one to tell what changed. */
export class Assembler {
  #last: Snapshot | undefined;

  /** @returns undefined where nothing is new */
  next({ inventory, files, failures = new Map(), problems }: Found): Snapshot | undefined {
    const assigned = assignFiles(files);
    for (const [device, failure] of failures) {
      const item = assigned.items.get(device);
      if (item?.kind === 'text') assigned.items.set(device, { ...item, problem: failure });
    }
    const all = new Map([...assigned.problems, ...problems]);
    const before = this.#last?.items ?? new Map<string, Item>();
    const changed = new Set<string>();
    for (const [device, item] of assigned.items) {
      const old = before.get(device);
      if (identity(old) !== identity(item)) changed.add(device);
      else if (old) assigned.items.set(device, old); // keeps the commit that the text was first seen in
    }
    for (const device of before.keys()) if (!assigned.items.has(device)) changed.add(device);
    const last = this.#last;
    if (last && changed.size === 0 && last.inventory === inventory && sameProblems(last.problems, all))
      return undefined;
    this.#last = { inventory, items: assigned.items, changed, problems: all };
    return this.#last;
  }
}
