import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';
import { Assembler } from '../assemble.ts';
import { type Snapshot, Snapshots, type Source } from '../source.ts';
import { Hints, hintFolders, remoteHintFolders } from './hints.ts';
import { CommittedInventory } from './inventory.ts';
import { fetchBranch, isAfter, localRemote, openRepository, type Repository, tipOf } from './repository.ts';
import { sweepTemporary } from './temporary.ts';
import { CommitTree, pathInCommit } from './tree.ts';

export type GitSourceOptions = {
  /** The repository, a worktree of it, a folder in it, or a bare repository. */
  folder: string;
  /** Path of the inventory. In the folder: it is read from the commit. Elsewhere: from the disk. */
  inventory: string;
  /** @throws PlumbError `invalid_inventory` */
  loadInventory: (path: string) => Promise<Inventory>;
  /** Omitted: the one that HEAD is on now. */
  branch?: string | undefined;
  /** Follows the branch of this remote, fetched by us, in place of the local one. */
  remote?: string | undefined;
  fetchMs?: number;
};

/** A commit is to be noticed within a second where no event tells of it. */
const pollMs = 700;
const retryMs = 5_000;

class GitSource implements Source {
  readonly name: string;
  current = true;
  readonly #options: GitSourceOptions;
  readonly #repository: Repository;
  readonly #tree: CommitTree;
  readonly #inventory: CommittedInventory;
  readonly #snapshots = new Snapshots();
  readonly #assembler = new Assembler();
  readonly #stop = new AbortController();
  readonly #problems = new Map<string, PlumbError>();
  readonly #hints: Hints[] = [];
  #commit: string | undefined;
  #retryAt = Number.POSITIVE_INFINITY;
  #fetchAt = 0;
  #hinted = false;
  #wake = () => {};
  readonly #inTurn = oneAtATime();

  constructor(options: GitSourceOptions, repository: Repository) {
    this.#options = options;
    this.#repository = repository;
    const inventoryPath = pathInCommit(repository, options.inventory);
    this.#inventory = new CommittedInventory(options.inventory, inventoryPath, options.loadInventory);
    this.#tree = new CommitTree(repository, inventoryPath, this.#stop.signal);
    const { remote, branch, folder } = repository;
    this.name = `commits on ${remote ? `${remote}/` : ''}${branch} of ${folder}`;
  }

  /** Reads the branch as it is, then follows it. */
  async start(): Promise<this> {
    const { signal } = this.#stop;
    this.#hints.push(new Hints(hintFolders(this.#repository), () => this.#hint()));
    const remote = await localRemote(this.#repository, signal);
    const fetchNow = () => {
      this.#fetchAt = 0;
      this.#hint();
    };
    if (remote) this.#hints.push(new Hints(remoteHintFolders(remote, this.#repository.branch), fetchNow));
    await this.refresh();
    void this.#follow().catch((error) => {
      if (!signal.aborted) this.#snapshots.fail(error);
    });
    return this;
  }

  [Symbol.asyncIterator](): AsyncIterator<Snapshot> {
    return this.#snapshots[Symbol.asyncIterator]();
  }

  async refresh(): Promise<void> {
    this.#fetchAt = 0;
    this.#retryAt = Math.min(this.#retryAt, performance.now());
    await this.#look();
  }

  inventory(): Inventory {
    if (this.#inventory.value) return this.#inventory.value;
    const why = ['inventory', 'remote', 'repository'].map((about) => this.#problems.get(about)).find(Boolean);
    throw why ?? new PlumbError('source_failed', `${this.name}: no inventory was read`);
  }

  async isAfter(commit: string): Promise<boolean> {
    return this.#commit !== undefined && isAfter(this.#repository, this.#commit, commit, this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#wake();
    this.#snapshots.end();
    for (const hints of this.#hints) hints.close();
    await this.#inTurn(async () => {}); // the look that is under way
    await this.#tree[Symbol.asyncDispose]();
  }

  #hint(): void {
    this.#hinted = true;
    this.#wake();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const hint = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (!this.#hinted) await Promise.race([hint, wait(pollMs, undefined, { ref: false })]);
      this.#hinted = false;
      if (!signal.aborted) await this.#look();
    }
  }

  /** One look after the other, whoever asks. */
  #look(): Promise<void> {
    return this.#inTurn(() => this.#lookOnce());
  }

  async #lookOnce(): Promise<void> {
    const { signal } = this.#stop;
    try {
      await this.#fetch();
      await this.#readTip();
      this.#problems.delete('repository');
    } catch (error) {
      if (signal.aborted) return;
      if (!isOutcome(error)) throw error;
      this.#problems.set('repository', error);
    }
    const problems = new Map(this.#problems);
    const snapshot = this.#assembler.next({ inventory: this.#inventory.value, files: this.#tree.files, problems });
    if (snapshot) this.#snapshots.put(snapshot);
  }

  async #readTip(): Promise<void> {
    const { signal } = this.#stop;
    const { folder, branch, remote } = this.#repository;
    const tip = await tipOf(this.#repository, signal);
    if (tip === undefined) {
      const name = remote ? `${remote}/${branch}` : branch;
      const hint = 'a running watcher goes on once the branch has a commit; one that ended is to be started again';
      throw new PlumbError('source_failed', `${folder}: branch "${name}" is gone or has no commit yet`, { hint });
    }
    if (tip !== this.#commit || performance.now() >= this.#retryAt) {
      const complete = await this.#tree.read(tip);
      this.#retryAt = complete ? Number.POSITIVE_INFINITY : performance.now() + retryMs;
      this.#commit = tip;
      for (const hints of this.#hints) hints.rearm();
    }
    const { problem } = await this.#inventory.read(tip, this.#tree.inventory, this.#tree.notInventory);
    if (problem) this.#problems.set('inventory', problem);
    else this.#problems.delete('inventory');
  }

  async #fetch(): Promise<void> {
    if (this.#repository.remote === undefined || performance.now() < this.#fetchAt) return;
    this.#fetchAt = performance.now() + (this.#options.fetchMs ?? 30_000);
    try {
      await fetchBranch(this.#repository, this.#stop.signal);
      this.current = true;
      this.#problems.delete('remote');
    } catch (error) {
      this.#stop.signal.throwIfAborted();
      if (!isOutcome(error)) throw error;
      this.current = false;
      this.#problems.set('remote', error);
    }
  }
}

/**
 * What is committed on a branch is what is intended, exactly as committed; the working tree does not count.
 *
 * @throws PlumbError `source_failed`: no git, no repository, another user's, no branch to follow, no such remote
 */
export const openGit = async (options: GitSourceOptions): Promise<Source> => {
  const { branch, remote } = options;
  const absolute = { ...options, folder: resolve(options.folder), inventory: resolve(options.inventory) };
  await sweepTemporary();
  const repository = await openRepository({ folder: absolute.folder, branch, remote }, AbortSignal.timeout(30_000));
  return new GitSource(absolute, repository).start();
};
