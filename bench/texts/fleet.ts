import type { DeviceState, InventoryEntry, Job, Lease } from '../../core/bus.ts';
import { buckets, subjects } from '../../core/bus.ts';
import { newJob, newJobId } from '../../core/store/jobs.ts';
import type { Store } from '../../core/store/store.ts';

/** Messages that are on their way at a time. */
const together = 2_000;
const hash = 'a'.repeat(64);
const epoch = 1_760_000_000;

const nameOf = (at: number): string => `leaf${String(at).padStart(5, '0')}`;

const entryOf = (at: number): InventoryEntry => ({
  device: nameOf(at),
  host: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`,
  platform: 'eos',
  groups: ['leafs', `rack${at % 200}`],
  labels: { role: ['leaf'], asn: [String(65_000 + (at % 500))], 'rack.row': [String(at % 40)] },
  policy: { approval: 'auto', confirmSeconds: 180, checks: { bgp: true, interfaces: true, igp: true } },
  intended: {
    sha256: hash,
    path: `intended/configs/${nameOf(at)}.cfg`,
    commit: '0123456789abcdef0123456789abcdef01234567',
  },
});

const fleetLease: Lease = { runner: 'runner-1', epoch };

/** What the runner of a device wrote last. */
const fleetState = (at: number, now = new Date().toISOString()): DeviceState => {
  const generation = { at: now, sha256: hash, stream: now, seq: at + 1 };
  const job = newJobId();
  return {
    version: 2,
    device: nameOf(at),
    sync: at % 50 ? 'in_sync' : 'out_of_sync',
    reason: at % 50 ? '' : 'rejected: line 17: interface Ethernet99: % Invalid input',
    intent: { generation, commit: '0123456789abcdef', source: `intended/configs/${nameOf(at)}.cfg` },
    attempt: { generation, job, at: now, outcome: 'applied', count: 1 },
    applied: { generation, job, at: now, commit: '0123456789abcdef', runningSha256: hash },
    changed: { at: now, runningSha256: hash },
    trial: null,
    blocked: [],
    hand: null,
    hold: null,
    said: null,
    bgp: { established: 8, expected: 8, at: now },
    session: { state: 'connected', error: '', at: now },
    lastJob: job,
    runner: fleetLease.runner,
    epoch,
    updatedAt: now,
  };
};

const jobOf = (at: number, device: string, ms: number): Job => {
  const now = new Date(ms).toISOString();
  return {
    ...newJob(device, at % 3 ? 'deploy' : 'bgp', newJobId(ms)),
    createdAt: now,
    updatedAt: now,
    finishedAt: now,
    state: 'finished',
    outcome: { kind: 'applied' },
    runner: fleetLease.runner,
    epoch,
    author: 'Jane Doe <jane@example.net>',
    commit: '0123456789abcdef0123456789abcdef01234567',
    generation: { at: now, sha256: hash, stream: now, seq: at + 1 },
    diff: '+ description uplink\n'.repeat(40),
    checks: [{ name: 'bgp', on: device, ok: true, detail: '8 of 8 sessions are up' }],
    steps: ['queued', 'loading', 'committing', 'checking', 'finished'].map((step) => ({
      step: step as Job['state'],
      startedAt: now,
      endedAt: now,
    })),
  };
};

const publishAll = async ({ nc }: Store, count: number, one: (at: number) => [subject: string, value: unknown]) => {
  for (let at = 0; at < count; at += 1) {
    const [subject, value] = one(at);
    nc.publish(subject, JSON.stringify(value));
    if (at % together === together - 1) await nc.flush();
  }
  await nc.flush();
};

/** Fills a site with devices that a runner holds, and with jobs of the last days. */
export const fillSite = async (store: Store, devices: number, jobs: number): Promise<void> => {
  const { site } = store;
  const keyOf = (bucket: 'state' | 'inventory', at: number) => `$KV.${buckets[bucket](site)}.${nameOf(at)}`;
  await publishAll(store, devices, (at) => [keyOf('inventory', at), entryOf(at)]);
  await publishAll(store, devices, (at) => [keyOf('state', at), fleetState(at)]);
  const from = Date.now() - jobs * 1_000;
  await publishAll(store, jobs, (at) => {
    const job = jobOf(at, nameOf(at % devices), from + at * 1_000);
    return [subjects.job(site, job.device, job.id), job];
  });
};

/** Renews the leases of these devices as their runner does. */
export const renewLeases = (store: Store, devices: number): Promise<void> =>
  publishAll(store, devices, (at) => [`$KV.${buckets.lease(store.site)}.${nameOf(at)}`, fleetLease]);
