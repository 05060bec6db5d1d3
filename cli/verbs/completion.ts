import { Argument, Command } from 'commander';
import { readLine } from '../completion/line.ts';
import { type Shell, scriptFor, shells } from '../completion/scripts.ts';
import type { Context } from '../context.ts';
import { makeProgram, operands } from '../program.ts';

/** How long Tab waits for names from NATS. */
const deadlineMs = 300;

const answerAt = async (context: Context, shell: Shell, words: readonly string[]): Promise<string> => {
  const { candidates } = await import('../completion/candidates.ts');
  const program = await makeProgram(context, operands(words)[0]);
  const line = readLine(program, words, shell === 'bash');
  const found = await candidates(line, { env: context.env, cwd: context.cwd, deadlineMs });
  if (typeof found === 'string') return `${found}\n`;
  return found.map(({ word, about }) => `${word}${about ? `\t${about.replace(/\s+/g, ' ')}` : ''}\n`).join('');
};

/** `plumb completion SHELL`: what the shell reads once; after `--`, what it asks at each Tab. */
export const completionVerb = (context: Context): Command =>
  new Command('completion')
    .description('Print the shell code that completes verbs, options, devices, groups, jobs and platforms.')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(shells))
    .argument('[words...]', 'after --: a line up to the cursor; prints its candidates')
    .addHelpText(
      'after',
      `
Device names come from inventory.yml, or else from NATS; if it does not answer within ${deadlineMs} ms there are none.

Example:
  $ eval "$(plumb completion bash)"                  in ~/.bashrc
  $ eval "$(plumb completion zsh)"                   in ~/.zshrc
  $ plumb completion fish | source                   in ~/.config/fish/config.fish`,
    )
    .action(async (shell: Shell, words: readonly string[]) => {
      if (words.length === 0) return context.out(scriptFor(shell));
      context.out(await answerAt(context, shell, words).catch(() => '')); // at a prompt, an error would be in the way
    });
