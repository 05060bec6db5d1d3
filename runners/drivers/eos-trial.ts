import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';
import { patience } from '../cli-driver.ts';
import type { Trial } from '../driver.ts';
import { parseTrialName } from '../trial-name.ts';
import type { EosCli } from './eos-cli.ts';
import { normalise } from './eos-config.ts';
import { listFiles, pruneFiles, settleFile } from './eos-saved.ts';
import { expiryOf, listSessions } from './eos-sessions.ts';

const settledMs = 30_000;

const settled = async (is: () => Promise<boolean>): Promise<void> => {
  const untilMs = performance.now() + settledMs;
  while (!(await is()) && performance.now() < untilMs) await wait(500);
};

/** The file of what ran before a trial, where nobody has said yet how the trial ended. */
const openFile = async (cli: EosCli, name: string): Promise<string | undefined> =>
  (await listFiles(cli)).find(({ file, outcome }) => outcome === 'trial' && file.startsWith(`${name}-`))?.file;

/** Whether what was saved before the trial runs again: a session may be listed as committed though it was undone. */
const isBack = async (cli: EosCli, name: string): Promise<boolean> => {
  const file = await openFile(cli, name);
  if (file === undefined) return false;
  const [saved, running] = [
    await cli.text(`more flash:${file}`, patience.load),
    await cli.text('show running-config', patience.load),
  ];
  return normalise(saved) === normalise(running);
};

/** The handle of a trial, however it was found. */
export const eosTrial = (
  cli: EosCli,
  name: string,
  owner: string,
  expiresAt: Date | undefined,
  phase: Trial['phase'],
): Trial => {
  const device = cli.target.device.name;
  const ours = parseTrialName(name);
  const file = ours?.name ?? name; // the session's name may have a number after it
  const state = async () => (await listSessions(cli)).find((session) => session.name === name)?.state;
  return {
    name,
    job: ours?.job,
    epoch: ours?.epoch,
    owner,
    expiresAt,
    phase,
    confirm: async () => {
      const now = await state();
      if (now === 'trial') {
        await cli.text(`configure session ${name} commit`, patience.commit);
        await settled(async () => (await state()) !== 'trial'); // a commit was seen to end before it had finished
      } else if (now !== 'completed' || (await isBack(cli, file))) {
        throw new PlumbError('commit_failed', `${device}: session "${name}" is gone before it was confirmed`);
      }
      await cli.text('write memory', patience.load);
      await settleFile(cli, file, 'applied');
    },
    undo: async () => {
      if (!ours) throw new PlumbError('undo_failed', `${device}: session "${name}" of ${owner} is not ours to abort`);
      if ((await state()) === 'trial') {
        await cli.text(`configure session ${name} abort`, patience.commit).catch((error: unknown) => {
          if (!(error instanceof PlumbError) || error.code !== 'rejected') throw error; // else its timer was faster: look
        });
      }
      const now = await state();
      if (now === 'trial') throw new PlumbError('undo_failed', `${device}: session "${name}" still waits`);
      const saved = now === 'completed' ? await openFile(cli, file) : undefined;
      // somebody confirmed it: what ran before is put back from our file
      if (saved && !(await isBack(cli, file))) await cli.text(`configure replace flash:${saved}`, patience.commit);
      await settleFile(cli, file, 'undone');
    },
  };
};

/** A trial that waits, or one of ours that was confirmed and not yet saved. */
export const pendingTrial = async (cli: EosCli): Promise<Trial | undefined> => {
  const sessions = await listSessions(cli);
  const trial = sessions.find(({ state }) => state === 'trial');
  if (trial) return eosTrial(cli, trial.name, trial.owner, await expiryOf(cli, trial), 'armed');
  const completed = sessions.filter(({ name, state }) => state === 'completed' && parseTrialName(name));
  if (completed.length === 0) return undefined;
  for (const { name } of completed) {
    const file = parseTrialName(name)?.name ?? name;
    if ((await openFile(cli, file)) && !(await isBack(cli, file)))
      return eosTrial(cli, name, 'Plumbline', undefined, 'confirmed');
  }
  return undefined;
};

/** Aborts candidates of older epochs, settles and prunes saved files. */
export const clean = async (cli: EosCli, epoch: number): Promise<string[]> => {
  const removed: string[] = [];
  const sessions = await listSessions(cli);
  for (const { name, state } of sessions) {
    const ours = parseTrialName(name);
    if (state !== 'pending' || !ours || ours.epoch >= epoch) continue;
    await cli.text(`configure session ${name} abort`);
    removed.push(`session ${name}`);
  }
  const waits = sessions.find(({ name, state }) => state === 'trial' && parseTrialName(name))?.name;
  return [...removed, ...(await pruneFiles(cli, epoch, waits))];
};
