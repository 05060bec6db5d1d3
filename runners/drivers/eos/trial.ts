import { setTimeout as wait } from 'node:timers/promises';
import { isOutcome, PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Trial } from '../../driver.ts';
import { forget, isTaken, wasTaken } from '../../session/trial-clock.ts';
import { goneTrial, type SeenTrial, trialHandle } from '../../session/trial-handle.ts';
import { parseTrialName } from '../../trial-name.ts';
import type { EosCli } from './cli.ts';
import { normalise } from './config.ts';
import { decidedFile, listFiles, makeMark, openFiles, openOf, pruneFiles, settle, settleFile } from './saved.ts';
import { expiryOf, listSessions, uptimeCommand } from './sessions.ts';

const settledMs = 30_000;

const settled = async (is: () => Promise<boolean>): Promise<void> => {
  const untilMs = performance.now() + settledMs;
  while (!(await is()) && performance.now() < untilMs) await wait(500);
};

const runs = async (cli: EosCli, file: string | undefined): Promise<boolean> =>
  file !== undefined &&
  normalise(await cli.text(`more flash:${file}`, patience.load)) ===
    normalise(await cli.text('show running-config', patience.load));

/** Whether what was saved before the trial runs again: a session may be listed as committed though it was undone. */
const isBack = async (cli: EosCli, name: string): Promise<boolean> => runs(cli, (await openFiles(cli, name)).before);

/** The handle of a trial, however it was found. */
export const eosTrial = (cli: EosCli, seen: SeenTrial): Trial => {
  const { name, phase = 'armed' } = seen;
  const device = cli.target.device.name;
  const file = parseTrialName(name)?.name ?? name; // the session's name may have a number after it
  const state = async () => (await listSessions(cli)).find((session) => session.name === name)?.state;
  return trialHandle(device, seen, {
    confirm: async () => {
      const [sessions, files] = await Promise.all([listSessions(cli), openFiles(cli, file)]);
      const now = sessions.find((session) => session.name === name)?.state;
      const mark = now === 'trial' ? decidedFile(files) : undefined;
      if (now === 'trial') {
        if (mark !== undefined && (await makeMark(cli, mark))) files.decided = mark;
        await cli.text(`configure session ${name} commit`, patience.commit);
        await settled(async () => (await state()) !== 'trial'); // a commit was seen to end before it had finished
        isTaken(file);
      } else if (now !== 'completed' || phase === 'armed' || (await isBack(cli, file))) {
        throw goneTrial(device, name);
      }
      await cli.text('write memory', patience.load);
      await settle(cli, files, 'applied');
      forget(file);
    },
    undo: async () => {
      if ((await state()) === 'trial') {
        await cli.text(`configure session ${name} abort`, patience.commit).catch((error: unknown) => {
          if (!isOutcome(error, 'rejected')) throw error; // else its timer was faster: look
        });
      }
      const now = await state();
      if (now === 'trial') throw new PlumbError('undo_failed', `${device}: session "${name}" is still pending`);
      const saved = now === 'completed' ? (await openFiles(cli, file)).before : undefined;
      // somebody confirmed it: what ran before is put back from our file
      if (saved && !(await isBack(cli, file))) await cli.text(`configure replace flash:${saved}`, patience.commit);
      await settleFile(cli, file, 'undone');
    },
  });
};

/**
 * A trial that waits, or one of ours that was confirmed and not yet saved: what ran when we decided that runs. A session
 * that was undone is listed as one that was committed, so something else that runs is no evidence.
 *
 * @param known names of ours: one that waits no more is found too
 */
export const pendingTrial = async (cli: EosCli, known: readonly string[] = []): Promise<Trial | undefined> => {
  const version = () => cli.json(uptimeCommand);
  const [sessions, files, asked] = await Promise.all([
    listSessions(cli),
    listFiles(cli),
    known.length > 0 ? version() : undefined, // one that is known waits, most likely
  ]);
  const trial = sessions.find(({ state }) => state === 'trial');
  if (trial) {
    const { name, owner } = trial;
    return eosTrial(cli, { name, owner, expiresAt: expiryOf(trial, asked ?? (await version())) });
  }
  for (const { name, state } of sessions) {
    const file = parseTrialName(name)?.name;
    if (state !== 'completed' || file === undefined) continue;
    const { before, decided } = openOf(files, file);
    if (!before || (await runs(cli, before))) continue;
    const ours = (phase: Trial['phase']) => eosTrial(cli, { name, phase });
    if (wasTaken(file) || (await runs(cli, decided))) return ours('confirmed');
    if (known.includes(file)) return ours('over');
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
