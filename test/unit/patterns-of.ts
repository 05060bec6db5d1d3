import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst, transformWithEsbuild } from 'vite';

/** A pattern of the source: where it stands, or that it was put together while a module was loaded. */
export type Found = { pattern: RegExp; where: string };

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

const literalsIn = (node: unknown, found: RegExp[]): void => {
  if (Array.isArray(node)) for (const each of node) literalsIn(each, found);
  else if (node && typeof node === 'object') {
    const { regex } = node as { regex?: { pattern: string; flags: string } };
    if (regex) found.push(new RegExp(regex.pattern, regex.flags));
    else for (const inner of Object.values(node)) literalsIn(inner, found);
  }
};

/** Every regular expression that is written in the modules of these folders. @param apart files that are left out */
export const patternsIn = async (folders: readonly string[], apart: RegExp): Promise<Found[]> => {
  const found: Found[] = [];
  for (const file of folders.flatMap(files).filter((path) => !apart.test(path))) {
    const { code } = await transformWithEsbuild(readFileSync(file, 'utf8'), file, { loader: 'ts', target: 'esnext' });
    const literals: RegExp[] = [];
    literalsIn(parseAst(code), literals);
    for (const pattern of literals) found.push({ pattern, where: file });
  }
  return found;
};

/** Every regular expression that is put together while `work` runs. */
export const patternsMadeBy = async (work: () => Promise<void>): Promise<Found[]> => {
  const found: Found[] = [];
  const original = globalThis.RegExp;
  const made = (source: string | RegExp, flags?: string): RegExp => {
    const pattern = new original(source, flags);
    if (typeof source === 'string') found.push({ pattern, where: 'put together' });
    return pattern;
  };
  globalThis.RegExp = new Proxy(original, {
    construct: (_, [source, flags]) => made(source, flags),
    apply: (_, __, [source, flags]) => made(source, flags),
  });
  try {
    await work();
  } finally {
    globalThis.RegExp = original;
  }
  return found;
};
