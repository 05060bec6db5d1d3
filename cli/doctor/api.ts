import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { explain } from '../../core/errors.ts';
import { busMark } from '../../core/store/server/bus-mark.ts';
import type { Store } from '../../core/store/store.ts';
import type { Context } from '../context.ts';
import { readRunFile } from '../inventory/run-file.ts';
import { type Finding, fail, ok, warn } from './checks.ts';
import { portHolder } from './port-holder.ts';

type Answer = { status: number; text: string };

/** The answer is identified by its bus, so its certificate may be for a different name from the one used here. */
const ask = async (url: string): Promise<Answer> => {
  const signal = AbortSignal.timeout(3_000);
  if (url.startsWith('http:')) {
    const answer = await fetch(url, { signal });
    return { status: answer.status, text: await answer.text() };
  }
  const [answer] = (await once(get(url, { signal, rejectUnauthorized: false }), 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode ?? 0, text };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What a Plumbline API says about itself; undefined if something else answers. */
const said = ({ text }: Answer): { bus?: unknown } | undefined => {
  const body = parsed(text);
  if (typeof body !== 'object' || body === null) return undefined;
  return 'bus' in body ? { bus: body.bus } : 'code' in body ? {} : undefined;
};

const otherPort = 'name another port: `plumb api --api-port`, `api.port` in plumbline.yml';

/** Whether the API of this site answers, and who else has its port, if anyone. */
export const checkApi = async (context: Context, store: Store): Promise<Finding> => {
  const { host, port, tls } = context.config.api;
  const running = (await readRunFile(context.config.state))?.api;
  const api = running ?? `${tls ? 'https' : 'http'}://${host}:${port}`;
  const taken = async (what: string): Promise<Finding> => {
    const holder = await portHolder(Number(new URL(api).port || 80));
    if (holder === '') return warn('api', api, what, '`plumb api`');
    return fail(
      'api',
      api,
      `the port is in use ${holder}, which is not the API: ${what}`,
      `stop what listens there, or ${otherPort}`,
    );
  };
  try {
    const answer = await ask(`${api}/health`);
    const body = said(answer);
    if (!body) return await taken(`it answers ${answer.status}`);
    if (answer.status !== 200) return warn('api', api, `it answers ${answer.status}`, 'see its log');
    if (body.bus === (await busMark(store))) return ok('api', api, `of site ${store.site}`);
    const holder = await portHolder(Number(new URL(api).port || 80));
    const what = `another Plumbline's API answers there${holder && `, run ${holder}`}`;
    return warn('api', api, `${what}: not that of ${store.site} on this NATS server`, otherPort);
  } catch (error) {
    return taken(explain(error instanceof Error ? (error.cause ?? error) : error));
  }
};
