import { describe, expect, it } from 'vitest';
import { DeviceState } from '../../../../core/bus.ts';
import { newJob } from '../../../../core/store/jobs.ts';
import { parseRecord } from '../../../../core/store/records.ts';
import { blockOf } from '../../../../core/wanted/held.ts';
import { stateOf } from '../../api/harness.ts';

const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
const job = newJob('leaf1', 'deploy').id;
const since = '2026-01-01T00:00:00.000Z';
const generation = { at: since, sha256: one };

/** A record as the release before wrote it. */
const recordOf = (more: object): DeviceState | undefined => {
  const { version: _, blocked: __, hand: ___, said: ____, ...rest } = stateOf('leaf1');
  return parseRecord(DeviceState, Buffer.from(JSON.stringify({ ...rest, hold: null, released: null, ...more })));
};

describe("a device's record of an earlier release", () => {
  it('keeps a rollback held', () => {
    const state = recordOf({ hold: { reason: 'rollback', since, job, sha256: one } });
    expect(state).toMatchObject({ version: 2, blocked: [{ sha256: one, why: 'rolled_back', job, since }], hand: null });
  });

  it('keeps what was published by hand', () => {
    const state = recordOf({ hold: { reason: 'publish', since, job, sha256: one } });
    expect(state).toMatchObject({ blocked: [], hand: { sha256: one, job, since } });
  });

  it('keeps a text given up that was given up, beside one that was cancelled', () => {
    const state = recordOf({
      released: two,
      attempt: { generation, job, at: since, outcome: 'cancelled', count: 1 },
    });
    expect(state && blockOf(state, one)).toMatchObject({ why: 'cancelled', job });
    expect(state && blockOf(state, two)).toMatchObject({ why: 'given_up' });
    expect(state?.attempt?.outcome).toBe('cancelled');
  });

  it('that cannot be one is none', () => {
    expect(recordOf({ hold: 'yes' })).toBeUndefined();
    expect(parseRecord(DeviceState, Buffer.from('{"hold":null,"released":null}'))).toBeUndefined();
    expect(parseRecord(DeviceState, Buffer.from('null'))).toBeUndefined();
  });
});
