import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PlumbError } from '../../../core/errors.ts';
import { makeFolder } from '../../../core/make-folder.ts';

/** Whether this Node takes the types out itself: 22.18 and later. */
export const stripsTypes = (): boolean => Boolean((process.features as { typescript?: unknown }).typescript);

/** A checkout has TypeScript, since it builds itself; what is installed without development packages has not. */
const findCompiler = (): string | undefined => {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    return undefined;
  }
};

// one file, types taken out, nothing checked: editors do that
const flags =
  '--ignoreConfig --noCheck --noResolve --isolatedModules --module esnext --moduleResolution bundler --target es2022 --newLine lf --types';

/**
 * Compiles one TypeScript file with the compiler that is installed.
 *
 * @param folder keeps the result, so that a file is compiled once
 * @param find where the compiler is
 * @returns path of the JavaScript
 * @throws PlumbError `unsupported` where there is no compiler, `invalid_request` where it is no TypeScript
 */
export const compileDriver = async (
  path: string,
  folder: string,
  find: () => string | undefined = findCompiler,
): Promise<string> => {
  const compiler = find();
  if (compiler === undefined) {
    throw new PlumbError('unsupported', `${path}: Node ${process.versions.node} does not read TypeScript`, {
      hint: 'write it in JavaScript (.mjs), use Node 22.18 or later, or install TypeScript next to Plumbline: `npm install --global typescript` for a global `plumb`',
    });
  }
  const source = await readFile(path, 'utf8');
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const name = `${basename(path).replace(/\.[cm]?ts$/, '')}-${hash}`;
  const made = join(folder, `${name}.mjs`);
  if (await readFile(made).then(Boolean, () => false)) return made;
  const copy = join(folder, String(process.pid), `${name}.mts`); // of our own: several may start at once
  await makeFolder(dirname(copy), 0o700);
  try {
    await writeFile(copy, source);
    await promisify(execFile)(process.execPath, [compiler, ...flags.split(' '), '', copy]);
    await rename(copy.replace(/\.mts$/, '.mjs'), made); // whole or not at all
  } catch (cause) {
    const { stdout = '' } = cause as { stdout?: string };
    const said = stdout.replaceAll(/^.*?\.mts(?=\()/gm, basename(path)).trim();
    throw new PlumbError('invalid_request', `${path}: it does not compile: ${said || String(cause)}`, { cause });
  } finally {
    await rm(dirname(copy), { recursive: true, force: true });
  }
  return made;
};
