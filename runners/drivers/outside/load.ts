import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { explain, PlumbError } from '../../../core/errors.ts';
import type { Driver } from '../../driver.ts';
import { registerDriver } from '../registry.ts';
import { kitFor } from './kit.ts';
import { checkDriver } from './shape.ts';
import { compileDriver, stripsTypes } from './typescript.ts';

const load = async (path: string, folder: string): Promise<unknown> => {
  if (!/\.[cm]?[jt]s$/.test(path) || !existsSync(path)) {
    const why = existsSync(path) ? 'it is not a .js, .mjs or .ts file' : 'there is no such file';
    throw new PlumbError('invalid_request', `${path}: a driver cannot be loaded: ${why}`, {
      hint: '--driver, PLUMB_DRIVERS and `drivers` in plumbline.yml name driver files',
    });
  }
  const compiled = /ts$/.test(path) && !stripsTypes() ? await compileDriver(path, folder) : path;
  try {
    const module = (await import(pathToFileURL(compiled).href)) as { default?: unknown };
    return typeof module.default === 'function' ? await module.default(kitFor(path)) : module.default;
  } catch (cause) {
    if (cause instanceof PlumbError) throw cause;
    throw new PlumbError('invalid_request', `${path}: the driver does not load: ${explain(cause)}`, {
      cause,
      ...(compiled === path
        ? {}
        : { hint: 'with this Node version, a TypeScript driver must be a single file that imports only types' }),
    });
  }
};

/** Loaded by this process already. */
const loaded = new Map<string, Driver>();

/**
 * Loads platforms from files and registers each under its own name; a file that is loaded already is not loaded again.
 *
 * @param state where compiled TypeScript is kept
 * @throws PlumbError `invalid_request` that names what is wrong or missing, `unsupported`
 */
export const loadDrivers = async (paths: readonly string[], state: string): Promise<Driver[]> => {
  const drivers: Driver[] = [];
  for (const path of paths) {
    const driver = loaded.get(path) ?? checkDriver(path, await load(path, join(state, 'drivers')));
    if (!loaded.has(path)) registerDriver(driver, path);
    loaded.set(path, driver);
    drivers.push(driver);
  }
  return drivers;
};
