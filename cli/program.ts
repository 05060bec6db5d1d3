import { Command, CommanderError, Option } from 'commander';
import type { Flags } from '../core/config/config.ts';
import type { Context } from './context.ts';
import { type Io, makeContext } from './make-context.ts';
import { exitCode, report } from './output/failure.ts';
import { verbs } from './verbs.ts';
import { version } from './version.ts';

const startHere = `
Start here:
  $ plumb up --lab frr        three real routers on this machine, kept true to intended/
  $ plumb init my-network     a new repository of your own
  $ plumb doctor              what is wrong, and how to mend it`;

/** The whole command line, its verbs given one context. */
export const makeProgram = (context: Context): Command => {
  const program = new Command('plumb')
    .description('Keeps every network device true to the configuration that is committed in git.')
    .version(version, '-V, --version')
    .addOption(new Option('-C, --folder <folder>', 'the repository to work in').env('PLUMB_FOLDER'))
    .addOption(new Option('--inventory <file>', 'instead of inventory.yml').env('PLUMB_INVENTORY'))
    .addOption(new Option('--nats <url>', 'the NATS server; else the `plumb up` of this folder').env('NATS_URL'))
    .addOption(
      new Option('--driver <file>', 'a platform of your own, also several; else `drivers` of plumbline.yml').argParser(
        (file: string, before: string[] | undefined) => [...(before ?? []), file],
      ),
    )
    .addHelpText('after', startHere)
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: context.out,
      writeErr: context.err,
      outputError: (text, write) =>
        write(text.replace(/^error: /, 'plumb: ').replace(/^\((Did you mean .*)\)$/m, '  → $1')),
    });
  const adopt = (parent: Command, verb: Command, words: string) => {
    verb.copyInheritedSettings(parent).helpCommand(false);
    verb.showHelpAfterError(`  → \`${words} --help\` tells how`);
    for (const inner of verb.commands) adopt(verb, inner, `${words} ${inner.name()}`);
  };
  for (const [heading, factories] of Object.entries(verbs)) {
    for (const make of factories) {
      const verb = make(context).helpGroup(heading);
      adopt(program, verb, `plumb ${verb.name()}`);
      program.addCommand(verb);
    }
  }
  return program;
};

/** Runs one command line. @returns the code with which the process should end */
export const runCommandLine = async (argv: readonly string[], io: Io): Promise<number> => {
  await using context = makeContext(io);
  const program = makeProgram(context);
  program.hook('preAction', async (_, verb) => {
    await context.configure(verb.optsWithGlobals<Flags>(), io.cwd);
  });
  try {
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return 2;
    }
    await Promise.race([program.parseAsync([...argv], { from: 'user' }), context.lost]);
    return context.code();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    context.err(report(error));
    return io.signal.aborted ? 130 : exitCode(error);
  }
};
