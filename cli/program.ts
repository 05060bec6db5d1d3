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
  $ plumb doctor              what is wrong, and how to fix it
  $ plumb help push           everything about one verb`;

/** The options that may precede or follow every verb. */
const globalOptions = (program: Command): Command =>
  program
    .addOption(new Option('-C, --folder <folder>', 'the repository to work in').env('PLUMB_FOLDER'))
    .addOption(new Option('--inventory <file>', 'instead of inventory.yml').env('PLUMB_INVENTORY'))
    .option('--nats <url>', 'NATS server; default: that of the `plumb up` in this folder (env: NATS_URL)')
    .option('--context <context>', 'one of `plumb context`; default: the one in use (env: PLUMB_CONTEXT)')
    .addOption(
      new Option(
        '--driver <file>',
        'a platform of your own, repeatable; default: `drivers` in plumbline.yml',
      ).argParser((file: string, before: string[] | undefined) => [...(before ?? []), file]),
    );

/** The first words of a command line that are not our options. */
export const operands = (argv: readonly string[]): string[] => {
  const scratch = globalOptions(new Command('plumb'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  try {
    return scratch.parseOptions([...argv]).operands;
  } catch {
    return []; // the program itself says what is wrong
  }
};

const listed = Object.entries(verbs).flatMap(([heading, those]) => those.map((each) => ({ heading, ...each })));

/** Instead of a verb's name, for code that goes through all of them. */
export const everyVerb = Symbol('every verb');

/**
 * The command line, its verbs given one context.
 *
 * @param wanted the verb that is called, which alone is loaded
 */
export const makeProgram = async (
  context: Context,
  wanted: string | undefined | typeof everyVerb,
): Promise<Command> => {
  const program = globalOptions(new Command('plumb').version(version, '-V, --version'))
    .description('Keeps every network device true to the configuration in your repository, as saved or as committed.')
    .addHelpText('after', startHere)
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: context.out,
      writeErr: context.err,
      outputError: (text, write) => {
        const said = text.replace(/^error: /, 'plumb: ').replace(/^\((Did you mean .*)\)$/m, '  → $1');
        const lost = said.startsWith('plumb: unknown command') && !said.includes('→');
        write(lost ? `${said}  → \`plumb --help\` lists the verbs\n` : said);
      },
    });
  const adopt = (parent: Command, verb: Command, words: string) => {
    verb.copyInheritedSettings(parent).helpCommand(false);
    verb.showHelpAfterError(`  → \`${words} --help\` shows how`);
    for (const inner of verb.commands) adopt(verb, inner, `${words} ${inner.name()}`);
  };
  for (const { heading, name, summary, load } of listed) {
    const verb = wanted === everyVerb || wanted === name ? (await load())(context) : new Command(name);
    adopt(program, verb.summary(summary).helpGroup(heading), `plumb ${name}`);
    program.addCommand(verb);
  }
  const usages = new Map(listed.map(({ name, usage }) => [name, `${name} ${usage}`.trim()]));
  return program.configureHelp({ subcommandTerm: (verb) => usages.get(verb.name()) ?? verb.name() });
};

/** `plumb help VERB` is `plumb VERB --help`; an unknown verb is still an error. */
const withoutHelp = (argv: readonly string[]): readonly string[] => {
  const [first, ...words] = operands(argv);
  if (first !== 'help') return argv;
  return words[0] === undefined || listed.some(({ name }) => name === words[0]) ? [...words, '--help'] : words;
};

/** Verbs that work even if plumbline.yml is invalid. */
const standalone = new Set(['completion', 'context']);

/** A service without a terminal writes only JSON. */
const asService = async (io: Io, verb: string | undefined): Promise<Io> => {
  if (io.stderr.isTTY || !['watch', 'runner', 'api'].includes(verb ?? '')) return io;
  const [{ jsonLines }, { keptLines }] = await Promise.all([
    import('./output/json-lines.ts'),
    import('../core/log.ts'),
  ]);
  const write = (line: string) => {
    io.stderr.write(line);
    keptLines.add(line);
  };
  return { ...io, stderr: { write: jsonLines(write) } };
};

/** Runs one command line. @returns the code with which the process should end */
export const runCommandLine = async (typed: readonly string[], given: Io): Promise<number> => {
  const io = await asService(given, operands(typed)[0]);
  await using context = makeContext(io);
  const argv = withoutHelp(typed);
  const program = await makeProgram(context, operands(argv)[0]);
  program.hook('preAction', async (_, verb) => {
    if (![verb, verb.parent].some((each) => each && standalone.has(each.name())))
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
    context.screen?.leave(); // what went wrong is to be read
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    context.err(report(error));
    return io.signal.aborted ? 130 : exitCode(error);
  }
};
