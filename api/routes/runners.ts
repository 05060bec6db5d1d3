import { Runner } from '../../core/bus.ts';
import { listRecords } from '../../core/store/records.ts';
import type { Api, App } from '../app.ts';
import { mayEverywhere } from '../auth/roles.ts';
import { read } from '../http/responses.ts';
import { FieldsQuery, RunnerList, RunnerView } from '../http/schemas.ts';
import { pickedOf } from '../views/fields.ts';
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
        summary: 'Runners that are up, and the devices that they hold',
        tags: ['runners'],
        querystring: FieldsQuery,
        response: read(RunnerList),
      },
    },
    async ({ caller, query }) => {
      const picked = pickedOf<Runner>(RunnerView, query.fields);
      const runners = await bus.reach(() => listRecords(store.runners, Runner));
      const items = [...runners.values()].sort((a, b) => (a.runner < b.runner ? -1 : 1));
      if (mayEverywhere(caller, 'view')) return { items: items.map(picked) };
      await api.views.fresh('devices');
      const seen = new Set(seenBy(api, caller).map(({ device }) => device));
      const shown = items.map((each) => ({ ...each, devices: each.devices.filter((device) => seen.has(device)) }));
      return { items: shown.map(picked) };
    },
  );
};
