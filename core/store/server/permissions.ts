import { buckets, requests, streams, subjects, type Verb } from '../../bus.ts';

/** The role of a process on the bus. A person at the command line also has `api`. */
export const roles = ['watcher', 'runner', 'api', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Subjects that a user may publish on and subscribe to. */
type Permissions = { publish: string[]; subscribe: string[] };

const verbs = Object.keys(requests) as Verb[];
const api = '$JS.API';

/** Where a viewer finds the streams: its account has none of its own and imports their API as that of this domain. */
export const viewerDomain = 'plumb';
const viewerApi = `$JS.${viewerDomain}.API`;

/**
 * Answers that arrive here are read by nobody else. The API's is the usual one, which people's clients use by default.
 */
export const inboxPrefix = (role: Role): string =>
  role === 'watcher' || role === 'runner' ? `_INBOX_${role}` : '_INBOX';

/** The streams that hold no text of a configuration. */
const shownBuckets = ['state', 'inventory', 'lease', 'runners'] as const;
const shown = (site: string): string[] => [
  streams.jobs(site),
  streams.bgp(site),
  ...shownBuckets.map((bucket) => `KV_${buckets[bucket](site)}`),
];

/** The streams that a viewer sees. */
export const viewerStreams = shown;

const texts = (site: string): string[] => [streams.intent(site), `OBJ_${buckets.bodies(site)}`];
const ofApi = (site: string): string[] => [
  `KV_${buckets.api(site)}`,
  `KV_${buckets.sessions(site)}`,
  streams.audit(site),
];
const all = (site: string): string[] => [...shown(site), ...texts(site), ...ofApi(site)];

const info = (stream: string): string => `${api}.STREAM.INFO.${stream}`;
/**
 * Message by message, wrapped in an answer that nothing mistakes for a text, a record or a request, wherever it goes.
 */
const read = (stream: string): string => `${api}.STREAM.MSG.GET.${stream}`;
/** Creating a missing one. No role may change, empty or delete one: only the operator's own user may. */
const make = (stream: string): string => `${api}.STREAM.CREATE.${stream}`;
const write = (
  site: string,
  ...names: ('state' | 'inventory' | 'lease' | 'runners' | 'api' | 'sessions')[]
): string[] => names.map((name) => `$KV.${buckets[name](site)}.>`);
const hear = (site: string, ...names: Parameters<typeof subjects.stored>[1][]): string[] =>
  names.map((name) => subjects.stored(site, name, '>'));

/** What every reader receives as it happens. */
const shownLive = (site: string): string[] => [
  subjects.jobs(site),
  ...hear(site, 'configure', 'job', 'bgp', 'state', 'inventory', 'lease'),
  subjects.logs(site),
];

/** Texts above the server's max_payload; a text that is published again replaces its chunks. */
const writeTexts = (site: string): string[] => {
  const bodies = buckets.bodies(site);
  return [subjects.intents(site), `$O.${bodies}.>`, `${api}.STREAM.PURGE.OBJ_${bodies}`];
};

/**
 * What each role needs and nothing more. No role creates a consumer: it delivers to any subject that its creator names.
 * The viewer sees jobs, states and who runs what, but no configuration text: those hold the passwords of devices, where
 * everything else is masked; it has its own account, since a request to NATS may name any subject of the account for
 * the answer.
 */
export const permissions = (site: string, role: Role): Permissions => {
  const infos = all(site).map(info);
  const inbox = `${inboxPrefix(role)}.>`;
  const state = `KV_${buckets.state(site)}`;
  const inventory = `KV_${buckets.inventory(site)}`;
  switch (role) {
    case 'watcher':
      return {
        publish: [
          ...infos,
          ...all(site).map(make),
          ...[...texts(site), state, inventory, streams.jobs(site)].map(read),
          ...writeTexts(site),
          subjects.jobs(site), // each text that it publishes has a record before it
          ...write(site, 'inventory'),
          subjects.logOf(site, role),
        ],
        subscribe: [inbox, ...hear(site, 'configure', 'state'), subjects.logRecent(site), subjects.look(site)],
      };
    case 'runner':
      return {
        publish: [
          ...infos,
          ...[...shown(site), ...texts(site)].map(read),
          subjects.jobs(site),
          subjects.bgpDays(site),
          ...write(site, 'state', 'lease', 'runners'),
          `${inboxPrefix('api')}.>`, // its answers
          subjects.logOf(site, role),
        ],
        subscribe: [
          inbox,
          ...hear(site, 'configure', 'inventory', 'lease'),
          subjects.logRecent(site),
          ...verbs.map((verb) => subjects.requests(site, verb)),
        ],
      };
    case 'api':
      return {
        publish: [
          ...infos,
          ...all(site).map(make),
          ...all(site).map(read),
          ...writeTexts(site),
          subjects.jobs(site),
          ...write(site, 'api', 'sessions'),
          subjects.audit(site),
          ...verbs.map((verb) => subjects.requests(site, verb)),
          subjects.logOf(site, role),
          subjects.logRecent(site),
          subjects.look(site),
        ],
        subscribe: [
          inbox,
          subjects.intents(site),
          ...shownLive(site),
          subjects.logRecent(site),
          subjects.stored(site, 'audit'),
        ],
      };
    case 'viewer':
      return {
        publish: [
          `${info(streams.intent(site))}`, // the answer shows that the streams are another account's
          ...shown(site)
            .flatMap((stream) => [info(stream), read(stream)])
            .map((subject) => subject.replace(api, viewerApi)),
          subjects.logRecent(site),
        ],
        subscribe: [inbox, ...shownLive(site)],
      };
    default:
      return role satisfies never;
  }
};

/** What the viewers' account gets from the other one. */
const viewerImports = (site: string) => ({
  services: [...shown(site).flatMap((stream) => [info(stream), read(stream)]), subjects.logRecent(site)],
  streams: shownLive(site),
});

/** A user of nats-server; the password may be in its environment instead of its configuration. */
type NatsUser = { role: Role | 'operator'; user: string; password: string | { env: string } };

const list = (subjects: readonly string[]) =>
  `[\n${subjects.map((one) => `            "${one}"\n`).join('')}          ]`;

const userOf = (site: string, { role, user, password }: NatsUser): string => {
  const { publish, subscribe } = role === 'operator' ? { publish: ['>'], subscribe: ['>'] } : permissions(site, role);
  return [
    '      {',
    `        user: ${JSON.stringify(user)}`,
    `        password: ${typeof password === 'string' ? JSON.stringify(password) : `$${password.env}`}`,
    '        permissions: {',
    `          publish: ${list(publish)}`,
    `          subscribe: ${list(subscribe)}`,
    '        }',
    '      }',
  ].join('\n');
};

/**
 * The `accounts` block of a nats-server configuration: one user for each role with that role's permissions, the viewers
 * in their own account.
 */
export const natsAccounts = (site: string, users: readonly NatsUser[]): string => {
  const of = (viewer: boolean) =>
    users
      .filter(({ role }) => (role === 'viewer') === viewer)
      .map((user) => userOf(site, user))
      .join('\n');
  const { services, streams } = viewerImports(site);
  const from = (subject: string) => `{ account: PLUMB, subject: "${subject}" }`;
  return [
    'accounts {',
    '  PLUMB {',
    '    jetstream: enabled',
    `    users: [\n${of(false)}\n    ]`,
    '    exports: [',
    ...services.map((subject) => `      { service: "${subject}", accounts: [VIEWER] }`),
    ...streams.map((subject) => `      { stream: "${subject}", accounts: [VIEWER] }`),
    '    ]',
    '  }',
    '  VIEWER {',
    `    users: [\n${of(true)}\n    ]`,
    '    imports: [',
    ...services.map((subject) => `      { service: ${from(subject)}, to: "${subject.replace(api, viewerApi)}" }`),
    ...streams.map((subject) => `      { stream: ${from(subject)} }`),
    '    ]',
    '  }',
    '}',
    '',
  ].join('\n');
};
