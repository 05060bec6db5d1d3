import { PlumbError } from '../../../core/errors.ts';
import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/bird.ts';
import type { Driver, Session, Target } from '../../driver.ts';
import { clockOfEpoch } from '../../getters/clock.ts';
import { answersTo, gather } from '../../getters/getter.ts';
import { type SessionWays, sessionOf } from '../../session/session.ts';
import { digestsOf, type TcpDigests } from '../../session/tcp-digests.ts';
import { readSaved } from '../linux/host.ts';
import { loadBird, pendingTrial } from './candidate.ts';
import { BirdDaemon } from './cli.ts';
import { bgp } from './getters/bgp.ts';
import { bgpDetail } from './getters/bgp-detail.ts';
import { facts } from './getters/facts.ts';
import { health } from './getters/health.ts';
import { parsers } from './getters/parsers.ts';
import * as scripts from './scripts.ts';

type Talk = { bird: BirdDaemon; digests: TcpDigests };

const answers = (bird: BirdDaemon) => (requests: readonly string[]) =>
  answersTo(requests, (command) => bird.birdc(command));

const ways: SessionWays<Talk> = {
  platform: 'bird',
  keepsBytes: true,
  run: ({ bird }, command, options) => bird.birdc(command, options?.timeoutMs),
  load: async ({ bird }, config, mode, change) => {
    if (mode === 'replace') return loadBird(bird, config, change);
    throw new PlumbError('unsupported', `${bird.name}: bird supports no merge: its configuration is one file`, {
      hint: 'publish the complete file',
    });
  },
  pending: ({ bird }) => pendingTrial(bird),
  saved: async ({ bird }) => readSaved(await bird.script('list the saved configurations', scripts.saved)),
  savedConfig: ({ bird }, job) =>
    bird.script('read the saved configuration', scripts.savedConfig, [job]).catch((cause: unknown) => {
      throw new PlumbError('unknown_job', `${bird.name}: nothing is saved on the router from before job ${job}`, {
        cause,
      });
    }),
  clean: async ({ bird }, epoch) => (await bird.script('clean up', scripts.clean, [epoch])).split('\n').filter(Boolean),
  config: ({ bird }, from) => bird.script('read the configuration', scripts.config, [from]),
  facts: ({ bird }) => gather(facts, answers(bird)),
  bgp: async ({ bird, digests }) => digests.mark(await gather(bgp, answers(bird))),
  bgpDetail: ({ bird }) => gather(bgpDetail, answers(bird)),
  interfacesIp: ({ bird }) => bird.host.addresses(),
  clock: async ({ bird }) => clockOfEpoch(await bird.script('read the clock', 'date +%s')),
  ask: ({ bird }, requests) => answers(bird)(requests),
};

const open = async (target: Target, signal: AbortSignal): Promise<Session> => {
  const bird = await BirdDaemon.open(target, signal);
  return sessionOf(ways, { bird, digests: digestsOf(bird.host.ssh) }, target, bird.host.ssh);
};

/** BIRD 2 on Linux, over SSH. Source: BIRD User's Guide, "Remote control"; BIRD 2.0.12. */
export const bird: Driver = {
  platform: 'bird',
  capabilities: {
    transports: transports.bird,
    replace: 'atomic',
    merge: 'none',
    diff: 'computed',
    trial: 'native',
    trialUnitSeconds: 1,
    confirmFrom: 'any',
    comment: false,
    startup: true,
    undo: '`birdc configure undo` of our trial; the file is never touched',
    neverEqual: 'none',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'BIRD 2.0.12, for real',
    notes: [
      'BIRD cannot print its running configuration: drift is detected in the file, not in a daemon that was configured from elsewhere.',
      'Running `birdc configure` during a trial replaces the configuration that the undo restores.',
      'BIRD counts routes, not messages: an Established but silent session is checked only by its routes.',
    ],
  },
  health,
  parsers,
  readOnly: { commands: ['show', 'eval'], expressions: true },
  open,
  secrets,
  keepsBytes: true,
  normalise: (config) => config,
  hostname: (config) => /^[ \t]*hostname\s+"([^"]+)"/m.exec(config)?.[1],
};
