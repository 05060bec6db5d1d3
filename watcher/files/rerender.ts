import { randomBytes } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { explain, PlumbError } from '../../core/errors.ts';
import type { Device, Inventory } from '../../core/inventory/schema.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { sha256 } from '../../core/store/payload.ts';
import { readRegular } from '../../core/text/regular-file.ts';

/** Opens the templates in a folder for one inventory, as `core/render/apart.ts` does. */
export type OpenRenderer = (
  inventory: Inventory,
  templates: string,
) => Partial<AsyncDisposable> & {
  /** @throws PlumbError `template_failed` */
  render(device: Device): string | Promise<string>;
};

/** Replaces a file whole: a reader sees the old text or the new one. */
export const writeWhole = async (path: string, text: string): Promise<void> => {
  const [folder, name] = [join(path, '..'), path.slice(join(path, '..').length + 1)];
  const temporary = join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
  const mode = await stat(path).then(
    (stats) => stats.mode & 0o777,
    () => 0o644,
  );
  await makeFolder(folder);
  try {
    await writeFile(temporary, text, { mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

export type Rendered = { written: ReadonlyMap<string, string>; failed: ReadonlyMap<string, PlumbError> };

/**
 * Renders again when templates or the inventory changed, and writes the files of those devices whose rendered text
 * is another one than before: a text that someone adopted or edited stays until its template gives something new.
 */
export class Rerender {
  readonly #open: OpenRenderer;
  readonly #templates: string;
  readonly #configs: string;
  readonly #gaveLast = new Map<string, string>();

  constructor(open: OpenRenderer, templates: string, configs: string) {
    this.#open = open;
    this.#templates = templates;
    this.#configs = configs;
  }

  /** Learns what the templates give now, without writing. @returns the devices whose templates fail */
  learn(inventory: Inventory, signal: AbortSignal): Promise<Rendered> {
    return this.#each(inventory, signal, async () => false);
  }

  /** Renders all devices that have a role, and writes what came out different. */
  run(inventory: Inventory, signal: AbortSignal): Promise<Rendered> {
    return this.#each(inventory, signal, async (device, text) => {
      const path = join(this.#configs, `${device.name}.cfg`);
      const saved = await readRegular(path).catch(() => undefined);
      if (saved?.toString() === text) return false;
      await writeWhole(path, text);
      return true;
    });
  }

  async #each(
    inventory: Inventory,
    signal: AbortSignal,
    write: (device: Device, text: string) => Promise<boolean>,
  ): Promise<Rendered> {
    const written = new Map<string, string>();
    const failed = new Map<string, PlumbError>();
    const renderer = this.#open(inventory, this.#templates);
    await using _ = { [Symbol.asyncDispose]: async () => renderer[Symbol.asyncDispose]?.() };
    for (const device of inventory.devices.values()) {
      if (device.role === undefined) continue;
      if (signal.aborted) break;
      try {
        const text = await renderer.render(device);
        const hash = sha256(text);
        if (this.#gaveLast.get(device.name) !== hash && (await write(device, text))) written.set(device.name, text);
        this.#gaveLast.set(device.name, hash);
      } catch (error) {
        failed.set(device.name, asProblem(device.name, error));
      }
      await turn(); // rendering a thousand devices must not hold up a save
    }
    return { written, failed };
  }
}

const asProblem = (device: string, error: unknown): PlumbError =>
  error instanceof PlumbError
    ? error
    : new PlumbError('template_failed', `${device}: cannot write its rendered text: ${explain(error)}`, {
        cause: error,
      });
