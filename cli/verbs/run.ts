import { Command } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact/redact.ts';
import { eachDevice, gone } from '../asking/each-device.ts';
import { askForJob, startProgress } from '../asking/follow-job.ts';
import { dataOf, type ParseFlags, printData, templatesOf, wantsData } from '../asking/run-parse.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickNamed, selectOption, type Wanted } from '../inventory/devices.ts';
import { paint } from '../output/colour.ts';
import { type Format, outputOption, printList } from '../output/output.ts';
import { shortId } from '../output/text.ts';

const wholeSeconds = (text: string): number => {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 600) return seconds;
  throw new PlumbError('invalid_request', `--timeout ${text}: not a whole number of seconds from 1 to 600`);
};

type RunFlags = Wanted &
  ParseFlags & { timeout: string; output: Format; change?: boolean; reason?: string; group?: true };

const changeOf = ({ change = false, reason }: RunFlags): { change?: true; reason?: string } => {
  if (change !== (reason !== undefined && reason.trim() !== '')) {
    throw new PlumbError('invalid_request', '--change and --reason TEXT go together', {
      hint: 'the reason is recorded with the job; read-only commands need neither',
    });
  }
  return change && reason !== undefined ? { change, reason } : {};
};

/** What precedes and follows `--`. @throws PlumbError `invalid_request` that spells the command line that was meant */
const divide = (verb: Command, operands: readonly string[]): { devices: readonly string[]; command: string } => {
  let root = verb;
  while (root.parent) root = root.parent;
  const { rawArgs } = root as Command & { rawArgs: readonly string[] };
  const at = rawArgs.indexOf('--');
  const words = at < 0 ? [] : rawArgs.slice(at + 1);
  if (words.length > 0) return { devices: operands.slice(0, operands.length - words.length), command: words.join(' ') };
  const [device = 'leaf1', ...meant] = operands;
  throw new PlumbError('invalid_request', 'run: no command given: it follows the devices and --', {
    hint: `plumb run ${device} -- ${meant.join(' ') || 'show version'}`,
  });
};

type Said = { device: string; command: string; job: string; output: string };

/** Outputs in the order of their devices; identical ones only once, if requested. */
const grouped = (said: readonly Said[], group: boolean): { devices: string; output: string }[] => {
  if (!group) return said.map(({ device, output }) => ({ devices: device, output }));
  const outputs = new Map<string, string[]>();
  for (const { device, output } of said) outputs.set(output, [...(outputs.get(output) ?? []), device]);
  return [...outputs].map(([output, devices]) => ({ devices: devices.join(', '), output }));
};

/** `plumb run DEVICE… -- COMMAND`: one command on the warm sessions of devices. */
export const runVerb = (context: Context): Command =>
  new Command('run')
    .description('Run a read-only command and print its output, or the records a TextFSM template makes of it.')
    .usage('[options] [device...] -- <command...>')
    .argument('[device...]', `${deviceArgument}; the command follows --: quote pipes, quotes and *`)
    .addOption(selectOption())
    .option('--group', 'print identical answers of several devices once')
    .option('--timeout <seconds>', 'how long the command may take, and how long a change may wait for its turn', '30')
    .option('--change', 'allow it to change the device; recorded as a change, and run after any deployment in progress')
    .option('--reason <text>', 'why; required with --change')
    .option('--parse', 'turn the output into records, by the TextFSM template for this platform and command')
    .option('--templates <folder>', 'where the templates are, with their index; default: `textfsm` in plumbline.yml')
    .option('--query <expression>', 'print only what this JMESPath selects from the records, or from JSON output')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Exit code: 1 if a device failed; the answers of the others are printed all the same.

Example:
  $ plumb run leaf1 -- show ip route
  $ plumb run --group -l 'role=leaf' -- show version
  $ plumb run leaf1 --change --reason 'CHG-4711: reset a stuck session' -- clear ip bgp 10.1.1.0
  $ plumb run leaf1 --parse --templates ntc-templates/ntc_templates/templates -- show ip bgp summary
  $ plumb run leaf1 --query 'ipv4Unicast.peers.*.state' -- show bgp summary json`,
    )
    .action(async (operands: string[], flags: RunFlags, verb: Command) => {
      const { timeout, output, group = false } = flags;
      const timeoutSeconds = wholeSeconds(timeout);
      const change = changeOf(flags);
      const templates = templatesOf(context, flags);
      const { devices, command } = divide(verb, operands);
      const shown = redact(command);
      const entries = await pickNamed(context, { ...flags, devices }, 'run');
      const request = { command, timeoutSeconds, ...change };
      const timeoutMs = (change.change ? 2 : 1) * timeoutSeconds * 1000 + 5000;
      using progress = startProgress(context);
      const results = await eachDevice(context, entries, progress, async ({ device, platform }) => {
        progress.set(device, shown);
        const { answer, job } = await askForJob(context, device, 'command', request, 'command', timeoutMs);
        const printed =
          typeof answer === 'object' && answer !== null && 'output' in answer ? String(answer.output) : '';
        const said = { device, command, job, output: printed };
        if (!wantsData(flags)) return said;
        const data = await dataOf({ ...said, platform }, templates, flags.query);
        if (Array.isArray(data) && data.length === 0) {
          progress.clear();
          const who = flags.query === undefined ? 'the template' : 'the query';
          context.err(`plumb: ${device}: ${who} found nothing in the output of "${shown}"\n`);
        }
        return { device, command, job, data };
      });
      progress.clear();
      if (output === 'json' || output === 'yaml') return printList(context, output, results);
      const several = entries.length > 1;
      const head = (names: string) => several && context.out(`${paint(context.colour, 'bold', `${names}:`)}\n`);
      const answered = gone(results);
      for (const one of answered) {
        if (!('data' in one)) continue;
        head(one.device);
        printData(context, output, one.data);
      }
      const texts = answered.filter((one) => 'output' in one);
      for (const { devices: names, output: text } of grouped(texts, group)) {
        head(names);
        context.raw(text === '' || text.endsWith('\n') ? text : `${text}\n`);
      }
      if (change.change)
        for (const { device, job } of answered) context.err(`${device}: done  (job ${shortId(job)})\n`);
    });
