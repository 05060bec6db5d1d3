import { relative, sep } from 'node:path';
import { explain, PlumbError } from '../../core/errors.ts';
import { sha256 } from '../../core/store/payload.ts';
import { configsFolder, deviceOfFile } from '../file-names.ts';
import { KeptTexts } from '../kept-texts.ts';
import { refusalOf } from '../refusals.ts';
import type { Item } from '../source.ts';
import { BlobReader } from './blobs.ts';
import { runGit } from './command.ts';
import {
  type Change,
  changesBetween,
  describeCommit,
  listTree,
  type Repository,
  type TreeEntry,
} from './repository.ts';

const kinds: Readonly<Record<string, string>> = {
  '120000': 'a symbolic link, whose blob is only a path',
  '160000': 'a submodule',
  '040000': 'a folder',
};

const noFolder = ({ path, mode }: TreeEntry, commit: string): PlumbError => {
  const what = `${path}: is ${kinds[mode] ?? 'a file'} in commit ${commit.slice(0, 12)}, and no folder`;
  const hint = 'commit a folder with the configurations in it; what was published stays, and the watcher goes on then';
  return new PlumbError('source_failed', what, { hint });
};

type Known = { key: string; item: Item };

/** The configurations of one commit after the other; a blob that did not change is not read again. */
export class CommitTree implements AsyncDisposable {
  /** By file name. */
  files: ReadonlyMap<string, Item> = new Map();
  /** The inventory's text in the commit; undefined where it is not in there. */
  inventory: { oid: string; body: Uint8Array } | undefined;
  /** What stands in the inventory's place, where it is no file. */
  notInventory: string | undefined;
  readonly #repository: Repository;
  readonly #inventoryPath: string | undefined;
  readonly #signal: AbortSignal;
  #known = new Map<string, Known>();
  #reader: { attributes: string; blobs: BlobReader } | undefined;
  #commit: string | undefined;
  readonly #kept = new KeptTexts();

  /** @param inventoryPath in the commit; undefined where the inventory is elsewhere */
  constructor(repository: Repository, inventoryPath: string | undefined, signal: AbortSignal) {
    this.#repository = repository;
    this.#inventoryPath = inventoryPath;
    this.#signal = signal;
  }

  /**
   * @returns false where an object could not be read, so that it is worth trying again
   * @throws PlumbError `source_failed` where the folder of the configurations is none; what was read before stays
   */
  async read(commit: string): Promise<boolean> {
    const { prefix } = this.#repository;
    const below = `${prefix}${configsFolder}/`;
    const attributePaths = attributeFiles(below);
    const inventory = this.#inventoryPath === undefined ? [] : [this.#inventoryPath];
    // as folders these are not listed themselves: what is in them is
    const folders = configsFolder.split('/').map((_, at, parts) => prefix + parts.slice(0, at + 1).join('/'));
    const paths = [...folders, below, ...inventory, ...attributePaths];
    const entries = await listTree(this.#repository, commit, paths, this.#signal);
    const notFolder = entries.find(({ path }) => folders.includes(path));
    if (notFolder) throw noFolder(notFolder, commit);
    const isAttributes = (entry: TreeEntry) => attributePaths.includes(entry.path) && entry.mode !== '120000';
    const blobs = await this.#blobs(entries.filter(isAttributes));
    await this.#readInventory(entries.find((entry) => entry.path === this.#inventoryPath));
    const configs = entries.filter((entry) => entry.path.startsWith(below));
    const complete = await this.#readConfigs(commit, blobs, configs, below.length);
    this.#commit = commit;
    return complete;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader?.blobs[Symbol.asyncDispose]();
  }

  async #readConfigs(commit: string, blobs: BlobReader, configs: TreeEntry[], cut: number): Promise<boolean> {
    const known = new Map<string, Known>();
    const attributes = this.#reader?.attributes ?? '';
    const fresh: { name: string; entry: TreeEntry; key: string }[] = [];
    for (const entry of configs) {
      const name = entry.path.slice(cut);
      if (deviceOfFile(name) === undefined) continue;
      const key = `${entry.mode} ${entry.oid} ${attributes}`;
      const old = this.#known.get(name);
      if (old?.key === key) known.set(name, old);
      else fresh.push({ name, entry, key });
    }
    const by = fresh.length > 0 ? await this.#changes(commit) : undefined;
    let complete = true;
    for (const { name, entry, key } of fresh) {
      try {
        known.set(name, { key, item: await this.#item(name, entry, blobs, by?.(entry.path)) });
      } catch (error) {
        this.#signal.throwIfAborted();
        complete = false;
        const path = `${configsFolder}/${name}`;
        const problem = new PlumbError('source_failed', `${path}: ${explain(error)}`, { cause: error });
        known.set(name, { key: '', item: { kind: 'refused', path, problem } });
      }
    }
    this.#known = known;
    this.files = new Map([...known].map(([name, { item }]) => [name, item]));
    return complete;
  }

  async #item(name: string, entry: TreeEntry, blobs: BlobReader, by: Change | undefined): Promise<Item> {
    const path = `${configsFolder}/${name}`;
    const kind = kinds[entry.mode];
    if (kind) {
      const hint = 'commit the configuration itself, as a plain file';
      return { kind: 'refused', path, problem: new PlumbError('source_failed', `${path}: ${kind}`, { hint }) };
    }
    const body = await blobs.read(entry.oid, entry.path);
    const problem = refusalOf(path, body);
    if (problem) return { kind: 'refused', path, problem };
    const hash = sha256(body);
    this.#kept.keep(hash, body);
    const read = async () => {
      const kept = this.#kept.get(hash);
      if (kept) return kept;
      const again = await this.#reader?.blobs.read(entry.oid, entry.path);
      return again && sha256(again) === hash ? again : undefined;
    };
    return { kind: 'text', path, sha256: hash, bytes: body.length, read, ...by };
  }

  async #readInventory(entry: TreeEntry | undefined): Promise<void> {
    this.notInventory = entry && kinds[entry.mode];
    if (entry?.oid === this.inventory?.oid) return;
    if (!entry || this.notInventory) {
      this.inventory = undefined;
      return;
    }
    this.inventory = { oid: entry.oid, body: await this.#raw(entry.oid) };
  }

  async #raw(oid: string): Promise<Buffer> {
    return (await runGit(this.#repository.folder, ['cat-file', 'blob', oid], { signal: this.#signal })).stdout;
  }

  async #blobs(files: readonly TreeEntry[]): Promise<BlobReader> {
    const attributes = files.map(({ path, oid }) => `${oid} ${path}`).join('\n');
    if (this.#reader?.attributes === attributes) return this.#reader.blobs;
    const texts = new Map<string, Uint8Array>();
    for (const { path, oid } of files) texts.set(path, await this.#raw(oid));
    await this.#reader?.blobs[Symbol.asyncDispose]();
    const blobs = new BlobReader(this.#repository.gitFolder, texts);
    this.#reader = { attributes, blobs };
    return blobs;
  }

  /** Who changed a path since the commit before; the commit itself where that is not known. */
  async #changes(commit: string): Promise<(path: string) => Change> {
    const tip = await describeCommit(this.#repository, commit, this.#signal);
    const since = this.#commit;
    if (since === undefined) return () => tip;
    const range = [since, commit] as const;
    const changes = await changesBetween(this.#repository, range, configsFolder, this.#signal).catch(() => {
      this.#signal.throwIfAborted();
      return new Map<string, Change>(); // after a force-push the older commit may be gone
    });
    return (path) => changes.get(path) ?? tip;
  }
}

/** The .gitattributes that may speak of a file in this folder. */
const attributeFiles = (below: string): string[] => {
  const parts = below.split('/').slice(0, -1);
  return ['', ...parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)].map((at) => `${at}.gitattributes`);
};

/** Where a file is in the commits; undefined where it is outside of the folder. */
export const pathInCommit = ({ folder, prefix }: Repository, file: string): string | undefined => {
  const path = relative(folder, file).split(sep).join('/');
  return path.startsWith('../') || path === '..' || path.startsWith('/') ? undefined : `${prefix}${path}`;
};
