import { Delivery } from '../../core/config/webhooks.ts';
import { Type } from '../../core/schema.ts';
import type { Store } from '../../core/store/store.ts';
import { listOut } from './outbox.ts';

const counts = { waiting: Type.Integer(), sent: Type.Integer({ description: 'within a day' }), dead: Type.Integer() };
/** A receiver, and how many events are on their way to it. */
export const HookView = Type.Object({
  name: Type.String(),
  host: Type.Union([Type.String(), Type.Null()], {
    description: 'of its address, the rest of which may be a secret; null: this instance does not know it',
  }),
  format: Type.Union([Type.String(), Type.Null()]),
  events: Type.Array(Type.String()),
  ...counts,
});
/** An event on its way to a receiver. */
export const DeliveryView = Type.Object({
  id: Type.String(),
  ...Delivery.properties,
});
/** What is on its way, was sent, or is dead; the oldest first. */
export const deliveries = async (store: Store) => {
  const all = [...(await listOut(store))].map(([id, { value }]) => ({ id, ...value }));
  return all.sort((a, b) => (a.event.time < b.event.time ? -1 : 1));
};

/** What is told of a receiver. */
export type KnownHook = { name: string; host: string | null; format: string; events: readonly string[] };

/** Each receiver that is known or was sent to, with how many are on their way. */
export const hookViews = async (store: Store, hooks: readonly KnownHook[]) => {
  const all = await deliveries(store);
  const names = [...new Set([...hooks.map(({ name }) => name), ...all.map(({ hook }) => hook)])].sort();
  return names.map((name) => {
    const hook = hooks.find((each) => each.name === name);
    const count = (state: string) => all.filter((each) => each.hook === name && each.state === state).length;
    return {
      name,
      host: hook?.host ?? null,
      format: hook?.format ?? null,
      events: [...(hook?.events ?? [])],
      waiting: count('waiting'),
      sent: count('sent'),
      dead: count('dead'),
    };
  });
};
