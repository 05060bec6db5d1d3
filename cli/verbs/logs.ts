import { Command, Option } from 'commander';
import { type LogLine, logRoles } from '../../core/bus.ts';
import { hearLog, type Wanted as WantedLines } from '../../core/logs/hear-log.ts';
import { escapeControls } from '../../core/text/controls.ts';
import type { Context } from '../context.ts';
import { deviceArgument, selectOption } from '../inventory/devices.ts';
import { levels, logText } from '../logs/log-line.ts';
import { type LogsOptions, queryOf, usualTail } from '../logs/query.ts';
import { asData, outputOption, printList } from '../output/output.ts';
import { count } from '../output/text.ts';

const show = async (context: Context, { output, follow }: LogsOptions, query: WantedLines): Promise<void> => {
  const store = await context.store();
  const text = logText(output === 'wide', context.colour);
  const lines: LogLine[] = [];
  const isList = !follow && (output === 'json' || output === 'yaml');
  const print = (line: LogLine) => {
    if (isList) lines.push(line);
    else if (output === 'json') context.out(`${escapeControls(JSON.stringify(line))}\n`);
    else if (output === 'yaml') context.out(`---\n${asData('yaml', line)}`);
    else context.out(text(line));
  };
  for await (const heard of hearLog(store, query, context.signal)) {
    if (heard.kind === 'line') {
      print(heard.line);
      await context.room();
    } else if (heard.kind === 'left out') {
      context.err(`plumb: ${count(heard.lines, 'line')} left out: they came faster than they were read\n`);
    } else {
      if (heard.processes === 0)
        context.err(
          `plumb: no process of site ${store.site} that could have logged it answers: \`plumb doctor\` shows what is up\n`,
        );
      if (!follow) break;
    }
  }
  if (isList && (output === 'json' || output === 'yaml')) printList(context, output, lines);
};

/** `plumb logs`: the log of runners, watcher and API. */
export const logsVerb = (context: Context): Command =>
  new Command('logs')
    .description('Show the recent log of runners, watcher and API, and follow it until Ctrl-C.')
    .argument('[device...]', `${deviceArgument}; default: every line`)
    .addOption(selectOption())
    .addOption(new Option('--role <role>', 'only from these processes').choices([...logRoles]))
    .addOption(
      new Option(
        '--runner <name>',
        'only from this runner: a name, a glob, or a name without its random suffix',
      ).conflicts('role'),
    )
    .addOption(new Option('--level <level>', 'only from this level up').choices(Object.keys(levels)))
    .option('--tail <lines>', `how many earlier lines, or \`all\`; default: ${usualTail}, with --since all`)
    .option('--since <time>', 'only earlier lines since then: 90s, 10m, 2h, 1d, or a time')
    .option('--no-follow', 'print what is there and exit')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Each process keeps its last 2,000 lines, at most 1 MiB. Those of a process that has ended are on its stderr, in the journal or
the container's log. With -o json each line is an object; with --no-follow they form one list.

Example:
  $ plumb logs
  $ plumb logs leaf1 --since 10m
  $ plumb logs -l 'role=spine' --level warn
  $ plumb logs --runner edge1 --tail all -o wide
  $ plumb logs -o json | jq -r 'select(.level >= 50) | .msg'`,
    )
    .action(async (named: string[], options: LogsOptions) =>
      show(context, options, await queryOf(context, named, options)),
    );
