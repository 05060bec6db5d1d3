import { PlumbError } from '../../core/errors.ts';
import { patience } from '../cli-driver.ts';
import type { Trial } from '../driver.ts';
import { parseTrialName } from '../trial-name.ts';
import type { EosCli } from './eos-cli.ts';
import { listFiles, pruneFiles, settleFile } from './eos-saved.ts';
import { expiryOf, listSessions } from './eos-sessions.ts';

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
      } else if (now !== 'completed') {
        throw new PlumbError('commit_failed', `${device}: session "${name}" is gone before it was confirmed`);
      }
      await cli.text('write memory', patience.load);
      await settleFile(cli, name, 'applied');
    },
    undo: async () => {
      if (!ours) throw new PlumbError('undo_failed', `${device}: session "${name}" of ${owner} is not ours to abort`);
      if ((await state()) === 'trial') {
        await cli.text(`configure session ${name} abort`, patience.commit).catch((error: unknown) => {
          if (!(error instanceof PlumbError) || error.code !== 'rejected') throw error; // else its timer was faster: look
        });
      }
      if ((await state()) === 'trial') throw new PlumbError('undo_failed', `${device}: session "${name}" still waits`);
      await settleFile(cli, name, 'undone');
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
  const open = (await listFiles(cli)).filter(({ outcome }) => outcome === 'trial');
  const cut = completed.find(({ name }) => open.some(({ file }) => file.startsWith(`${name}-`)));
  return cut && eosTrial(cli, cut.name, 'Plumbline', undefined, 'confirmed');
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
