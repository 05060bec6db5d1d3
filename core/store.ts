import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { buckets, limits, streams, subjects } from './bus.ts';
import { explain, PlumbError } from './errors.ts';

const day = 24 * 60 * 60 * 1e9; // nanoseconds

/** The streams and buckets of one site. Everything in them can be deleted: `ensure()` makes what is missing. */
export type Store = {
  nc: NatsConnection;
  site: string;
  js: JetStreamClient;
  jsm: JetStreamManager;
  state: KV;
  inventory: KV;
  lease: KV;
  runners: KV;
  api: KV;
  ensure(): Promise<void>;
};

const isMissing = (error: unknown) => error instanceof Error && /not found/i.test(error.message);

const ensureStream = async (jsm: JetStreamManager, config: Parameters<JetStreamManager['streams']['add']>[0]) => {
  try {
    await jsm.streams.info(config.name);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await jsm.streams.add(config);
  }
};

/** @throws PlumbError `nats_unavailable` where the server has no JetStream or refuses us */
export const openStore = async (nc: NatsConnection, site: string): Promise<Store> => {
  try {
    const jsm = await jetstreamManager(nc);
    const kvm = new Kvm(nc);
    const bucket = (name: string, ttl?: number) => kvm.create(name, { history: 1, ...(ttl ? { ttl } : {}) });
    const ensure = async () => {
      await ensureStream(jsm, {
        name: streams.intent(site),
        subjects: [subjects.intents(site)],
        max_msgs_per_subject: 1,
        allow_direct: true,
      });
      await ensureStream(jsm, {
        name: streams.jobs(site),
        subjects: [subjects.jobs(site)],
        max_msgs_per_subject: 1,
        max_age: limits.jobDays * day,
        allow_direct: true,
      });
      await bucket(buckets.state(site));
      await bucket(buckets.inventory(site));
      await bucket(buckets.lease(site), limits.leaseMs);
      await bucket(buckets.runners(site), limits.runnerMs);
      await bucket(buckets.api(site));
    };
    await ensure();
    return {
      nc,
      site,
      js: jetstream(nc),
      jsm,
      state: await kvm.open(buckets.state(site)),
      inventory: await kvm.open(buckets.inventory(site)),
      lease: await kvm.open(buckets.lease(site)),
      runners: await kvm.open(buckets.runners(site)),
      api: await kvm.open(buckets.api(site)),
      ensure,
    };
  } catch (cause) {
    throw new PlumbError('nats_unavailable', `cannot use JetStream on ${nc.getServer()}: ${explain(cause)}`, {
      cause,
      hint: 'start nats-server with -js, and give this user the permissions in docs/subjects.md',
    });
  }
};
