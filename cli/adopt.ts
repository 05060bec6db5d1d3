import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { ask } from '../core/ask.ts';
import { PlumbError } from '../core/errors.ts';
import type { Context } from './context.ts';
import { pickDevice } from './devices.ts';
import { intendedPath, shortPath } from './intended.ts';
import { author, startProgress, untilStopped } from './work.ts';

const fetchRunning = async (context: Context, device: string): Promise<string> => {
  using progress = startProgress(context);
  progress.set(device, 'reading the running configuration');
  const options = { timeoutMs: 120_000, author: author(context.env) };
  const asked = ask(await context.store(), device, 'config', { from: 'running' }, options);
  const answer = await untilStopped(context.signal, asked, device);
  const config = typeof answer === 'object' && answer !== null && 'config' in answer ? answer.config : undefined;
  if (typeof config !== 'string' || config.trim() === '')
    throw new PlumbError('rejected', `${device}: it answered with an empty running configuration`);
  return config.endsWith('\n') ? config : `${config}\n`;
};

/** `plumb adopt DEVICE`: a device that was configured by hand becomes one that is kept in git. */
export const adoptVerb = (context: Context): Command =>
  new Command('adopt')
    .summary('write the running configuration to intended/')
    .description("Write a device's running configuration to intended/configs/ as the starting point.")
    .argument('<device>')
    .option('-y, --yes', 'overwrite the file that is there without asking')
    .addHelpText(
      'after',
      `
Nothing is changed on the device. Look for secrets before you commit the file.

Example:
  $ plumb adopt leaf1 && git add intended/configs/leaf1.cfg && git commit -m 'adopt leaf1'`,
    )
    .action(async (name: string, { yes }: { yes?: boolean }) => {
      const { device } = await pickDevice(context, name);
      const path = intendedPath(context, device);
      const short = shortPath(context, path);
      const running = await fetchRunning(context, device);
      const present = await readFile(path, 'utf8').catch(() => undefined);
      if (present === running) return context.err(`${device}: ${short} holds it already\n`);
      if (present !== undefined && !yes) {
        const answer = await context.prompt(`${short} is there and differs; overwrite it? [y/N] `);
        if (answer === undefined || !/^y(es)?$/i.test(answer.trim())) {
          throw new PlumbError('invalid_request', `${device}: ${short} is there and differs, and was left as it is`, {
            hint: `\`plumb adopt ${device} --yes\` overwrites it`,
          });
        }
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, running);
      context.err(`${device}: wrote ${short} (${running.split('\n').length - 1} lines)\n`);
    });
