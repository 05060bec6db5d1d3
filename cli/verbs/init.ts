import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { callAgain } from '../called.ts';
import type { Context } from '../context.ts';
import { exampleFiles } from '../init/examples.ts';
import { newRepository } from '../init/files.ts';
import { installCheck } from '../init/pre-commit.ts';
import { writeNew } from '../init/write.ts';
import { type LabName, labs } from '../up/labs.ts';

type Options = { example?: LabName; hook?: boolean };

const next = (folder: string, { example }: Options): string =>
  example
    ? `next: \`${callAgain(`up --lab ${example}`, folder)}\``
    : `next: \`${callAgain('sim', folder)}\`, and in a second terminal \`${callAgain('doctor', folder)}\`; README.md continues from there`;

/** `plumb init [folder]`: a repository to start from. */
export const initVerb = (context: Context): Command =>
  new Command('init')
    .description(
      'Write a new, commented repository: inventory, templates, configuration, CI. Asks nothing, overwrites nothing.',
    )
    .argument('[folder]', 'where to write it; default: this folder')
    .addOption(new Option('--example <lab>', 'the network of `plumb up --lab` instead of a new one').choices([...labs]))
    .option('--hook', 'add a pre-commit hook that renders and compares; runs `git init` if there is no repository yet')
    .addHelpText('after', '\nExample:\n  $ plumb init my-network\n  $ plumb init --example eos eos-lab')
    .action(async (to: string | undefined, options: Options) => {
      const folder = resolve(context.config.folder, to ?? '.');
      const texts = options.example ? await exampleFiles(options.example) : newRepository();
      for (const { path, written } of await writeNew(folder, texts)) {
        context.err(`${written ? 'wrote' : 'left as it is:'} ${path}\n`);
      }
      if (options.hook) context.err(`${await installCheck(folder)}\n`);
      context.err(`\n${next(folder, options)}\n`);
    });
