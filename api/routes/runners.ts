import { Runner } from '../../core/bus.ts';
import { listRecords } from '../../core/store/records.ts';
import type { Api, App } from '../app.ts';
import { answers } from '../http/responses.ts';
import { Nothing, RunnerList } from '../http/schemas.ts';

/** The runners that gave a sign of life within the last half minute. */
export const runnerRoutes = (app: App, { store, bus }: Api): void => {
  app.get(
    '/api/v1/runners',
    {
      schema: {
        operationId: 'listRunners',
        summary: 'Runners that are up, and what they hold',
        tags: ['runners'],
        querystring: Nothing,
        response: answers(RunnerList),
      },
    },
    async () => {
      const runners = await bus.reach(() => listRecords(store.runners, Runner));
      return { items: [...runners.values()].sort((a, b) => (a.runner < b.runner ? -1 : 1)) };
    },
  );
};
