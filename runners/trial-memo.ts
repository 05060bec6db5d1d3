import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Target } from './driver.ts';

/** A trial that the device keeps but cannot list by name: what we must remember of it ourselves. */
export type TrialMemo = { name: string; expiresAt: string };

const path = ({ device, knownHosts }: Target): string => join(dirname(knownHosts), 'trials', `${device.name}.json`);

/** Written before the trial is armed, beside the pinned host keys: a runner that starts again here finds it. */
export const rememberTrial = async (target: Target, memo: TrialMemo): Promise<void> => {
  await mkdir(dirname(path(target)), { recursive: true, mode: 0o700 });
  await writeFile(path(target), JSON.stringify(memo), { mode: 0o600, flush: true });
};

export const recallTrial = async (target: Target): Promise<TrialMemo | undefined> => {
  const text = await readFile(path(target), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const memo = JSON.parse(text) as Partial<TrialMemo>;
    if (typeof memo.name === 'string' && typeof memo.expiresAt === 'string') return memo as TrialMemo;
  } catch {} // cut off while it was written: then nothing was armed yet
  return undefined;
};

export const forgetTrial = (target: Target): Promise<void> => rm(path(target), { force: true });
