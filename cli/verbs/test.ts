import { Command } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { holderOf } from '../../core/store/leases/holders.ts';
import { askForJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { pickFromInventory } from '../inventory/devices.ts';
import { readRunFile } from '../inventory/run-file.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';
import type { Step } from '../trying/login-steps.ts';

const columns: readonly Column<Step>[] = [
  { head: 'STEP', cell: ({ step }) => step },
  {
    head: 'RESULT',
    cell: ({ result }) => result,
    colour: ({ result }) => (result === 'ok' ? 'green' : result === 'skipped' ? 'yellow' : 'red'),
  },
  { head: 'TIME', cell: ({ ms }) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`) },
  { head: 'FOUND', cell: ({ detail }) => detail },
];

/** If a runner holds the device, that runner tests the permission to configure, in order with deployments. */
const dryRunOf = async (context: Context, device: string): Promise<(() => Promise<string>) | undefined> => {
  const { nats, state } = context.config;
  if (!nats && !(await readRunFile(state))) return undefined;
  const store = await context.store();
  if (!(await holderOf(store, device))) return undefined;
  return async () => {
    const { job } = await askForJob(context, device, 'diff', {}, 'diff', 120_000);
    return `its runner loaded the newest text, compared and discarded it (job ${job})`;
  };
};

const pickOne = async (context: Context, selector: string) => {
  const inventory = await context.inventory();
  const names = pickFromInventory(inventory, { devices: [selector] });
  const device = inventory.devices.get(names[0] ?? '');
  if (device && names.length === 1) return device;
  throw new PlumbError('invalid_request', `"${selector}" selects ${names.join(', ')}: one device is expected here`);
};

/** `plumb test DEVICE`: the way to a device, step by step. */
export const testVerb = (context: Context): Command =>
  new Command('test')
    .description('Test the way to a device from here, step by step over new connections, and time each step.')
    .argument('<device>')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Steps: address, TCP, key or certificate, login with prompt and privilege, version, reading the configuration, and permission
to configure: a candidate is loaded, compared and discarded. Nothing is changed. Exit code: 1 if a step failed.

Example:
  $ plumb test leaf1`,
    )
    .action(async (name: string, { output }: { output: Format }) => {
      const device = await pickOne(context, name);
      const { loginSteps } = await import('../trying/login-steps.ts');
      using progress = startProgress(context);
      const steps: Step[] = [];
      progress.set(device.name, 'testing');
      for await (const step of loginSteps(context, device, await dryRunOf(context, device.name))) {
        steps.push(step);
        progress.set(device.name, `${step.step} ${step.result}`);
      }
      progress.clear();
      print(context, output, steps, columns);
      for (const { result, hint } of steps) if (result === 'failed' && hint) context.err(`  → ${hint}\n`);
      if (steps.some(({ result }) => result === 'failed')) context.exit(1);
    });
