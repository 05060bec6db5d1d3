import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Trial } from '../../driver.ts';
import type { CliShell } from '../../session/shell.ts';
import { goneTrial, type SeenTrial, trialHandle } from '../../session/trial-handle.ts';
import { parseTrialName } from '../../trial-name.ts';
import { complaint, inSystemView, save } from '../vrp/family.ts';
import { listing } from '../vrp/files.ts';
import { decide, decidedTrial, removeMarks } from './marks.ts';

// A trial of VRP 8 that outlives its session. Source: NetEngine 8000 and CloudEngine command references, "commit (All views
// except the user view)", "abort trial", "display configuration trial status"; "Configuring the Two-Phase Validation Mode".

const pollMs = 1_000;
const graceMs = 60_000;
const yes = (what: string) => ({ ask: new RegExp(`${what}.*\\[Y/N\\]:?\\s*$`, 'i'), answer: 'Y' }) as const;

type Waiting = { name: string | undefined; expiresAt: Date | undefined; phase: 'armed' | 'undoing' };

/** What `display configuration trial status` tells; a VRP without trials does not know the command. */
const waiting = async (shell: CliShell): Promise<Waiting | undefined> => {
  const said = await shell.send('display configuration trial status', { ...patience.show, unchecked: true });
  const status = /^[ \t]*Trial status\s*:\s*(\w+)/im.exec(said)?.[1]?.toUpperCase();
  if (status === undefined || status === 'INACTIVE') return undefined;
  const seconds = /^[ \t]*Trial time left[^:\n]*:\s*(\d+)/im.exec(said)?.[1];
  return {
    name: /^[ \t]*Persist id\s*:\s*(\S+)/im.exec(said)?.[1],
    expiresAt: seconds === undefined ? undefined : new Date(Date.now() + Number(seconds) * 1000),
    phase: status === 'ACTIVE' ? 'armed' : 'undoing',
  };
};

/** The handle of a trial under its persistence id; any session may decide it. */
export const vrpTrial = (shell: CliShell, seen: SeenTrial): Trial => {
  const { name, expiresAt, phase } = seen;
  /** There is one trial at a time: with this one the earlier ones are over, too. */
  const over = () => removeMarks(shell, parseTrialName(name)?.epoch ?? 0);
  const saved = async (): Promise<void> => {
    await save(shell, 'save');
    await over();
  };
  /** Still there, and not somebody else's. */
  const there = async (): Promise<Waiting | undefined> => {
    const found = await waiting(shell);
    return found && (found.name === undefined || found.name === name) ? found : undefined;
  };
  return trialHandle(shell.name, seen, {
    confirm: async () => {
      if (phase === 'confirmed') return saved();
      if ((await there())?.phase !== 'armed') {
        await over();
        throw goneTrial(shell.name, name);
      }
      await decide(shell, name);
      const said = await inSystemView(shell, `commit persist ${name}`, yes('trial configuration will be confirmed'));
      const refused = complaint.exec(said)?.[0].trim();
      if (refused !== undefined || (await there())) {
        throw new PlumbError(
          'commit_failed',
          `${shell.name}: the device did not accept the confirm: ${refused ?? said.trim()}`,
        );
      }
      await saved();
    },
    undo: async () => {
      let refused: string | undefined;
      if ((await there())?.phase === 'armed') {
        const said = await inSystemView(
          shell,
          `abort trial persist ${name}`,
          yes('trial configuration will be rolled back'),
        );
        refused = complaint.exec(said)?.[0].trim();
        const still = refused === undefined ? undefined : await there();
        if (still && still.name === undefined) {
          throw new PlumbError('locked', `${shell.name}: the pending trial is not "${name}": ${refused}`, {
            hint: 'its owner can `commit` or `abort trial`; its timer undoes it too',
          });
        }
      }
      const untilMs = (refused === undefined ? Date.now() : (expiresAt?.getTime() ?? Date.now())) + graceMs;
      while (await there()) {
        if (Date.now() > untilMs) {
          throw new PlumbError(
            'undo_failed',
            `${shell.name}: trial "${name}" is still pending: ${refused ?? 'no answer'}`,
          );
        }
        await wait(pollMs);
      }
      await over();
    },
  });
};

/**
 * The trial that waits; else the one that was confirmed and whose saving was cut off.
 *
 * @param known names of ours that a trial may have whose persistence id the device does not show
 */
export const pendingTrial = async (shell: CliShell, known: readonly string[] = []): Promise<Trial | undefined> => {
  const [found, listed] = await Promise.all([waiting(shell), listing(shell)]);
  if (!found) {
    const decided = await decidedTrial(shell, listed);
    return decided === undefined ? undefined : vrpTrial(shell, { name: decided, phase: 'confirmed' });
  }
  const name = found.name ?? known[0] ?? 'commit trial'; // the device refuses to act on an id that is not the trial's
  return vrpTrial(shell, { ...found, name, owner: parseTrialName(name) ? 'Plumbline' : 'someone' });
};

/** Removes what older epochs left. @returns what it removed */
export const clean = async (shell: CliShell, epoch: number): Promise<string[]> =>
  removeMarks(shell, epoch - 1, (await pendingTrial(shell))?.name);
