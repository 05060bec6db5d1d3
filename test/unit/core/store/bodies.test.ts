import { Objm } from '@nats-io/obj';
import { describe, expect, it } from 'vitest';
import { buckets } from '../../../../core/bus.ts';
import { dropOldBodies, getBody, putBody } from '../../../../core/store/bodies.ts';
import { natsForTest } from '../../../nats.ts';

const hash = (digit: string) => digit.repeat(64);
const day = 24 * 3600_000;

describe('a text that is too large for a message', () => {
  it('goes a day after another one took its place, with no other device touched', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    const text = Buffer.from('hostname leaf1\n');
    const old = await putBody(store, 'leaf1', hash('a'), text);
    const kept = await putBody(store, 'leaf1', hash('b'), text);
    const other = await putBody(store, 'leaf1-b', hash('a'), text);
    await dropOldBodies(store, 'leaf1', kept, Date.now() + day - 60_000);
    expect(Buffer.from(await getBody(store, old)).toString()).toBe('hostname leaf1\n');
    await dropOldBodies(store, 'leaf1', kept, Date.now() + day + 60_000);
    await expect(getBody(store, old)).rejects.toMatchObject({ code: 'refused' });
    const left = await (await new Objm(store.nc).open(buckets.bodies(store.site))).list();
    expect(left.filter(({ deleted }) => !deleted).map(({ name }) => name)).toEqual([kept, other]);
  });
});
