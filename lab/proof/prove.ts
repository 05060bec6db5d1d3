import { PlumbError } from '../../core/errors.ts';
import type { Driver } from '../../runners/driver.ts';
import { type DriverKit, kitFor } from '../../runners/drivers/outside/kit.ts';
import { checkDriver } from '../../runners/drivers/outside/shape.ts';
import { contract } from './contract/contract.ts';
import { scripted } from './scripted/box.ts';
import { checkScript } from './scripted/check.ts';
import type { ScriptedDevice } from './scripted/script.ts';

/** What a driver's file exports as its default. */
export type DriverFile = Driver | ((kit: DriverKit) => Driver | Promise<Driver>);

/** A device, and what its configurations look like. */
export type DriverProof = {
  device: ScriptedDevice;
  transport?: 'ssh' | 'telnet';
  /** A configuration that the device takes: its own, changed. */
  after: string;
  /** In `after`, and not in the configuration that the device has at first. */
  mark: string;
  /** One with a line that the device refuses, and that line's number. */
  bad: { text: string; line: number };
  /** One with a secret in plain text, where the driver says how its secrets look; and its line. */
  secret?: { text: string; line: number };
  /** Seconds of the shortest trial that it can hold; 60 where it is left out. */
  shortest?: number;
  /** The driver's `saved` tells of nothing: the device has no place for what ran before. */
  keepsNothing?: true;
};

/** What registers a test: `test` of node:test, `it` of vitest, jest or mocha. */
export type Register = (title: string, run: () => Promise<void>) => unknown;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The line that begins a trial, as an expression. */
const trying = ({ answers }: ScriptedDevice): string => {
  const answer = answers.find(({ does }) => [does].flat().includes('try'));
  if (!answer) throw new Error('the script was checked before');
  return typeof answer.line === 'string' ? `^${literal(answer.line)}$` : answer.line.source;
};

/**
 * Registers a test for each thing that must hold on every platform: login, the refused line named, diff, commit under a
 * trial, confirm, undo, the timer, a connection that is lost, read-back, somebody else's trial. They are those that
 * Plumbline's own platforms pass; the device answers over SSH or telnet on loopback, from what `proof.device` says.
 *
 * @param file the default export of the driver's file
 * @param test registers one of them
 * @throws PlumbError `invalid_request` where the device holds a word that is not understood
 */
export const proveDriver = (file: DriverFile, proof: DriverProof, test: Register): void => {
  const { device, transport = 'ssh', ...rest } = proof;
  checkScript(device);
  let made: Promise<Driver> | undefined;
  const driver = () => {
    made ??= (async () => {
      const found = checkDriver('the driver', typeof file === 'function' ? await file(kitFor('the driver')) : file);
      if (found.capabilities.trial !== 'none') return found;
      throw new PlumbError(
        'unsupported',
        `${found.platform}: a driver without a trial commits nothing: it cannot be proven`,
      );
    })();
    return made;
  };
  test('is complete, and says nothing that is not understood', async () => {
    await driver();
  });
  const proofs = contract({
    ...rest,
    driver,
    transport,
    platform: { name: 'scripted device', make: scripted(device) },
    before: device.config,
    commits: trying(device),
    foreign: async (sim) => sim.box.foreign('lock', 'somebody'),
  });
  for (const { title, run } of proofs) test(title, run);
};
