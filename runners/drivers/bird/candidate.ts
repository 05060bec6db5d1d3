import { maskedDiff } from '../../../core/diff/masked.ts';
import { PlumbError } from '../../../core/errors.ts';
import type { Candidate, ChangeName, Trial } from '../../driver.ts';
import { goneTrial, type SeenTrial, trialHandle } from '../../session/trial-handle.ts';
import { trialName } from '../../trial-name.ts';
import { keyValues } from '../linux/host.ts';
import { type BirdDaemon, readReply } from './cli.ts';
import * as scripts from './scripts.ts';

/** The handle of a trial; the daemon's timer and the folder on the router are the truth. */
const birdTrial = (bird: BirdDaemon, seen: SeenTrial): Trial => {
  const { name } = seen;
  return trialHandle(bird.name, seen, {
    confirm: async () => {
      const verdict = (await bird.script('confirm the trial', scripts.confirm, [name])).trim();
      if (verdict === 'confirmed') return;
      throw goneTrial(bird.name, name, verdict);
    },
    undo: async () => {
      const verdict = (await bird.script('undo the trial', scripts.undo, [name])).trim();
      if (/wait/.test(verdict)) throw new PlumbError('undo_failed', `${bird.name}: trial "${name}": ${verdict}`);
    },
  });
};

/** A configuration that BIRD will undo, or one of ours that was confirmed and not yet put into the file. */
export const pendingTrial = async (bird: BirdDaemon): Promise<Trial | undefined> => {
  const found = keyValues(await bird.script('look for a trial', scripts.look));
  const waiting = found.get('waiting');
  const name = found.get('name');
  const expiresAt = waiting === undefined ? undefined : new Date(Date.now() + Number(waiting) * 1000);
  // loaded since by somebody else: his waits, or nothing does
  const ours = found.has('ran') ? name : undefined;
  if (ours !== undefined) return birdTrial(bird, { name: ours, expiresAt, phase: expiresAt ? 'armed' : 'confirmed' });
  const owner = 'someone (`configure timeout`)';
  return expiresAt && birdTrial(bird, { name: 'configure timeout', owner, expiresAt });
};

/** @throws PlumbError `rejected` with the file's line number, `locked` */
export const loadBird = async (bird: BirdDaemon, config: string, change: ChangeName): Promise<Candidate> => {
  const { name: device } = bird;
  const name = trialName(change);
  const output = await bird.script('load the candidate', scripts.load, [name], config);
  if (output.trim() === 'waiting') {
    throw new PlumbError('locked', `${device}: an unconfirmed configuration is pending on the router`, {
      hint: 'its owner can run `birdc configure confirm` or `birdc configure undo`; its timer undoes it too',
    });
  }
  const discard = () => bird.script('remove the candidate', scripts.discard, [name]);
  const { refused } = readReply(output);
  if (refused !== undefined) {
    await discard();
    const [, file = '', at, message = refused] = /^(.*?):(\d+)(?::\d+)? (.*)$/.exec(refused) ?? [];
    const line = at !== undefined && file.includes(name) ? Number(at) : undefined;
    const text = line === undefined ? '' : `line ${line}: "${config.split('\n')[line - 1]?.trim()}": `;
    const windows = line !== undefined && config.split('\n')[line - 1]?.endsWith('\r');
    throw new PlumbError('rejected', `${device}: ${text}${line === undefined ? refused : message}`, {
      line,
      hint: windows
        ? 'this line ends in a carriage return, which BIRD does not accept: save the file with LF line ends'
        : undefined,
    });
  }
  let committed = false;
  return {
    unstable: [],
    diff: async () => {
      const running = await bird.script('read the configuration', scripts.config, ['running']);
      return maskedDiff(running, config, { before: 'running', after: 'candidate' });
    },
    commit: async ({ confirmSeconds, fence }) => {
      const expiresAt = new Date(Date.now() + confirmSeconds * 1000);
      const busy = await bird.script('save the running configuration', scripts.save, [
        name,
        change.job,
        change.epoch,
        change.sha256,
      ]);
      if (busy.trim() === 'busy') throw new PlumbError('locked', `${device}: another trial is pending on the router`);
      let applying = false;
      try {
        fence();
        applying = true;
        committed = true;
        const { refused: why } = readReply(
          await bird.script('apply the candidate', scripts.apply, [name, confirmSeconds]),
        );
        if (why === undefined) return birdTrial(bird, { name, expiresAt });
        applying = false;
        throw new PlumbError('commit_failed', `${device}: BIRD refused the configuration: ${why}`);
      } catch (error) {
        if (!applying) await bird.script('remove the saved file', scripts.unsave, [name]).catch(() => {});
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => {
      if (!committed) await discard().catch(() => {});
    },
  };
};
