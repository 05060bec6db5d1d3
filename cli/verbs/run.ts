import { Command } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { askForJob, startProgress } from '../asking/follow-job.ts';
import { dataOf, type ParseFlags, printData, templatesOf, wantsData } from '../asking/run-parse.ts';
import type { Context } from '../context.ts';
import { pickDevice } from '../inventory/devices.ts';
import { asData, type Format, outputOption } from '../output/output.ts';

const wholeSeconds = (text: string): number => {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 600) return seconds;
  throw new PlumbError('invalid_request', `--timeout ${text}: not a whole number of seconds from 1 to 600`);
};

type RunFlags = ParseFlags & { timeout: string; output: Format; change?: boolean; reason?: string };

const changeOf = ({ change = false, reason }: RunFlags): { change?: true; reason?: string } => {
  if (change !== (reason !== undefined && reason.trim() !== '')) {
    throw new PlumbError('invalid_request', '--change and --reason TEXT go together', {
      hint: 'the reason is kept with the job; commands that only read need neither',
    });
  }
  return change && reason !== undefined ? { change, reason } : {};
};

/** `plumb run DEVICE COMMAND…`: one command on the device's warm session. */
export const runVerb = (context: Context): Command =>
  new Command('run')
    .description('Run a command that only reads and print what it answers, or what a TextFSM template makes of it.')
    .argument('<device>')
    .argument('<command...>', 'quote it where it holds options, pipes or quotes')
    .option('--timeout <seconds>', 'how long it may take, and a change wait for its turn', '30')
    .option('--change', 'it may change the device: recorded as such, after the deployment under way')
    .option('--reason <text>', 'why, with --change')
    .option('--parse', 'into records, by the TextFSM template for this platform and command')
    .option('--templates <folder>', 'where those are, with their index; else `textfsm` of plumbline.yml')
    .option('--query <expression>', 'print only what this JMESPath picks from the records, or from JSON')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Example:
  $ plumb run leaf1 show ip route
  $ plumb run leaf1 --change --reason 'CHG-4711: reset a stuck session' 'clear bgp 10.1.1.0'
  $ plumb run leaf1 'show ip bgp summary' --parse --templates ntc-templates/ntc_templates/templates
  $ plumb run leaf1 'show bgp summary json' --query 'ipv4Unicast.peers.*.state'`,
    )
    .action(async (name: string, words: string[], flags: RunFlags) => {
      const { timeout, output } = flags;
      const timeoutSeconds = wholeSeconds(timeout);
      const change = changeOf(flags);
      const templates = templatesOf(context, flags);
      const { device, platform } = await pickDevice(context, name);
      const command = words.join(' ');
      using progress = startProgress(context);
      progress.set(device, command);
      const request = { command, timeoutSeconds, ...change };
      const turnMs = change.change ? timeoutSeconds * 1000 : 0;
      const { answer, job } = await askForJob(
        context,
        device,
        'command',
        request,
        'command',
        turnMs + timeoutSeconds * 1000 + 5000,
      );
      progress.clear();
      const said = typeof answer === 'object' && answer !== null && 'output' in answer ? String(answer.output) : '';
      if (wantsData(flags)) {
        const data = await dataOf({ device, platform, command, output: said }, templates, flags.query);
        if (Array.isArray(data) && data.length === 0) {
          const who = flags.query === undefined ? 'the template' : 'the query';
          context.err(`plumb: ${device}: ${who} found nothing in what "${command}" printed\n`);
        }
        return printData(context, output, data);
      }
      if (output === 'json' || output === 'yaml')
        return context.out(asData(output, { device, command, job, output: said }));
      context.raw(said === '' || said.endsWith('\n') ? said : `${said}\n`);
    });
