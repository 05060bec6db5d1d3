import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { loadConfig } from '../../core/config/config.ts';
import type { Context } from '../context.ts';
import { needCheckout } from '../inventory/read-inventory.ts';
import type { LabName } from '../up/labs.ts';
import { exampleFiles } from './examples.ts';
import { writeNew } from './write.ts';

/**
 * Writes the network of a lab if the folder has no inventory: into the folder if it is empty, else into a new one below
 * it, `lab-eos`.
 *
 * @returns a context that works there
 * @throws PlumbError `invalid_request`, `source_failed`
 */
export const bringExample = async (context: Context, lab: LabName): Promise<Context> => {
  const { config, env } = context;
  const { folder, inventory } = config;
  if (existsSync(inventory) || inventory !== join(folder, 'inventory.yml')) return context;
  await needCheckout(config, `--lab ${lab}`);
  const held = await readdir(folder).catch(() => []);
  const to = held.every((name) => name.startsWith('.')) ? folder : join(folder, `lab-${lab}`);
  const files = await writeNew(to, await exampleFiles(lab));
  const where = relative(folder, to);
  if (files.some(({ written }) => written))
    context.err(`no inventory.yml here: wrote the one of lab ${lab}, and intended/${where ? `, in ${where}/` : ''}\n`);
  const { nats, api } = config;
  return { ...context, config: { ...(await loadConfig({ folder: to }, env, folder)), nats, api } };
};
