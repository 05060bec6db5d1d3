import { type CloudEvent, Delivery } from '../../core/config/webhooks.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { casRecord, getRecord, listStored, type Stored } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';

const prefix = 'hooks.out.';
/** Tries after the first one; after the last of them it is a dead letter. */
export const waitsMs = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400].map((seconds) => seconds * 1_000);
/** For so long the same event is not sent anew. */
const sentMs = 24 * 3_600_000;
/** For so long a dead letter can be sent again. */
const deadMs = 30 * sentMs;

/** Of a delivery: who receives it, and which event. */
const deliveryId = ({ hook, event }: Pick<Delivery, 'hook' | 'event'>): string => `${hook}.${event.id}`;

/** Puts an event on its way, unless it is already. */
export const putOut = async ({ api }: Store, hook: string, event: CloudEvent): Promise<void> => {
  const now = new Date().toISOString();
  const delivery: Delivery = { hook, event, state: 'waiting', tries: 0, next: now, last: null };
  await casRecord(api, prefix + deliveryId(delivery), delivery, 0).catch((error: unknown) => {
    if (!isOutcome(error, 'conflict')) throw error;
  });
};

/** All that are on their way, dead, or were sent within a day; by id. */
export const listOut = async ({ api }: Store): Promise<Map<string, Stored<Delivery>>> =>
  new Map([...(await listStored(api, Delivery, `${prefix}>`))].map(([key, each]) => [key.slice(prefix.length), each]));

/** Writes down what came of a try. @throws PlumbError `conflict` where somebody else did so */
export const putTried = ({ api }: Store, delivery: Delivery, revision: number): Promise<number> =>
  casRecord(api, prefix + deliveryId(delivery), delivery, revision);

/** Whether it is of no use any more. */
export const isOver = ({ state, last }: Delivery): boolean => {
  const age = last ? Date.now() - Date.parse(last.at) : 0;
  return (state === 'sent' && age > sentMs) || (state === 'dead' && age > deadMs);
};

export const dropOut = ({ api }: Store, id: string): Promise<void> => api.delete(prefix + id);

/** Sends a dead letter, or one that waits, again at once. @throws PlumbError `invalid_request`, `conflict` */
export const resend = async (store: Store, id: string): Promise<Delivery> => {
  const found = /^[\w-]{1,40}\.[\w-]{1,120}$/.test(id) ? await getRecord(store.api, Delivery, prefix + id) : undefined;
  if (!found) {
    throw new PlumbError(
      'invalid_request',
      `there is no event "${id.slice(0, 200)}" on its way, dead or sent of late`,
      {
        hint: '`plumb webhook dead` lists those that could not be sent',
      },
    );
  }
  const delivery: Delivery = { ...found.value, state: 'waiting', tries: 0, next: new Date().toISOString() };
  await putTried(store, delivery, found.revision);
  return delivery;
};
