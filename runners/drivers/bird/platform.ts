import { PlumbError } from '../../../core/errors.ts';
import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/bird.ts';
import type { Driver, Session, Target } from '../../driver.ts';
import { answersTo, type Getter, gather } from '../../getters/getter.ts';
import { TcpDigests } from '../../session/tcp-digests.ts';
import { loadBird, pendingTrial } from './candidate.ts';
import { BirdDaemon } from './cli.ts';
import { bgp } from './getters/bgp.ts';
import { bgpDetail } from './getters/bgp-detail.ts';
import { facts } from './getters/facts.ts';
import { health } from './getters/health.ts';
import { parsers } from './getters/parsers.ts';
import * as scripts from './scripts.ts';

const open = async (target: Target, signal: AbortSignal): Promise<Session> => {
  const bird = await BirdDaemon.open(target, signal);
  const { ssh } = bird.host;
  const answers = (requests: readonly string[]) => answersTo(requests, (command) => bird.birdc(command));
  const ask = <T>(getter: Getter<T>) => gather(getter, answers);
  const digests = new TcpDigests(async () => (await ssh.exec('cat /proc/net/netstat', { stdin: '' })).stdout);
  return {
    closed: ssh.closed,
    run: (command, options) => bird.birdc(command, options?.timeoutMs),
    load: async (config, mode, change) => {
      if (mode === 'replace') return loadBird(bird, config, change);
      throw new PlumbError('unsupported', `${bird.name}: bird has no merge: its configuration is one file`, {
        hint: 'publish the whole file',
      });
    },
    pending: () => pendingTrial(bird),
    saved: async () => {
      const lines = (await bird.script('list what was saved', scripts.saved)).split('\n').filter(Boolean);
      return lines.map((line) => {
        const [at, job = '', sha256 = '', outcome] = line.split(' ');
        const known = outcome === 'applied' || outcome === 'undone' ? outcome : 'unknown';
        return { job, at: new Date(Number(at) * 1000), sha256, outcome: known } as const;
      });
    },
    savedConfig: (job) =>
      bird.script('read what was saved', scripts.savedConfig, [job]).catch((cause: unknown) => {
        throw new PlumbError('unknown_job', `${bird.name}: nothing is saved on the router of job ${job}`, { cause });
      }),
    clean: async (epoch) => (await bird.script('clean up', scripts.clean, [epoch])).split('\n').filter(Boolean),
    config: (from) => bird.script('read the configuration', scripts.config, [from]),
    facts: () => ask(facts),
    bgp: async () => digests.mark(await ask(bgp)),
    bgpDetail: () => ask(bgpDetail),
    interfacesIp: () => bird.host.addresses(),
    ask: answers,
    alive: () => ssh.alive(),
    [Symbol.asyncDispose]: () => bird.host[Symbol.asyncDispose](),
  };
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
    undo: '`birdc configure undo` of our trial; the file was not touched',
    neverEqual: 'none',
    getters: ['facts', 'bgp', 'bgp-detail', 'interfaces-ip'],
    tested: 'BIRD 2.0.12, for real',
    notes: [
      'BIRD cannot print what it runs: drift is seen in the file, not in a daemon that was configured from elsewhere.',
      'Whoever runs `birdc configure` during a trial replaces what its undo goes back to.',
      'BIRD counts routes, not messages: a session that is Established but silent is proven by its routes only.',
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
