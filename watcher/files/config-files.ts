import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { explain, PlumbError } from '../../core/errors.ts';
import { sha256 } from '../../core/store/payload.ts';
import { readRegular } from '../../core/text/regular-file.ts';
import { configsFolder, deviceOfFile } from '../file-names.ts';
import { KeptTexts } from '../kept-texts.ts';
import { refusalOf, tooLarge, tooLargeHint } from '../refusals.ts';
import type { Item, Text } from '../source.ts';
import type { Checkouts } from './checkout.ts';
import { fingerprint, scanConfigs } from './folder.ts';
import type { Looks } from './looks.ts';
import { type Settled, settle } from './settle.ts';

/** The event of a write comes before the write is done: a read at once would have to be done again. */
const firstMs = 4;

/** The configurations in a folder, each as it was when it was last settled. */
export class ConfigFiles {
  /** By file name. */
  readonly items = new Map<string, Item>();
  /** Why the folder itself cannot be listed; nothing is concluded from missing files then. */
  missing: string | undefined;
  readonly #folder: string;
  readonly #looks: Looks;
  readonly #checkouts: Checkouts;
  readonly #signal: AbortSignal;
  readonly #changed: () => void;
  readonly #prints = new Map<string, string>();
  readonly #sizes = new Map<string, number>();
  readonly #busy = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #kept = new KeptTexts();
  #announced = false;

  constructor(folder: string, looks: Looks, checkouts: Checkouts, signal: AbortSignal, changed: () => void) {
    this.#folder = folder;
    this.#looks = looks;
    this.#checkouts = checkouts;
    this.#signal = signal;
    this.#changed = changed;
  }

  /** Something happened to this file, or may have. */
  touch(fileName: string): void {
    if (deviceOfFile(fileName) === undefined || this.#signal.aborted) return;
    if (this.#busy.has(fileName)) {
      this.#again.add(fileName);
      return;
    }
    const work = this.#look(fileName).finally(() => {
      this.#busy.delete(fileName);
      if (this.#again.delete(fileName)) this.touch(fileName);
    });
    this.#busy.set(fileName, work);
  }

  /** Touches every file that differs from when it was last settled. */
  async rescan(): Promise<void> {
    const found = await scanConfigs(this.#looks, this.#folder);
    const missing = typeof found === 'string' ? found : undefined;
    if (this.missing !== missing) this.#soon();
    this.missing = missing;
    if (typeof found === 'string') return;
    for (const [fileName, print] of found) if (this.#prints.get(fileName) !== print) this.touch(fileName);
    for (const fileName of this.items.keys()) if (!found.has(fileName)) this.touch(fileName);
  }

  /** Resolves when no file is being settled, or after some seconds where one is written to all the time. */
  async idle(): Promise<void> {
    const deadline = wait(3_000, undefined, { ref: false });
    while (this.#busy.size > 0) {
      const settled = Promise.all(this.#busy.values()).then(() => 'settled' as const);
      if ((await Promise.race([settled, deadline])) !== 'settled') return;
    }
  }

  async #look(fileName: string): Promise<void> {
    try {
      await wait(firstMs, undefined, { ref: false });
      await this.#checkouts.finished(this.#signal);
      const found = await settle(join(this.#folder, fileName), this.#sizes.get(fileName) ?? 0, this.#signal);
      if (found.kind === 'gone') return await this.#forget(fileName);
      this.#prints.set(fileName, fingerprint(found.stats));
      this.#set(fileName, this.#itemOf(fileName, found));
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#set(fileName, this.#refused(fileName, `cannot be read: ${explain(error)}`, 'may this user read it?'));
    }
  }

  #itemOf(fileName: string, found: Exclude<Settled, { kind: 'gone' }>): Item {
    switch (found.kind) {
      case 'other':
        return this.#refused(fileName, 'not a regular file', 'a configuration is a plain file');
      case 'too-large':
        return this.#refused(fileName, tooLarge(found.stats.size), tooLargeHint);
      case 'file': {
        this.#sizes.set(fileName, found.body.length);
        this.#kept.keep(found.sha256, found.body);
        const path = `${configsFolder}/${fileName}`;
        const problem = refusalOf(path, found.body);
        return problem ? { kind: 'refused', path, problem } : this.#text(fileName, found);
      }
      default:
        return found satisfies never;
    }
  }

  #text(fileName: string, { sha256: hash, body: { length: bytes } }: Extract<Settled, { kind: 'file' }>): Text {
    const read = async () => {
      const kept = this.#kept.get(hash);
      if (kept) return kept;
      const body = await readRegular(join(this.#folder, fileName)).catch(() => undefined);
      if (body && sha256(body) === hash) return body;
      this.touch(fileName);
      return undefined;
    };
    return { kind: 'text', path: `${configsFolder}/${fileName}`, sha256: hash, bytes, read };
  }

  #refused(fileName: string, message: string, hint: string): Item {
    const path = `${configsFolder}/${fileName}`;
    return { kind: 'refused', path, problem: new PlumbError('source_failed', `${path}: ${message}`, { hint }) };
  }

  #set(fileName: string, item: Item): void {
    const old = this.items.get(fileName);
    if (old?.kind === 'text' && item.kind === 'text' && old.sha256 === item.sha256) return;
    this.items.set(fileName, item);
    this.#soon();
  }

  async #forget(fileName: string): Promise<void> {
    if (!(await stat(this.#folder).catch(() => undefined))) return this.rescan();
    if (await stat(join(this.#folder, fileName)).catch(() => undefined)) return this.touch(fileName);
    this.#prints.delete(fileName);
    if (this.items.delete(fileName)) this.#soon();
  }

  /** Files that settle in the same turn make one snapshot. */
  #soon(): void {
    if (this.#announced) return;
    this.#announced = true;
    setImmediate(() => {
      this.#announced = false;
      if (!this.#signal.aborted) this.#changed();
    });
  }
}
