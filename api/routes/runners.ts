import { Runner } from '../../core/bus.ts';
import { listRecords } from '../../core/store/records.ts';
import type { Api, App } from '../app.ts';
import { mayEverywhere } from '../auth/roles.ts';
import { answers } from '../http/responses.ts';
import { Nothing, RunnerList } from '../http/schemas.ts';
import { seenBy } from './device-view.ts';

/** The runners that gave a sign of life within the last half minute. */
export const runnerRoutes = (app: App, api: Api): void => {
  const { store, bus } = api;
  app.get(
    '/api/v1/runners',
    {
      config: { needs: ['view', 'seen'] },
      schema: {
        operationId: 'listRunners',
        summary: 'Runners that are up, and what they hold',
        tags: ['runners'],
        querystring: Nothing,
        response: answers(RunnerList),
      },
    },
    async ({ caller }) => {
      const runners = await bus.reach(() => listRecords(store.runners, Runner));
      const items = [...runners.values()].sort((a, b) => (a.runner < b.runner ? -1 : 1));
      if (mayEverywhere(caller, 'view')) return { items };
      await api.views.fresh('devices');
      const seen = new Set(seenBy(api, caller).map(({ device }) => device));
      return { items: items.map((each) => ({ ...each, devices: each.devices.filter((device) => seen.has(device)) })) };
    },
  );
};
