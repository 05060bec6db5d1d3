import { permissions, type Role, viewerDomain } from '../../core/store/server/permissions.ts';
import { streamConfigs } from '../../core/store/streams.ts';
import { effects, inboxes, job, streamWords, told } from './subjects.ts';

/** Subjects on which a message of somebody else would do harm, or tell a lie. */
export const targets: string[] = [effects, told, inboxes].flatMap((subjects) => Object.values(subjects));

export type Attempt = { subject: string; body: string; reply?: string };

const concrete = (pattern: string): string =>
  pattern.replace('.job.*', `.job.${job}`).replace('$O.dc1-bodies.>', '$O.dc1-bodies.C.x').replace(/\*|>/, 'leaf1');

/** Ways to have NATS speak on `target`, for somebody who may not: first what the role may do at all, with that reply. */
export const attempts = (role: Role, target: string): Attempt[] => {
  const own = permissions('dc1', role).publish.flatMap((pattern) => {
    const subject = concrete(pattern);
    const bodies = /MSG\.GET/.test(subject) ? ['{"seq":1}', '{"seq":99}'] : ['', 'direct', '{}'];
    return bodies.map((body) => ({ subject, body, reply: target }));
  });
  const configs = streamConfigs('dc1');
  const api = role === 'viewer' ? ['$JS.API', `$JS.${viewerDomain}.API`] : ['$JS.API'];
  const asked = api.flatMap((prefix) =>
    [...Object.values(streamWords), 'evil'].flatMap((stream) => {
      const config = configs.find(({ name }) => name === stream) ?? { name: stream, subjects: [target] };
      const consumer = {
        deliver_subject: target,
        ack_policy: 'none',
        deliver_policy: 'all',
        name: 'c',
        durable_name: 'c',
      };
      const create = JSON.stringify({ stream_name: stream, config: consumer });
      const { name: _name, durable_name: _durable, ...nameless } = consumer;
      const harmful = [
        { ...config, republish: { src: '>', dest: target } },
        { ...config, republish: { src: config.subjects[0], dest: `${target}.>` } },
        { ...config, subjects: [...config.subjects, target] },
        { ...config, subjects: [target] },
        { ...config, sources: [{ name: 'dc1-jobs' }] },
        { name: stream, mirror: { name: 'dc1-jobs' } },
      ].map((one) => JSON.stringify(one));
      const all: [string, string][] = [
        ...harmful.flatMap((body): [string, string][] => [
          [`STREAM.CREATE.${stream}`, body],
          [`STREAM.UPDATE.${stream}`, body],
        ]),
        [`CONSUMER.CREATE.${stream}`, JSON.stringify({ stream_name: stream, config: nameless })],
        [`CONSUMER.CREATE.${stream}.c`, create],
        [`CONSUMER.CREATE.${stream}.c.${config.subjects[0]}`, create],
        [`CONSUMER.DURABLE.CREATE.${stream}.c`, create],
        [`CONSUMER.MSG.NEXT.${stream}.c`, '1'],
        [`DIRECT.GET.${stream}`, '{"seq":1}'],
        [`DIRECT.GET.${stream}.${config.subjects[0]}`, ''],
        [`STREAM.SNAPSHOT.${stream}`, JSON.stringify({ deliver_subject: target })],
        [`STREAM.RESTORE.${stream}`, JSON.stringify({ config, state: {} })],
        [`STREAM.LIST`, ''],
      ];
      return all.map(([verb, body]) => ({ subject: `${prefix}.${verb}`, body, reply: target }));
    }),
  );
  const others = [
    { subject: '$SYS.REQ.USER.INFO', body: '', reply: target },
    { subject: '$SYS.REQ.ACCOUNT.PING.CONNZ', body: '', reply: target },
    { subject: '$JS.ACK.dc1-jobs.c.1.1.1.1.1', body: '+NXT', reply: target },
    { subject: '_R_.x', body: 'direct', reply: target },
  ];
  return [...own, ...asked, ...others];
};
