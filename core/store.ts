import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { buckets } from './bus.ts';
import { explain, PlumbError } from './errors.ts';
import { ensureStream, streamConfigs } from './streams.ts';

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
  /** @throws PlumbError `nats_unavailable` where a stream is missing, or is not ours, and our user may not mend that */
  ensure(): Promise<void>;
};

/** @throws PlumbError `nats_unavailable` where the server has no JetStream or refuses us */
export const openStore = async (nc: NatsConnection, site: string): Promise<Store> => {
  try {
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    const js = jetstream(nc, { checkAPI: false });
    const kvm = new Kvm(js);
    const ensure = async () => {
      await Promise.all(streamConfigs(site).map((wanted) => ensureStream(jsm, wanted)));
    };
    await ensure();
    return {
      nc,
      site,
      js,
      jsm,
      state: await kvm.open(buckets.state(site)),
      inventory: await kvm.open(buckets.inventory(site)),
      lease: await kvm.open(buckets.lease(site)),
      runners: await kvm.open(buckets.runners(site)),
      api: await kvm.open(buckets.api(site)),
      ensure,
    };
  } catch (cause) {
    if (cause instanceof PlumbError) throw cause;
    throw new PlumbError('nats_unavailable', `cannot use JetStream on ${nc.getServer()}: ${explain(cause)}`, {
      cause,
      hint: 'start nats-server with -js, and give this user the permissions in docs/subjects.md',
    });
  }
};
