import { randomBytes } from 'node:crypto';
import type { Mode } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact.ts';
import type { ChangeName } from '../driver.ts';
import { type FrrDiff, readDiff } from './frr-diff.ts';
import * as limits from './frr-limits.ts';
import type { FrrRouter } from './frr-router.ts';
import * as scripts from './frr-scripts.ts';
import { pendingTrial } from './frr-trial.ts';

const loadTimeoutMs = 300_000;

/** A text that lies on the router beside the running configuration, and how they differ. */
export type Draft = {
  /** Its folder's name below /run/plumbline. */
  folder: string;
  text: string;
  mode: Mode;
  change: ChangeName;
  running: string;
  diff: FrrDiff;
};

/** What the load script printed: what the router said to the text, what runs, and the comparison; each with its exit. */
type Printed = {
  check: string;
  checked: number;
  /** Names, parted by blanks, of the daemons that are up. */
  daemons: string;
  running: string;
  read: number;
  test: string;
  tested: number;
};

const split = (output: string, cut: string): Printed => {
  const parts = output.split(new RegExp(`^${cut} (\\d+)\n`, 'm'));
  const [check = '', checked, , read, state = '', , test = '', tested] = parts;
  const code = (text: string | undefined) => Number(text ?? 1);
  const end = state.indexOf('\n') + 1;
  const [daemons, running] = [state.slice(0, end), state.slice(end)];
  return { check, checked: code(checked), daemons, running, read: code(read), test, tested: code(tested) };
};

// Nothing to FRR, but frr-reload.py enters the VRF and puts the global lines that follow into it. Lines keep their numbers.
const emptyVrf = /^vrf \S+\n(?:[ \t]*(?:!.*)?\n)*[ \t]*exit-vrf$/gm;

const forRouter = (config: string): string =>
  `${config.replaceAll('\r\n', '\n').trimEnd()}\n`.replace(emptyVrf, (block) => block.replace(/^.*$/gm, '!'));

/** Judges what the router said to a text. @throws PlumbError `rejected`, `locked` */
const judge = (name: string, text: string, mode: Mode, printed: Printed): FrrDiff => {
  const { check, checked, daemons, running, read, test, tested } = printed;
  // `vtysh -C` ends with what came of the last lines: with 0 for a file that is wrong higher up
  const bad = limits.fileComplaint(check);
  if (checked !== 0 || bad) {
    const line = bad ? text.split('\n')[bad.line - 1]?.trim() : undefined;
    const what = bad ? `line ${bad.line}: ${bad.said}` : check.trim().split('\n').at(-1);
    throw new PlumbError('rejected', redact(`${name}: FRR refuses ${what}${line ? ` ("${line}")` : ''}`), {
      ...(bad ? { line: bad.line } : {}),
    });
  }
  if (/locked by other/i.test(daemons + running)) {
    throw new PlumbError('locked', `${name}: VTY configuration is locked by other VTY`, {
      hint: 'someone is in configuration mode on the router; `who` in vtysh names them',
    });
  }
  if (read !== 0 || tested !== 0) {
    const said = redact(`${test.trim()}\n${read === 0 ? '' : running}`.trim().split('\n').slice(-3).join(' '));
    throw new PlumbError('commit_failed', `${name}: cannot compare the text with what runs: ${said}`, {
      hint: 'are all daemons up (`show daemons` in vtysh), and is frr-pythontools installed?',
    });
  }
  limits.needDaemons(name, daemons, text);
  const diff = readDiff(test, running, mode === 'merge');
  if (mode === 'merge') return diff;
  limits.refuseUnremovable(name, running, text);
  return { ...diff, deletions: [...diff.deletions, ...limits.silentDeletions(running, text, diff.deletions)] };
};

/** Puts a text on the router and compares it with what runs. @throws PlumbError `rejected`, `locked`, `commit_failed` */
export const loadDraft = async (router: FrrRouter, config: string, mode: Mode, change: ChangeName): Promise<Draft> => {
  const { name } = router;
  const trial = await pendingTrial(router);
  if (trial) {
    throw new PlumbError('locked', `${name}: trial ${trial.name} waits on the router, made by ${trial.owner}`, {
      hint: 'it ends by its timer, or when whoever made it confirms or undoes it',
    });
  }
  const text = forRouter(config);
  const folder = `c-${change.epoch}-${change.job}`;
  const cut = randomBytes(12).toString('hex');
  const options = { stdin: text, timeoutMs: loadTimeoutMs };
  const printed = split(await router.script('load the candidate', scripts.load, [folder, cut], options), cut);
  try {
    return { folder, text, mode, change, running: printed.running, diff: judge(name, text, mode, printed) };
  } catch (error) {
    await discardDraft(router, folder);
    throw error;
  }
};

/** Removes a text from the router; a dead connection leaves it to whoever cleans up next. */
export const discardDraft = async (router: FrrRouter, folder: string): Promise<void> => {
  await router.script('discard the candidate', scripts.discard, [folder]).catch(() => {});
};
