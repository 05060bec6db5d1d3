import { PlumbError } from '../../../core/errors.ts';
import type { Saved } from '../../driver.ts';
import { type FrrRouter, records } from './router.ts';
import * as scripts from './scripts.ts';

const outcomes: readonly Saved['outcome'][] = ['applied', 'undone', 'unknown'];

/** What was saved on the router before its last trials, newest first. */
export const listSaved = async (router: FrrRouter): Promise<Saved[]> => {
  const found = records(await router.script('list the saved configurations', scripts.saved), 'saved');
  return found
    .filter((entry) => entry.has('job'))
    .map((entry) => ({
      job: entry.get('job') ?? '',
      at: new Date(Number(entry.get('at')) * 1000),
      sha256: entry.get('sha256') ?? '',
      outcome: outcomes.find((word) => word === entry.get('outcome')) ?? 'unknown',
    }))
    .reverse();
};

/** The text that was running before a job. @throws PlumbError `unknown_job` */
export const readSaved = async (router: FrrRouter, job: string): Promise<string> => {
  const ran = await router.exec(scripts.savedText, [job]);
  if (ran.code === 4) {
    throw new PlumbError('unknown_job', `${router.name}: nothing is saved from before job ${job}`, {
      hint: 'only the last 10 are kept: `plumb history` lists the jobs',
    });
  }
  return router.check('read the saved configuration', ran);
};
