import { createHash } from 'node:crypto';
import type { Mode } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { ChangeName } from '../../driver.ts';
import * as limits from './difference/limits.ts';
import { nothingToDo, type Plan, planTried, planUntried, type Wanted } from './difference/plan.ts';
import { type Node, readTree } from './difference/tree.ts';
import type { FrrRouter } from './router.ts';
import { FrrScratch, NoScratch, readState } from './scratch/scratch.ts';
import { inside } from './scratch/script.ts';
import type { FrrTalk } from './scratch/talk.ts';
import * as scripts from './scripts.ts';
import { pendingTrial } from './trial.ts';

const loadTimeoutMs = 300_000;

/** A text that lies on the router beside the running configuration, and what its deployment would do. */
export type Draft = {
  /** Its folder's name below /run/plumbline. */
  folder: string;
  text: string;
  change: ChangeName;
  plan: Plan;
  /** Those that were up when it was compared. */
  daemons: string;
};

/** What the router said to a text, and how it is. */
type Seen = { check: string; checked: number; interfaces: ReadonlySet<string>; daemons: string; running: string };

const look = async (router: FrrRouter, talk: FrrTalk): Promise<Seen> => {
  const [check, names, state] = [await talk.part(), await talk.part(), await talk.part()];
  if (!check || !names || !state) {
    const doing = 'load the candidate';
    router.check(doing, await talk.end());
    throw new PlumbError('commit_failed', `${router.name}: cannot ${doing}: the router's answer is incomplete`);
  }
  const { daemons, running } = readState(state.text);
  const said = state.text.trim().split('\n').slice(-3).join(' ');
  if (/locked by other/i.test(state.text)) {
    throw new PlumbError('locked', `${router.name}: VTY configuration is locked by other VTY`, {
      hint: 'someone is in configuration mode on the router; `who` in vtysh names them',
    });
  }
  if (state.code !== 0) {
    throw new PlumbError('commit_failed', `${router.name}: cannot read the running configuration: ${redact(said)}`, {
      hint: 'are all daemons up (`show daemons` in vtysh)?',
    });
  }
  const interfaces = new Set(names.text.split('\n').filter(Boolean));
  return { check: check.text, checked: check.code, interfaces, daemons, running };
};

/** Refuses what the syntax check refuses. @throws PlumbError `rejected` */
const judge = (name: string, text: string, check: string, checked: number): void => {
  // `vtysh -C` ends with what came of the last lines: with 0 for a file that is wrong higher up
  const bad = limits.fileComplaint(check);
  if (checked === 0 && !bad) return;
  const line = bad ? text.split('\n')[bad.line - 1]?.trim() : undefined;
  const what = bad ? `line ${bad.line}: ${bad.said}` : check.trim().split('\n').at(-1);
  throw new PlumbError('rejected', redact(`${name}: FRR refuses ${what}${line ? ` ("${line}")` : ''}`), {
    line: bad?.line,
  });
};

// What a release prints of a text is still true when it is read back, by another session; few texts are under way at once.
const mostPrinted = 64;
const printed = new Map<string, { daemons: string; want: Node }>();

const remember = (key: string, daemons: string, want: Node): void => {
  printed.delete(key);
  printed.set(key, { daemons, want });
  for (const oldest of printed.keys()) if (printed.size > mostPrinted) printed.delete(oldest);
};

const planFor = async (router: FrrRouter, wanted: Wanted, daemons: string, talk: FrrTalk): Promise<Plan> => {
  if (!router.scratch) return planUntried(wanted, 'options.scratch is false');
  try {
    return await planTried(wanted, await FrrScratch.start(router.name, talk, daemons));
  } catch (error) {
    if (error instanceof NoScratch) return planUntried(wanted, error.message);
    throw error;
  }
};

type Task = { text: string; mode: Mode; change: ChangeName; folder: string; key: string };

/** @param known what this release prints of the text: if that runs, it need not be tried out again */
const draftOf = async (
  router: FrrRouter,
  task: Task,
  known: { daemons: string; want: Node } | undefined,
): Promise<Draft> => {
  const { name } = router;
  const { text, mode, change, folder, key } = task;
  const tries = router.scratch && !known;
  const talk = await router.talk(scripts.load, (cut) => [folder, cut, tries ? inside : ''], loadTimeoutMs);
  try {
    talk.send(text);
    const { check, checked, interfaces, daemons, running } = await look(router, talk);
    judge(name, text, check, checked);
    limits.needDaemons(name, daemons, text);
    limits.refuseSalted(name, text);
    if (mode === 'replace') limits.refuseUnremovable(name, running, text);
    const wanted = { name, text, mode, running, now: readTree(running), interfaces };
    const settled = nothingToDo(wanted, known?.daemons === daemons ? known.want : undefined);
    if (!settled && known) return await draftOf(router, task, undefined);
    const plan = settled ?? (await planFor(router, wanted, daemons, talk));
    if (mode === 'replace') remember(key, daemons, plan.want);
    return { folder, text, change, plan, daemons };
  } catch (error) {
    await discardDraft(router, folder);
    throw error;
  } finally {
    await talk.end().catch(() => {}); // its scratch goes with it
  }
};

/** Puts a text on the router and finds out what it would do. @throws PlumbError `rejected`, `locked`, `commit_failed` */
export const loadDraft = async (router: FrrRouter, config: string, mode: Mode, change: ChangeName): Promise<Draft> => {
  const { name } = router;
  const trial = await pendingTrial(router);
  if (trial) {
    throw new PlumbError('locked', `${name}: trial ${trial.name} of ${trial.owner} is pending on the router`, {
      hint: 'it ends with its timer, or when its owner confirms or undoes it',
    });
  }
  const text = `${config.trimEnd()}\n`;
  const key = createHash('sha256').update(`${name}\n${router.way}\n${text}`).digest('hex');
  const task = { text, mode, change, folder: `c-${change.epoch}-${change.job}`, key };
  return draftOf(router, task, mode === 'replace' ? printed.get(key) : undefined);
};

/** Removes a text from the router; a dead connection leaves it to whoever cleans up next. */
export const discardDraft = async (router: FrrRouter, folder: string): Promise<void> => {
  await router.script('discard the candidate', scripts.discard, [folder]).catch(() => {});
};
