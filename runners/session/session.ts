import { defined } from '../../core/defined.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Platform } from '../../core/platform-names.ts';
import type { PlatformSecrets } from '../../core/redact/statements.ts';
import { withLf } from '../../core/text/line-ends.ts';
import type { Session, Target } from '../driver.ts';
import type { Block } from './text/config-lines.ts';
import { refusePlainSecrets, withPlainSecrets } from './text/plain-secrets.ts';
import { whole } from './text/whole.ts';
import { turns } from './together/turns.ts';

/** The connection under a session. */
type Link = Pick<Session, 'alive' | 'closed' | typeof Symbol.asyncDispose>;

/** Functions that are told first what they talk with. */
type Over<T, S> = {
  [K in keyof S]: S[K] extends ((...rest: infer A) => infer R) | undefined ? (talk: T, ...rest: A) => R : never;
};

/** How a platform does what a session does, over what it talks with: a command line, an API, scripts on a host. */
export type SessionWays<T> = Over<
  T,
  Omit<Session, keyof Link | 'facts' | 'bgp'> & Partial<Pick<Session, 'facts' | 'bgp'>>
> & {
  platform: Platform;
  /** Secrets that the device stores in another form than they are typed in. */
  secrets?: PlatformSecrets;
  /** Texts in a configuration, in which nothing is a secret. */
  texts?: readonly Block[];
  /** The last line of a whole running configuration, where each has one; a text that ends otherwise is a part of it. */
  lastLine?: RegExp;
  /** The line ends of a text are left as they are. */
  keepsBytes?: true;
  /** What only reads may be asked for before the answer to another read has come. */
  readsTogether?: true;
};

/** @throws PlumbError `unsupported` */
export const unsupported = (device: string, platform: string, what: string): never => {
  throw new PlumbError('unsupported', `${device}: ${platform} has no ${what}`, { hint: 'see `plumb platforms`' });
};

/** Of a platform that keeps no text of before on the device. @throws PlumbError `unknown_job` */
export const nothingKept = (device: string, job: string, alsoSee = ''): never => {
  throw new PlumbError('unknown_job', `${device}: nothing is kept on the device of job ${job}`, {
    hint: `the text of before goes out like any other once it is in the source again${alsoSee}`,
  });
};

/** A session from a platform's own ways: what changes something alone, secrets in plain text refused or told apart. */
export const sessionOf = <T>(ways: SessionWays<T>, talk: T, target: Target, link: Link): Session => {
  const { alone, together } = turns();
  const inTurn =
    (turn: typeof alone) =>
    <A extends unknown[], R>(way: (talk: T, ...rest: A) => Promise<R>) =>
    (...rest: A) =>
      turn(() => way(talk, ...rest));
  const over = inTurn(alone);
  const read = ways.readsTogether ? inTurn(together) : over;
  const lacks = (what: string) => async () => unsupported(target.device.name, ways.platform, what);
  const { bgpDetail, interfacesIp, clock, ask, download, upload, secrets, texts, lastLine } = ways;
  const readConfig = async (talk: T, from: 'running' | 'startup'): Promise<string> => {
    const text = await ways.config(talk, from);
    return lastLine && from === 'running' ? whole(target.device.name, text, { lastLine, texts }) : text;
  };
  return {
    closed: link.closed,
    run: over(ways.run),
    load: async (config, mode, change, only) => {
      const candidate = await alone(async () => {
        if (secrets) refusePlainSecrets(config, secrets, target, texts);
        const loaded = await ways.load(talk, ways.keepsBytes ? config : withLf(config), mode, change, only);
        const running = () => readConfig(talk, 'running');
        return secrets ? withPlainSecrets(loaded, config, secrets, running, texts) : loaded;
      });
      return {
        get unstable() {
          return candidate.unstable;
        },
        get incomparable() {
          return candidate.incomparable;
        },
        get notes() {
          return candidate.notes;
        },
        diff: () => alone(() => candidate.diff()),
        commit: (options) => alone(() => candidate.commit(options)),
        [Symbol.asyncDispose]: () => alone(async () => candidate[Symbol.asyncDispose]()).catch(() => {}),
      };
    },
    pending: read(ways.pending),
    saved: read(ways.saved),
    savedConfig: over(ways.savedConfig),
    clean: over(ways.clean),
    config: read(readConfig),
    facts: read(ways.facts ?? lacks('facts getter')),
    bgp: read(ways.bgp ?? lacks('BGP getter')),
    ...defined({
      bgpDetail: bgpDetail && read(bgpDetail),
      interfacesIp: interfacesIp && read(interfacesIp),
      clock: clock && read(clock),
      ask: ask && read(ask),
      download: download && over(download),
      upload: upload && over(upload),
    }),
    alive: () => link.alive(),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  };
};
