import type { JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { TimeoutError } from '@nats-io/transport-node';
import { buckets, limits, streams, subjects } from '../bus.ts';
import { explain, PlumbError } from '../errors.ts';

type Wanted = Partial<StreamConfig> & { name: string; subjects: string[] };

const day = 24 * 60 * 60 * 1e9; // nanoseconds

/** A bucket as every key-value client expects it. */
const bucket = (name: string, more: Partial<StreamConfig> = {}): Wanted => ({
  name: `KV_${name}`,
  subjects: [`$KV.${name}.>`],
  max_msgs_per_subject: 1,
  max_age: 0,
  discard: 'new',
  allow_rollup_hdrs: true,
  ...more,
});

/**
 * The streams and buckets of one site. What one of them has taken in, and nothing that it refused, is told at once on the
 * subjects of `subjects.stored`, so that nobody needs a consumer: a consumer delivers to any subject that its maker names.
 */
export const streamConfigs = (site: string): Wanted[] => {
  const told = (name: string, what: Parameters<typeof subjects.stored>[1]) =>
    bucket(name, { republish: { src: `$KV.${name}.>`, dest: subjects.stored(site, what, '>') } });
  const bodies = buckets.bodies(site);
  return [
    {
      name: streams.intent(site),
      subjects: [subjects.intents(site)],
      max_msgs_per_subject: 1,
      republish: {
        src: subjects.intents(site),
        dest: subjects.stored(site, 'configure', '{{wildcard(1)}}'),
        headers_only: true, // the texts hold the devices' passwords
      },
    },
    {
      name: streams.jobs(site),
      subjects: [subjects.jobs(site)],
      max_msgs_per_subject: 1,
      max_age: limits.jobDays * day,
      republish: {
        src: subjects.jobs(site),
        dest: subjects.stored(site, 'job', '{{wildcard(1)}}', '{{wildcard(2)}}'),
      },
    },
    {
      name: streams.bgp(site),
      subjects: [subjects.bgpDays(site)],
      max_msgs_per_subject: 1,
      max_age: limits.bgpDays * day,
      republish: {
        src: subjects.bgpDays(site),
        dest: subjects.stored(site, 'bgp', '{{wildcard(1)}}', '{{wildcard(2)}}'),
      },
    },
    told(buckets.state(site), 'state'),
    told(buckets.inventory(site), 'inventory'),
    told(buckets.lease(site), 'lease'),
    bucket(buckets.runners(site), { max_age: limits.runnerMs * 1e6 }),
    {
      name: streams.audit(site),
      subjects: [subjects.audit(site)],
      max_age: limits.auditDays * day,
      deny_delete: true,
      deny_purge: true,
      republish: { src: subjects.audit(site), dest: subjects.stored(site, 'audit') },
    },
    bucket(buckets.api(site)),
    bucket(buckets.sessions(site), { max_age: (limits.sessionHours * day) / 24 }),
    {
      name: `OBJ_${bodies}`,
      subjects: [`$O.${bodies}.C.>`, `$O.${bodies}.M.>`],
      discard: 'new',
      allow_rollup_hdrs: true,
    },
  ];
};

/** What decides which messages a stream takes in, how long it keeps them, and where they go: ours, or somebody else's. */
const decisive = ['subjects', 'max_msgs_per_subject', 'max_age', 'republish', 'mirror', 'sources'] as const;

const settingOf = (config: Partial<StreamConfig>, key: (typeof decisive)[number]): string => {
  const value: unknown = config[key];
  if (key === 'max_msgs_per_subject') return String(value ?? -1);
  if (key === 'max_age') return String(value ?? 0);
  if (key === 'republish' && value) {
    const { src, dest, headers_only = false } = value as NonNullable<StreamConfig['republish']>;
    return JSON.stringify({ src, dest, headers_only });
  }
  return Array.isArray(value) && value.length === 0 ? 'undefined' : String(JSON.stringify(value ?? undefined));
};

/** The first setting in which a stream is not as we make it. */
const differs = (found: Partial<StreamConfig>, wanted: Partial<StreamConfig>): string | undefined =>
  decisive.find((key) => settingOf(found, key) !== settingOf(wanted, key));

const isMissing = (error: unknown) => error instanceof Error && /not found/i.test(error.message);
const mayNot = (error: unknown) => /permissions violation/i.test(explain(error));

/** A cluster does not answer for a stream until that has a leader, which may take some seconds after it was made. */
const infoOf = async (jsm: JetStreamManager, name: string): Promise<StreamInfo | undefined> => {
  for (let tries = 1; ; tries++) {
    try {
      return await jsm.streams.info(name);
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (tries === 3 || !(error instanceof TimeoutError)) throw error;
    }
  }
};

const refused = (name: string, what: string, hint: string, cause: unknown): never => {
  throw new PlumbError('nats_unavailable', `stream "${name}" ${what}`, { cause, hint });
};

const notOurs = 'is missing, and our NATS user may not make it';

/** Whether somebody else has to make a stream first. */
export const waitsForStream = (error: unknown): error is PlumbError =>
  error instanceof PlumbError && error.message.endsWith(notOurs);

/**
 * Makes a stream that is missing, and brings one to its settings that was made otherwise.
 *
 * @throws PlumbError `nats_unavailable` where our NATS user may do neither
 */
export const ensureStream = async (jsm: JetStreamManager, wanted: Wanted): Promise<StreamInfo> => {
  const { name } = wanted;
  const found = await infoOf(jsm, name);
  if (!found) {
    return jsm.streams.add(wanted).catch((cause: unknown) => {
      if (!mayNot(cause)) throw cause;
      const hint = 'the watcher and the API make missing streams: is one of them up?';
      return refused(name, notOurs, hint, cause);
    });
  }
  const key = differs(found.config, wanted);
  if (key === undefined) return found;
  const { mirror: _m, sources: _s, republish: _r, duplicate_window: _d, ...kept } = found.config;
  return jsm.streams
    .update(name, { ...kept, ...wanted, num_replicas: found.config.num_replicas })
    .catch((cause: unknown) => {
      const what = `has a different "${key}" from what Plumbline sets, and it cannot be changed: ${explain(cause)}`;
      const hint = `someone else or an older release made it: run any verb once as NATS's operator (docs/subjects.md), or delete it; its contents come back from git and the devices`;
      return refused(name, what, hint, cause);
    });
};
