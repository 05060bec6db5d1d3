import { explain } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { readRunFile } from '../inventory/run-file.ts';
import { type Finding, fail, ok, warn } from './checks.ts';
import { portHolder } from './port-holder.ts';

/** Whether it is our API that answers there. */
const isOurs = async (answer: Response): Promise<boolean> => {
  const said: unknown = await answer.json().catch(() => undefined);
  return typeof said === 'object' && said !== null && ('status' in said || 'code' in said);
};

/** Whether the API answers, and who has its port where somebody else does. */
export const checkApi = async (context: Context): Promise<Finding> => {
  const { host, port } = context.config.api;
  const running = (await readRunFile(context.config.state))?.api;
  const api = running ?? `http://${host}:${port}`;
  const taken = async (what: string): Promise<Finding> => {
    const holder = await portHolder(Number(new URL(api).port || 80));
    if (holder === '') return warn('api', api, what, '`plumb api`');
    const fix = 'stop what listens there, or name another port: `plumb api --api-port`, `api.port` in plumbline.yml';
    return fail('api', api, `the port is in use ${holder}, which is not the API: ${what}`, fix);
  };
  try {
    const answer = await fetch(`${api}/health`, { signal: AbortSignal.timeout(3_000) });
    if (!(await isOurs(answer))) return await taken(`it answers ${answer.status}`);
    return answer.ok ? ok('api', api, '') : warn('api', api, `it answers ${answer.status}`, 'look at its log');
  } catch (error) {
    return taken(explain(error instanceof Error ? (error.cause ?? error) : error));
  }
};
