import type { Mode } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import type { CliDriver } from '../../dialogue/cli-driver.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Candidate, ChangeName } from '../../driver.ts';
import { type CliShell, openShell } from '../../session/shell.ts';
import { refuseGarbled } from '../../session/text/typed-back.ts';
import { trialName } from '../../trial-name.ts';
import { cutDiff, typedLines } from './config.ts';
import { failedLines } from './failed.ts';
import { armedTrial, leaveTrial, waiting } from './trial.ts';

const proceed = [
  // others committed since: what was diffed is not what would be committed
  { ask: /commit this anyway\? \[no\]:?\s*$|proceed with this commit anyway\? \[no\]:?\s*$/i, answer: 'no' },
  { ask: /Do you wish to proceed\? \[no\]:?\s*$/i, answer: 'yes' },
  { ask: /Confirm\? \[y\/n\]\[confirm\]\s*$/i, answer: 'y' },
] as const;

/** Who holds the lock: the row with the mark in what `configure exclusive` prints. */
const holder = (said: string): string => {
  const [, line, user] = /^[^\s-]+-[^\s-]+-\S+[ \t]+(\S+)[ \t]+(\S+)[ \t].*\*[ \t]*$/m.exec(said) ?? [];
  if (user !== undefined) return `the configuration is locked by ${user} on ${line}`;
  const lines = said.split('\n').map((each) => each.trim());
  return lines.find((each) => /exclusive mode|locked|underway/i.test(each)) ?? said.trim();
};

/** @throws PlumbError `locked`, `rejected` with the file's line number */
export const load =
  (cli: CliDriver) =>
  async (shell: CliShell, config: string, mode: Mode, change: ChangeName, only?: 'compare'): Promise<Candidate> => {
    const lines = typedLines(config);
    shell.check(lines);
    const pending = await waiting(shell);
    if (pending) {
      throw new PlumbError('locked', `${shell.name}: a trial of ${pending} is pending on the router`, {
        hint: 'only the session that armed it can confirm it; its timer undoes it',
      });
    }
    // a session of its own: only the session that arms a trial can confirm it, so it must outlive this one
    const opening = () => openShell(shell.target, cli, false, AbortSignal.timeout(patience.show.totalMs));
    const own = only === 'compare' ? shell : await opening();
    let armed = false;
    const leave = async (): Promise<void> => {
      if (own.configuring) await own.send('abort', { ...patience.load, unchecked: true }).catch(() => {});
      if (own !== shell) await own[Symbol.asyncDispose]();
    };
    /** The commit's answer did not come or was none: where it took effect, it is taken back. */
    const giveUp = async (): Promise<void> => {
      await leaveTrial(own).catch(() => {});
      await own[Symbol.asyncDispose]();
    };
    try {
      const said = await own.send('configure exclusive', { ...patience.load, unchecked: true });
      if (!own.configuring) {
        throw new PlumbError('locked', `${shell.name}: ${holder(said)}`, {
          hint: 'the owner of the lock must leave configuration mode',
        });
      }
      await own.type(lines);
      await own.send('root', { ...patience.load, unchecked: true });
      await refuseGarbled(own, lines, 'show configuration merge');
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
        fence();
        armed = true;
        const words = `commit ${mode === 'replace' ? 'replace ' : ''}confirmed ${seconds}`;
        const options = { ...patience.commit, questions: proceed, unchecked: true };
        let said: string;
        try {
          said = await own.send(`${words} comment ${name}`, options);
          // a parser that takes no comment with a trial has done nothing yet
          if (/% ?Invalid input/i.test(said)) said = await own.send(words, options);
        } catch (error) {
          await giveUp();
          throw error;
        }
        if (
          /% ?Failed to commit|% ?Cannot commit|% ?Invalid|% ?No configuration changes/i.test(said) ||
          /commit anyway/.test(said)
        ) {
          armed = false;
          const failed = await own.send('show configuration failed', { ...patience.load, unchecked: true });
          const { line, text } = failedLines(failed.trim() === '' ? said : failed, config);
          throw new PlumbError(/\blines? \d/.test(text) ? 'rejected' : 'commit_failed', `${shell.name}: ${text}`, {
            line,
          });
        }
        return armedTrial(own, name, expiresAt, before);
      },
      [Symbol.asyncDispose]: async () => {
        if (!armed) await leave();
      },
    };
  };
