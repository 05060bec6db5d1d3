import type { Api, App } from '../app.ts';
import { answers, named } from '../http/responses.ts';
import { DeviceList, DevicePath, type DeviceView, Nothing, SelectQuery } from '../http/schemas.ts';
import { getDevice, listDevices, seenBy } from './device-view.ts';

/** Devices as they are, read from the bus. */
export const deviceRoutes = (app: App, api: Api): void => {
  app.get(
    '/api/v1/devices',
    {
      config: { needs: ['view', 'seen'] },
      schema: {
        operationId: 'listDevices',
        summary: 'All devices: in sync or not, and why',
        tags: ['devices'],
        querystring: SelectQuery,
        response: answers(DeviceList),
      },
    },
    async ({ query, caller }) => ({ items: await listDevices(api, seenBy(api, caller), query.select) }),
  );
  app.get(
    '/api/v1/devices/:name',
    {
      config: { needs: ['view', 'device'] },
      schema: {
        operationId: 'getDevice',
        summary: 'One device',
        tags: ['devices'],
        params: DevicePath,
        querystring: Nothing,
        response: answers(named<DeviceView>('Device')),
      },
    },
    async ({ params }) => getDevice(api, params.name),
  );
};
