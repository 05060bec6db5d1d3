import { buckets, requests, streams, subjects, type Verb } from './bus.ts';

/** What a process is to the bus. `api` is also what a person at the command line is. */
export const roles = ['watcher', 'runner', 'api', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Subjects that a user may publish on and subscribe to; `answers`: it may answer the requests that it gets. */
export type Permissions = { publish: string[]; subscribe: string[]; answers: boolean };

const verbs = Object.keys(requests) as Verb[];
const kv = (bucket: string) => `KV_${bucket}`;
const object = (bucket: string) => `OBJ_${bucket}`;

/** Reading a stream: single messages, and consumers that forget themselves. */
const read = (stream: string): string[] => [
  `$JS.API.STREAM.MSG.GET.${stream}`,
  `$JS.API.DIRECT.GET.${stream}`,
  `$JS.API.DIRECT.GET.${stream}.>`,
  `$JS.API.CONSUMER.CREATE.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.>`,
  `$JS.API.CONSUMER.INFO.${stream}.*`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
  `$JS.API.CONSUMER.DELETE.${stream}.*`,
];

/** Making a stream that is missing. Nobody may change, empty or delete one: that is for the operator's own user. */
const make = (stream: string): string => `$JS.API.STREAM.CREATE.${stream}`;

/** Texts above the server's max_payload; a text that is published again replaces its chunks. */
const writeBodies = (site: string): string[] => [
  `$O.${buckets.bodies(site)}.>`,
  `$JS.API.STREAM.PURGE.${object(buckets.bodies(site))}`,
];

/**
 * What each role needs and nothing more. The viewer sees jobs, states and who runs what, but no configuration text:
 * those hold the passwords of devices, where everything else is masked.
 */
export const permissions = (site: string, role: Role): Permissions => {
  const { state, inventory, lease, runners, api, bodies } = buckets;
  const shown = [streams.jobs(site), ...[state, inventory, lease, runners].map((bucket) => kv(bucket(site)))];
  const texts = [streams.intent(site), object(bodies(site))];
  const key = kv(api(site));
  const all = [...shown, ...texts, key];
  const look = ['$JS.API.INFO', '$JS.FC.>', ...all.map((stream) => `$JS.API.STREAM.INFO.${stream}`)];
  const base = [...look, ...shown.flatMap(read)];
  const worker = [...base, ...texts.flatMap(read), ...all.map(make)];
  const inbox = '_INBOX.>';
  const follow = [inbox, subjects.jobs(site), subjects.stored(site, 'state', '>')];
  const hear = (what: 'configure' | 'inventory' | 'lease') => subjects.stored(site, what, '>');
  switch (role) {
    case 'watcher':
      return {
        publish: [...worker, subjects.intents(site), ...writeBodies(site), `$KV.${inventory(site)}.>`],
        subscribe: [...follow, hear('configure')],
        answers: false,
      };
    case 'runner':
      return {
        publish: [...worker, subjects.jobs(site), ...[state, lease, runners].map((bucket) => `$KV.${bucket(site)}.>`)],
        subscribe: [
          inbox,
          subjects.jobs(site),
          hear('configure'),
          hear('inventory'),
          hear('lease'),
          ...verbs.map((verb) => subjects.requests(site, verb)),
        ],
        answers: true,
      };
    case 'api':
      return {
        publish: [
          ...worker,
          ...read(key),
          `$KV.${api(site)}.>`,
          subjects.intents(site),
          ...writeBodies(site),
          subjects.jobs(site),
          ...verbs.map((verb) => subjects.requests(site, verb)),
        ],
        subscribe: [...follow, subjects.intents(site)],
        answers: false,
      };
    case 'viewer':
      return { publish: base, subscribe: follow, answers: false };
    default:
      return role satisfies never;
  }
};

/** A user of nats-server; the password may be in its environment instead of its configuration. */
export type NatsUser = { role: Role; user: string; password: string | { env: string } };

/** A request may wait for a deployment to end before it is answered. */
const answersFor = '1h';

/** The `authorization` block of a nats-server configuration: one user for each role, with that role's permissions. */
export const natsAuthorization = (site: string, users: readonly NatsUser[]): string => {
  const list = (subjects: readonly string[]) => `[\n${subjects.map((one) => `          "${one}"\n`).join('')}        ]`;
  const blocks = users.map(({ role, user, password }) => {
    const { publish, subscribe, answers } = permissions(site, role);
    const secret = typeof password === 'string' ? JSON.stringify(password) : `$${password.env}`;
    return [
      '    {',
      `      user: ${JSON.stringify(user)}`,
      `      password: ${secret}`,
      '      permissions: {',
      `        publish: ${list(publish)}`,
      `        subscribe: ${list(subscribe)}`,
      ...(answers ? [`        allow_responses: { max: 1, expires: "${answersFor}" }`] : []),
      '      }',
      '    }',
    ].join('\n');
  });
  return `authorization {\n  users: [\n${blocks.join('\n')}\n  ]\n}\n`;
};
