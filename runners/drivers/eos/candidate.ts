import type { Mode } from '../../../core/bus.ts';
import { isOutcome, PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Candidate, ChangeName } from '../../driver.ts';
import { configLines } from '../../session/text/config-lines.ts';
import { trialName } from '../../trial-name.ts';
import type { EosCli } from './cli.ts';
import { lineRules } from './config.ts';
import { saveRunning, settleFile } from './saved.ts';
import { type EosSession, listSessions, refuseDuringTrial } from './sessions.ts';
import { eosTrial } from './trial.ts';

/** `commit timer` as EOS wants it. */
export const clock = (seconds: number): string =>
  [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');

const dropHead = (diff: string): string =>
  diff
    .split('\n')
    .filter((line, index) => index > 1 || !/^(?:---|\+\+\+) /.test(line))
    .join('\n')
    .trim();

/** A session that could not be aborted, or was committed, would keep its old lines: its name is not taken again. */
const freshName = (wanted: string, sessions: readonly EosSession[]): string => {
  const taken = new Set(sessions.map(({ name }) => name));
  let name = wanted;
  for (let next = 2; taken.has(name); next++) name = `${wanted}-${next}`;
  return name;
};

/** @throws PlumbError `rejected` with the file's line number, `locked` */
export const load = async (cli: EosCli, config: string, mode: Mode, change: ChangeName): Promise<Candidate> => {
  const device = cli.target.device.name;
  const sessions = await listSessions(cli);
  refuseDuringTrial(sessions, device);
  const name = freshName(trialName(change), sessions);
  const abort = () => cli.text(`configure session ${name} abort`);
  const lines = configLines(config, lineRules);
  try {
    await cli.type(name, mode === 'replace' ? ['rollback clean-config'] : [], lines);
  } catch (error) {
    await abort().catch(() => {});
    if (error instanceof PlumbError && /[Mm]aximum number of pending sessions/.test(error.message)) {
      const open = sessions
        .filter(({ state }) => state === 'pending')
        .map(({ name: each, owner }) => `${each} (${owner})`);
      throw new PlumbError('locked', `${device}: too many configuration sessions are open: ${open.join(', ')}`, {
        cause: error,
        hint: 'their owners can end them with `configure session NAME abort`',
      });
    }
    throw error;
  }
  let committed = false;
  return {
    unstable: [],
    diff: async () => dropHead(await cli.text(`show session-config named ${name} diffs`, patience.load)),
    commit: async ({ confirmSeconds, fence }) => {
      const expiresAt = new Date(Date.now() + confirmSeconds * 1000);
      await saveRunning(cli, change);
      try {
        fence();
        committed = true; // from here on it may have taken effect: only its trial may end it
        await cli.text(`configure session ${name} commit timer ${clock(confirmSeconds)}`, patience.commit);
      } catch (error) {
        const refused = isOutcome(error, 'rejected');
        if (!refused && committed) throw error;
        committed = false;
        await settleFile(cli, trialName(change), 'undone').catch(() => {});
        if (!refused) throw error;
        throw new PlumbError('commit_failed', error.message, { cause: error });
      }
      return eosTrial(cli, { name, expiresAt });
    },
    [Symbol.asyncDispose]: async () => {
      if (!committed) await abort().catch(() => {});
    },
  };
};
