import { setTimeout as wait } from 'node:timers/promises';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { buckets, streams } from '../bus.ts';
import { explain, PlumbError } from '../errors.ts';
import { viewerDomain, viewerStreams } from './server/permissions.ts';
import { serverFault } from './server/server-faults.ts';
import { ensureStream, streamConfigs, waitsForStream } from './streams.ts';

const madeEveryMs = 1_000;

/** The streams and buckets of one site. Everything in them can be deleted: `ensure()` creates what is missing. */
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
  sessions: KV;
  /**
   * @throws PlumbError `nats_unavailable` where a stream is missing, or is not ours, and our user may not fix that; as
   * `openStore`
   */
  ensure(): Promise<void>;
};

/** Whether we are in an account that only reads the streams of another one. */
const looksOn = async (nc: NatsConnection, site: string): Promise<boolean> => {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return jsm.streams.info(streams.intent(site)).then(
    () => false,
    (error: unknown) => /not enabled for account/i.test(explain(error)),
  );
};

/**
 * @param replicas of the streams that are created; existing ones keep theirs
 * @throws PlumbError `nats_unavailable` where the server has no JetStream, refuses us, or is not fit for use
 */
export const openStore = async (nc: NatsConnection, site: string, replicas = 1): Promise<Store> => {
  try {
    const viewer = await looksOn(nc, site);
    const options = { checkAPI: false, ...(viewer ? { domain: viewerDomain } : {}) };
    const jsm = await jetstreamManager(nc, options);
    const js = jetstream(nc, options);
    const kvm = new Kvm(js);
    const ours = streamConfigs(site).filter(({ name }) => !viewer || viewerStreams(site).includes(name));
    const ensure = async () => {
      const found = await Promise.all(ours.map((wanted) => ensureStream(jsm, { num_replicas: replicas, ...wanted })));
      const most = Math.max(...found.map(({ config }) => config.num_replicas));
      const fault = serverFault(nc.info?.version ?? '', most);
      if (fault) throw new PlumbError('nats_unavailable', `${nc.getServer()}: ${fault.what}`, { hint: fault.mend });
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
      sessions: await kvm.open(buckets.sessions(site)),
      ensure,
    };
  } catch (cause) {
    if (cause instanceof PlumbError) throw cause;
    throw new PlumbError('nats_unavailable', `cannot use JetStream on ${nc.getServer()}: ${explain(cause)}`, {
      cause,
      hint: 'does nats-server run with -js, does its disk have room (if not, make some and restart it), and does this user have the permissions in docs/subjects.md?',
    });
  }
};

/**
 * Opens it once its streams exist: a runner may be up before the watcher and the API, which create them.
 *
 * @param said called once with what it waits for
 * @param signal ends the wait
 */
export const openStoreOnceMade = async (
  nc: NatsConnection,
  site: string,
  said: (error: PlumbError) => void,
  signal: AbortSignal,
): Promise<Store> => {
  for (let told = false; ; told = true) {
    try {
      return await openStore(nc, site);
    } catch (error) {
      if (!waitsForStream(error)) throw error;
      if (!told) said(error);
      await wait(madeEveryMs, undefined, { signal });
    }
  }
};
