import { Command } from 'commander';
import { PlumbError } from '../core/errors.ts';
import type { Context } from './context.ts';
import { pickDevice } from './devices.ts';
import { asData, type Format, outputOption } from './output.ts';
import { plain } from './text.ts';
import { askForJob, startProgress } from './work.ts';

const wholeSeconds = (text: string): number => {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 600) return seconds;
  throw new PlumbError('invalid_request', `--timeout ${text}: not a whole number of seconds from 1 to 600`);
};

/** `plumb run DEVICE COMMAND…`: one command on the device's warm session. */
export const runVerb = (context: Context): Command =>
  new Command('run')
    .summary('run a command on a device')
    .description('Run a command on a device and print what it answers.')
    .argument('<device>')
    .argument('<command...>', 'quote it where it holds options, pipes or quotes')
    .option('--timeout <seconds>', 'how long it may take', '30')
    .addOption(outputOption())
    .addHelpText(
      'after',
      "\nExample:\n  $ plumb run leaf1 show ip route\n  $ plumb run leaf1 'show bgp summary json' | jq .",
    )
    .action(async (name: string, words: string[], { timeout, output }: { timeout: string; output: Format }) => {
      const timeoutSeconds = wholeSeconds(timeout);
      const { device } = await pickDevice(context, name);
      const command = words.join(' ');
      using progress = startProgress(context);
      progress.set(device, command);
      const request = { command, timeoutSeconds };
      const { answer, job } = await askForJob(
        context,
        device,
        'command',
        request,
        'command',
        timeoutSeconds * 1000 + 5000,
      );
      progress.clear();
      const said = typeof answer === 'object' && answer !== null && 'output' in answer ? String(answer.output) : '';
      if (output === 'json' || output === 'yaml')
        return context.out(asData(output, { device, command, job, output: said }));
      const text = context.isTty ? plain(said) : said;
      context.out(text === '' || text.endsWith('\n') ? text : `${text}\n`);
    });
