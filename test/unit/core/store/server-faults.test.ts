import { describe, expect, it } from 'vitest';
import { serverFault } from '../../../../core/store/server/server-faults.ts';

describe('a nats-server', () => {
  it.each([
    ['2.9.10', 3],
    ['2.9.20', 3],
    ['2.9.20', 5],
    ['2.8.4', 3],
    ['2.10.19', 1],
    ['2.10.19', 3],
    ['2.10.19-RC.1', 1],
  ])('of %s with %i replicas is not fit for leases', (version, replicas) => {
    expect(serverFault(version, replicas)?.what).toContain(`nats-server ${version}`);
  });

  it.each([
    ['2.9.10', 1],
    ['2.9.21', 3],
    ['2.9.25', 5],
    ['2.10.1', 3],
    ['2.10.18', 3],
    ['2.10.20', 3],
    ['2.10.190', 3],
    ['2.15.3', 3],
    ['3.0.0', 3],
  ])('of %s with %i replicas is', (version, replicas) => {
    expect(serverFault(version, replicas)).toBeUndefined();
  });
});
