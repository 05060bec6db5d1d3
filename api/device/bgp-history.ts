import { type TSchema, Type } from 'typebox';
import { BgpDay, DeviceName, limits, sessionStates } from '../../core/bus.ts';
import { readBgpDays } from '../../core/store/bgp/days.ts';
import type { Api, App } from '../app.ts';
import { read } from '../http/responses.ts';
import { DevicePath } from '../http/schemas.ts';
import { devicePath } from '../routes/changes.ts';
import { getEntry } from '../routes/device-view.ts';
import { mergeDays } from './bgp-merged.ts';
import { whyUnknown } from './why-unknown.ts';

const hourMs = 3_600_000;
const closed = { additionalProperties: false } as const;
const Time = (description: string): TSchema => Type.String({ description: `${description}, RFC 3339, UTC` });
const Session = BgpDay.properties.sessions.items.properties;

const Query = Type.Object(
  {
    hours: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limits.bgpDays * 24, description: 'how far back; default: 24' }),
    ),
  },
  closed,
);

const BgpHistory = Type.Object({
  device: DeviceName,
  known: Type.Boolean({
    description: 'false if the device cannot be asked now: its sessions are unknown from the last `seen` on',
  }),
  reason: Type.String({ description: 'why it is unknown; empty if known' }),
  seen: Type.Array(
    Type.Object({ from: Time('from'), to: Type.Union([Time('to'), Type.Null()], { description: 'null: until now' }) }),
    { description: 'when the device was read; between these times nothing is known of its sessions' },
  ),
  counted: Type.Array(Time('when'), { description: 'when the prefixes were counted' }),
  sessions: Type.Array(
    Type.Object({
      vrf: Session.vrf,
      peer: Session.peer,
      remoteAs: Session.remoteAs,
      states: Type.Array(
        Type.Object({
          at: Time('from then on'),
          is: Type.Enum([...sessionStates, 'unknown'], {
            description:
              '`off`: shut by the configuration; `gone`: no longer on the device; `unknown`: it changed more often than could be kept',
          }),
          said: Type.Optional(Type.String({ description: "the session's own state or last error" })),
          again: Type.Optional(
            Type.Literal(true, { description: 'it is a new session: the one before was lost between two reads' }),
          ),
        }),
        { description: 'the first one is that of `from`, and may have begun before; the oldest first' },
      ),
      prefixes: Session.prefixes,
      flaps: Type.Integer({ description: 'how often it was lost since `from`' }),
      dropped: Type.Integer({ description: 'states that there was no room for' }),
    }),
  ),
});

/** How the BGP sessions of a device were. */
export const bgpHistoryRoutes = (app: App, api: Api): void => {
  app.get(
    devicePath('bgp/history'),
    {
      config: { needs: ['view', 'device'] },
      schema: {
        operationId: 'bgpHistory',
        summary: 'How each BGP session was over the last hours: states, flaps, received prefixes',
        tags: ['devices'],
        params: DevicePath,
        querystring: Query,
        response: read(BgpHistory),
      },
    },
    async (request): Promise<never> => {
      const { name: device } = request.params;
      const { hours = 24 } = request.query;
      await getEntry(api, device);
      const fromMs = Date.now() - hours * hourMs;
      const days = await api.bus.reach(() => readBgpDays(api.store, device, fromMs));
      await api.views.fresh('devices');
      const { lease, state } = api.views.devices;
      const reason = whyUnknown(api, device);
      const last = days.at(-1);
      const isLooked = !['unknown', 'deploying'].includes(state.get(device)?.sync ?? 'unknown');
      const isOpen = reason === '' && isLooked && last?.open === true && last.epoch === lease.get(device)?.epoch;
      const merged = mergeDays(days, new Date(fromMs).toISOString(), isOpen);
      return { device, known: reason === '', reason, ...merged } as never; // as the schema says
    },
  );
};
