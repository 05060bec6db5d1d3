import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { makeContext } from '../make-context.ts';
import { everyVerb, makeProgram } from '../program.ts';
import { version } from '../version.ts';
import { manPage } from './page.ts';

/** Every manual page by the name of its file. @param date as `2026-11-30` */
export const manPages = async (date: string): Promise<Map<string, string>> => {
  const silent = { write: () => true };
  const { signal } = new AbortController();
  await using context = makeContext({
    env: {},
    cwd: '/',
    signal,
    stdin: new PassThrough(),
    stdout: silent,
    stderr: silent,
  });
  const program = await makeProgram(context, everyVerb);
  const about = { version, date };
  const names = program.commands.map((verb) => `plumb-${verb.name()}`);
  const summary = 'keep network devices true to the configuration in a repository';
  const pages = new Map([['plumb.1', manPage(program, { words: 'plumb', summary, seeAlso: names, ...about })]]);
  for (const verb of program.commands) {
    const of = { words: `plumb ${verb.name()}`, summary: verb.summary(), seeAlso: ['plumb'], ...about };
    pages.set(`plumb-${verb.name()}.1`, manPage(verb, of));
  }
  return pages;
};

/** Writes them again into their own folder. */
const writeManPages = async (folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of await manPages(new Date().toISOString().slice(0, 10)))
    await writeFile(join(folder, name), text);
};

// node dist/cli/man/write.js FOLDER
const [, script = '', folder] = process.argv;
if (/[\\/]man[\\/]write\.js$/.test(script) && folder) await writeManPages(folder);
