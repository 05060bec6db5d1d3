import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DriverProof } from '../../../lab/proof/prove.ts';
import { compileDriver } from '../../../runners/drivers/outside/typescript.ts';

const page = new URL('../../../docs/add-a-platform.md', import.meta.url);

/** A file as docs/add-a-platform.md shows it. */
export const shown = async (name: string): Promise<string> => {
  const blocks = [
    ...(await readFile(page, 'utf8')).matchAll(/^```(?:ts|jsonc)\n(\/\/ (\S+\.(?:ts|json))\b.*\n[\s\S]*?)^```$/gm),
  ];
  const text = blocks.find(([, , title]) => title === name)?.[1];
  if (text === undefined) throw new Error(`docs/add-a-platform.md shows no ${name}`);
  return text;
};

/** The commands that it shows, in their order: to install what an author needs, and to prove a driver. */
export const shownCommands = async (): Promise<string[]> =>
  [...(await readFile(page, 'utf8')).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => commands);

/** The device that it describes, for its driver to be proven on. */
export const shownProof = async (folder: string): Promise<DriverProof> => {
  const path = join(folder, 'acme-proof.ts');
  await mkdir(folder, { recursive: true });
  await writeFile(path, await shown('acme-proof.ts'));
  const made = await compileDriver(path, join(folder, 'compiled'));
  return ((await import(pathToFileURL(made).href)) as { default: DriverProof }).default;
};
