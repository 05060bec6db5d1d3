import type { InventoryEntry } from '../../core/bus.ts';
import type { Api, App } from '../app.ts';
import { read, viewed } from '../http/responses.ts';
import { DeviceList, DevicePath, DevicesQuery, DeviceView, FieldsQuery, partOf } from '../http/schemas.ts';
import { answerView, pageOf } from '../views/answer.ts';
import { fieldsOf, pickedOf } from '../views/fields.ts';
import { getDevice, seenBy } from './device-view.ts';

/** Devices as they are: all of them from memory, one as NATS has it. */
export const deviceRoutes = (app: App, api: Api): void => {
  app.get(
    '/api/v1/devices',
    {
      config: { needs: ['view', 'seen'] },
      schema: {
        operationId: 'listDevices',
        summary: 'Devices by name: in sync or not, and why',
        tags: ['devices'],
        querystring: DevicesQuery,
        response: viewed(DeviceList),
      },
    },
    async (request, reply) => {
      const { select, fields, cursor = '', limit = Number.POSITIVE_INFINITY } = request.query;
      const { devices, fresh } = api.views;
      const ageMs = await fresh('devices');
      const picked = fields === undefined ? undefined : fieldsOf(DeviceView, fields);
      const rest = seenBy(api, request.caller, select).filter(({ device }) => device > cursor);
      const page = rest.slice(0, limit);
      const text = (entry: InventoryEntry): string =>
        picked && fields ? devices.part(entry, fields, picked) : devices.text(entry);
      const next = rest.length > page.length ? (page.at(-1)?.device ?? null) : null;
      return answerView(request, reply, [devices.version], ageMs, () => pageOf(page, text, next));
    },
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
        querystring: FieldsQuery,
        response: read(partOf<DeviceView>('Device')),
      },
    },
    async ({ params, query }) => pickedOf(DeviceView, query.fields)(await getDevice(api, params.name)),
  );
};
