import { watch as watchFolder } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { watch } from 'chokidar';
import { explain, PlumbError } from '../../core/errors.ts';
import { isPassing } from '../file-names.ts';
import type { Looks } from './looks.ts';

type Heard = {
  /** A file of the folder of configurations, by name. */
  config(name: string): void;
  /** The inventory, or a template. */
  input(): void;
  /** Events may have been lost: look at all configurations. */
  lost(): void;
  /** The system sends none. */
  failed(problem: PlumbError): void;
};

/** So many events at once that some may be lost, and how long after the last of them everything is looked at. */
const burstEvents = 100;
const afterBurstMs = 250;

/** What the system tells of changed files. Only hints: what is there is found by looking. */
export class FileEvents {
  readonly #configs: string;
  readonly #inputs: readonly [templates: string, inventory: string];
  readonly #looks: readonly [configs: Looks, inputs: Looks];
  readonly #heard: Heard;
  #open: { close(): unknown }[] = [];
  #watched = '';
  #burst = 0;
  #soon: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    configs: string,
    inputs: readonly [templates: string, inventory: string],
    looks: readonly [configs: Looks, inputs: Looks],
    heard: Heard,
  ) {
    this.#configs = configs;
    this.#inputs = inputs;
    this.#looks = looks;
    this.#heard = heard;
  }

  /** Listens; again where a folder was removed and made anew: of that one the old watch tells nothing. */
  async listen(): Promise<void> {
    const [configs, inputs] = this.#looks;
    const stats = await Promise.all([
      configs.at(() => stat(this.#configs)).catch(() => undefined),
      inputs.at(() => stat(this.#inputs[0])).catch(() => undefined),
    ]);
    const now = stats.map((folder) => `${folder?.ino} ${folder?.birthtimeMs}`).join(' ');
    if (now === this.#watched || this.#closed) return;
    this.#watched = now;
    await this.#closeAll();
    if (this.#closed) return;
    this.#listenToConfigs();
    this.#listenToInputs();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#soon);
    await this.#closeAll();
  }

  async #closeAll(): Promise<void> {
    for (const open of this.#open.splice(0)) await open.close();
  }

  /** Not by chokidar, which lists and stats a whole folder at each event: with 10,000 files that outlasts a checkout. */
  #listenToConfigs(): void {
    try {
      const watcher = watchFolder(this.#configs, { persistent: false }, (_, name) => {
        this.#burst++;
        if (name !== null && name !== '..data') this.#heard.config(name);
        else this.#lookSoon(); // ..data: Kubernetes exchanged the whole folder
        if (this.#burst > burstEvents) this.#lookSoon();
      });
      this.#open.push(watcher.on('error', (error) => this.#failed(error)));
    } catch (error) {
      this.#failed(error);
    }
  }

  #listenToInputs(): void {
    const ignored = (path: string) => !this.#inputs.includes(path) && isPassing(basename(path));
    const watcher = watch([...this.#inputs], { ignoreInitial: true, atomic: false, ignored });
    const heard = () => this.#heard.input();
    // `all` leaves out a second change within 50 ms; the system's own events do not
    watcher.on('all', heard).on('raw', heard);
    watcher.on('ready', () => this.#lookSoon()); // what happened until now
    this.#open.push(watcher.on('error', (error) => this.#failed(error)));
  }

  #lookSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      this.#burst = 0;
      this.#heard.lost();
    }, afterBurstMs).unref();
  }

  #failed(error: unknown): void {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!/^(?:ENOSPC|EMFILE|ENFILE)$/.test(code)) return; // about one file, or a folder that is gone
    const hint = 'on Linux: raise fs.inotify.max_user_watches; until then changes are noticed every 2 s';
    const message = `${this.#configs}: the system sends no events for changed files: ${explain(error)}`;
    this.#heard.failed(new PlumbError('source_failed', message, { cause: error, hint }));
  }
}
