import { buckets, logRoles, requests, streams, subjects, type Verb } from '../../core/bus.ts';
import { streamConfigs } from '../../core/store/streams.ts';

const site = 'dc1';
export const verbs = Object.keys(requests) as Verb[];
export const bucketNames = ['state', 'inventory', 'lease', 'runners', 'api', 'sessions'] as const;
export const job = '0123456789abcdefghijklmno';
export const bgpDay = '2025-11-30';

/** A stream by the word that the table has for it. */
export const streamWords: Record<string, string> = {
  intents: streams.intent(site),
  'large texts': `OBJ_${buckets.bodies(site)}`,
  jobs: streams.jobs(site),
  bgp: streams.bgp(site),
  audit: streams.audit(site),
  ...Object.fromEntries(bucketNames.map((name) => [name, `KV_${buckets[name](site)}`])),
};

/** What the table has for the requests to JetStream that somebody may make; the others have their own names. */
export const apiWords: Record<string, string> = {
  'STREAM.INFO.S': 'read size and settings',
  'STREAM.MSG.GET.S': 'read',
  'STREAM.CREATE.S': 'create if missing',
  'STREAM.PURGE.S': 'purge',
};

/** Everything that JetStream answers, `S` a stream, `C` a consumer, `F` a subject: read, write, make, change, destroy. */
export const apiSubjects = [
  'INFO',
  'ACCOUNT.PURGE.PLUMB',
  'META.LEADER.STEPDOWN',
  'SERVER.REMOVE',
  'STREAM.NAMES',
  'STREAM.LIST',
  'STREAM.CREATE.S',
  'STREAM.UPDATE.S',
  'STREAM.INFO.S',
  'STREAM.DELETE.S',
  'STREAM.PURGE.S',
  'STREAM.MSG.GET.S',
  'STREAM.MSG.DELETE.S',
  'STREAM.SNAPSHOT.S',
  'STREAM.RESTORE.S',
  'STREAM.PEER.REMOVE.S',
  'STREAM.LEADER.STEPDOWN.S',
  'DIRECT.GET.S',
  'DIRECT.GET.S.F',
  'CONSUMER.CREATE.S',
  'CONSUMER.CREATE.S.C',
  'CONSUMER.CREATE.S.C.F',
  'CONSUMER.DURABLE.CREATE.S.C',
  'CONSUMER.NAMES.S',
  'CONSUMER.LIST.S',
  'CONSUMER.INFO.S.C',
  'CONSUMER.DELETE.S.C',
  'CONSUMER.PAUSE.S.C',
  'CONSUMER.UNPIN.S.C',
  'CONSUMER.RESET.S.C',
  'CONSUMER.MSG.NEXT.S.C',
  'CONSUMER.LEADER.STEPDOWN.S.C',
] as const;

/** Subjects on which a message does something, by what it is to speak there. */
export const effects: Record<string, string> = {
  'publish: configurations': subjects.intent(site, 'leaf1'),
  'publish: large texts': `$O.${buckets.bodies(site)}.C.x`,
  'publish: names of large texts': `$O.${buckets.bodies(site)}.M.x`,
  ...Object.fromEntries(verbs.map((verb) => [`send requests: ${verb}`, subjects.request(site, 'leaf1', verb)])),
  'write: jobs': subjects.job(site, 'leaf1', job),
  'write: bgp': subjects.bgpDay(site, 'leaf1', bgpDay),
  'write: audit': subjects.audit(site),
  ...Object.fromEntries(bucketNames.map((name) => [`write: ${name}`, `$KV.${buckets[name](site)}.leaf1`])),
  ...Object.fromEntries(logRoles.map((role) => [`publish log lines: ${role}`, subjects.log(site, role, 'host-1')])),
  'publish: log queries': subjects.logRecent(site),
  'publish: look now': subjects.look(site),
};

const ofDevice: Record<string, string> = { audit: '', job: `.leaf1.${job}`, bgp: `.leaf1.${bgpDay}` };

/** What nats-server alone says. */
export const told: Record<string, string> = Object.fromEntries(
  streamConfigs(site).flatMap(({ republish }) => {
    const dest = republish?.dest.replace(/(?:\.\{\{wildcard\(\d\)\}\})+$|\.>$/, '');
    const what = dest?.split('.')[2] ?? '';
    return dest ? [[what, `${dest}${ofDevice[what] ?? '.leaf1'}`]] : [];
  }),
);

/** Where answers come to. */
export const inboxes: Record<string, string> = {
  'to a watcher': '_INBOX_watcher.x.y',
  'to a runner': '_INBOX_runner.x.y',
  'to the API or a person': '_INBOX.x.y',
};

/** What is nobody's. */
export const foreign: Record<string, string> = {
  'another site': subjects.intent('dc2', 'leaf1'),
  'another bucket': '$KV.other.x',
  'another object store': '$O.other.C.x',
  'a deeper subject': `${subjects.intent(site, 'leaf1')}.x`,
  'a shorter subject': `${site}.configure`,
  'an event of JetStream': '$JS.EVENT.ADVISORY.API',
  'an acknowledgement': '$JS.ACK.dc1-intent.c.1.1.1.1.1',
  'flow control': '$JS.FC.dc1-intent.c.x',
  'the system': '$SYS.REQ.SERVER.PING',
  "the system's account": '$SYS.REQ.ACCOUNT.PLUMB.CONNZ',
  'any subject': 'any',
};
