import type { Mode } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import type { CliDriver } from '../cli-driver.ts';
import { patience } from '../cli-driver.ts';
import { type CliShell, openShell } from '../cli-session-shell.ts';
import type { Candidate, ChangeName } from '../driver.ts';
import { forgetTrial, rememberTrial } from '../trial-memo.ts';
import { trialName } from '../trial-name.ts';
import { cutDiff, typedLines } from './iosxr-config.ts';
import { armedTrial, waiting } from './iosxr-trial.ts';

const proceed = [
  // others committed since: what was diffed is not what would be committed
  { ask: /commit this anyway\? \[no\]:?\s*$|proceed with this commit anyway\? \[no\]:?\s*$/i, answer: 'no' },
  { ask: /Do you wish to proceed\? \[no\]:?\s*$/i, answer: 'yes' },
  { ask: /Confirm\? \[y\/n\]\[confirm\]\s*$/i, answer: 'y' },
] as const;

/** The first line that the router could not commit, with its reason, in terms of the file. */
const failedLine = (said: string, config: string): { line: number | undefined; text: string } => {
  const lines = said.split('\n').map((line) => line.trim());
  const file = config.split('\n').map((line) => line.trim());
  for (const text of lines.filter((line) => line !== '' && !line.startsWith('!!') && line !== 'end')) {
    const at = file.lastIndexOf(text);
    const reason = lines.find((line) => line.startsWith('!!%'))?.replace(/^!!%\s*/, '') ?? 'rejected by the system';
    if (at >= 0) return { line: at + 1, text: `line ${at + 1}: "${text}": ${reason}` };
  }
  return {
    line: undefined,
    text: lines.find((line) => line.startsWith('!!%')) ?? (lines.join(' ').trim() || 'commit failed'),
  };
};

/** @throws PlumbError `locked`, `rejected` with the file's line number */
export const load =
  (cli: CliDriver) =>
  async (shell: CliShell, config: string, mode: Mode, change: ChangeName): Promise<Candidate> => {
    const pending = await waiting(shell);
    if (pending) {
      throw new PlumbError('locked', `${shell.name}: a trial of ${pending.user} waits on the router`, {
        hint: 'only the session that armed it can confirm it; its timer undoes it',
      });
    }
    // a session of its own: only the session that arms a trial can confirm it, so it must outlive this one
    const own = await openShell(shell.target, cli, false, AbortSignal.timeout(patience.show.totalMs));
    let armed = false;
    const leave = async (): Promise<void> => {
      if (own.configuring) await own.send('abort', { ...patience.load, unchecked: true }).catch(() => {});
      await own[Symbol.asyncDispose]();
    };
    try {
      const said = await own.send('configure exclusive', { ...patience.load, unchecked: true });
      if (!own.configuring) {
        throw new PlumbError(
          'locked',
          `${shell.name}: ${
            said
              .split('\n')
              .find((line) => /lock/i.test(line))
              ?.trim() ?? said.trim()
          }`,
          {
            hint: 'the one who holds the lock must leave configuration mode',
          },
        );
      }
      await own.type(typedLines(config));
      await own.send('root', { ...patience.load, unchecked: true });
    } catch (error) {
      await leave();
      throw error;
    }
    return {
      unstable: [],
      diff: async () =>
        cutDiff(
          await own.send(
            mode === 'replace' ? 'show configuration changes diff' : 'show commit changes diff',
            patience.load,
          ),
        ),
      commit: async ({ confirmSeconds, fence }) => {
        const name = trialName(change);
        const seconds = Math.max(30, Math.min(65_535, confirmSeconds));
        const before = await own.send('do show running-config', patience.load);
        const expiresAt = new Date(Date.now() + seconds * 1000);
        await rememberTrial(shell.target, { name, expiresAt: expiresAt.toISOString() });
        fence();
        armed = true;
        const words = [
          'commit',
          ...(mode === 'replace' ? ['replace'] : []),
          'confirmed',
          String(seconds),
          'comment',
          name,
        ];
        const said = await own.send(words.join(' '), { ...patience.commit, questions: proceed, unchecked: true });
        if (/% ?Failed to commit|% ?Invalid|% ?No configuration changes/i.test(said) || /commit anyway/.test(said)) {
          armed = false;
          await forgetTrial(shell.target);
          const failed = await own.send('show configuration failed', { ...patience.load, unchecked: true });
          const { line, text } = failedLine(failed.trim() === '' ? said : failed, config);
          throw new PlumbError(line === undefined ? 'commit_failed' : 'rejected', `${shell.name}: ${text}`, {
            ...(line === undefined ? {} : { line }),
          });
        }
        return armedTrial(own, name, expiresAt, before);
      },
      [Symbol.asyncDispose]: async () => {
        if (!armed) await leave();
      },
    };
  };
