import { existsSync } from 'node:fs';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { buckets, InventoryEntry, Job, streams, subjects } from '../../core/bus.ts';
import type { Config } from '../../core/config/config.ts';
import { getRecord, parseRecord } from '../../core/store/records.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import { readRunFile } from '../inventory/run-file.ts';

/** No more are shown. */
const most = { jobs: 20, devices: 1000, records: 100 };

/** @returns the inventory's site; else the site whose inventory is on the server, if there is only one */
const siteOf = async (inventory: string, chosen: Config['site'], jsm: JetStreamManager): Promise<string> => {
  if (chosen) return chosen.name;
  if (existsSync(inventory)) {
    const { loadInventory } = await import('../../core/inventory/inventory.ts');
    return (await loadInventory(inventory)).site;
  }
  const found: string[] = [];
  for await (const name of jsm.streams.names()) {
    const [, site] = /^KV_(.+)-inventory$/.exec(name) ?? [];
    if (site && name === `KV_${buckets.inventory(site)}`) found.push(site);
  }
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} sites`);
  return only;
};

type JobName = { id: string; device: string };

/** What completion asks of the bus: it only reads, and creates no missing stream or bucket. */
export type Bus = {
  devices(): Promise<InventoryEntry[]>;
  jobs(): Promise<JobName[]>;
  deployments(device: string): Promise<JobName[]>;
};

/** Connects once, without trying again. @throws any error: a completion that fails completes nothing */
export const askNats = async <T>(config: Config, signal: AbortSignal, look: (bus: Bus) => Promise<T>): Promise<T> => {
  const named = config.nats ?? (await readRunFile(config.state));
  const used = named ? undefined : await config.fallback();
  const to = named ?? used?.nats;
  signal.throwIfAborted();
  if (!to) throw new Error('no NATS server is known');
  const nc = await connectNats({ ...to, name: 'plumb completion' });
  try {
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    const site = await siteOf(config.inventory, config.site ?? used?.site, jsm);
    const names = async (filter: string): Promise<JobName[]> => {
      const { state } = await jsm.streams.info(streams.jobs(site), { subjects_filter: filter });
      return Object.keys(state.subjects ?? {})
        .map((subject) => ({ device: subject.split('.')[1] ?? '', id: subject.split('.')[3] ?? '' }))
        .sort((a, b) => (a.id < b.id ? 1 : -1));
    };
    return await look({
      devices: async () => {
        const bucket = await new Kvm(nc).open(buckets.inventory(site));
        const { state } = await jsm.streams.info(`KV_${buckets.inventory(site)}`, { subjects_filter: '>' });
        const keys = Object.keys(state.subjects ?? {}).map((subject) => subject.split('.').slice(2).join('.'));
        const records = await Promise.all(
          keys.slice(0, most.devices).map((key) => getRecord(bucket, InventoryEntry, key)),
        );
        return records.flatMap((record) => record?.value ?? []).sort((a, b) => (a.device < b.device ? -1 : 1));
      },
      jobs: async () => (await names(subjects.jobs(site))).slice(0, most.jobs),
      deployments: async (device) => {
        const all = (await names(subjects.job(site, device, '*'))).slice(0, most.records);
        const kinds = await Promise.all(
          all.map(async ({ id }) => {
            const message = await jsm.streams.getMessage(streams.jobs(site), {
              last_by_subj: subjects.job(site, device, id),
            });
            return message ? parseRecord(Job, message.data)?.kind : undefined;
          }),
        );
        return all.filter((_, at) => kinds[at] === 'deploy' || kinds[at] === 'rollback').slice(0, most.jobs);
      },
    });
  } finally {
    void nc.close().catch(() => {});
  }
};
