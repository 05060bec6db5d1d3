import { PlumbError } from '../../../core/errors.ts';
import { Dialogue } from '../../dialogue/dialogue.ts';
import type { Session, Target } from '../../driver.ts';
import { clockOfEpoch } from '../../getters/clock.ts';
import { answersTo, gather } from '../../getters/getter.ts';
import { type SessionWays, sessionOf } from '../../session/session.ts';
import { digestsOf, type TcpDigests } from '../../session/tcp-digests.ts';
import { openSsh } from '../../transports/ssh/ssh.ts';
import { sshOptions } from '../../transports/ssh/target.ts';
import { FrrCandidate } from './candidate.ts';
import { answerOf, vtysh } from './cli.ts';
import { parseFacts } from './facts.ts';
import { bgp } from './getters/bgp.ts';
import { bgpDetail } from './getters/bgp-detail.ts';
import { interfacesIp } from './getters/interfaces-ip.ts';
import { loadDraft } from './load.ts';
import { FrrRouter, frrOptions } from './router.ts';
import { listSaved, readSaved } from './saved.ts';
import * as scripts from './scripts.ts';
import { pendingTrial } from './trial.ts';

// Wide enough that vtysh never wraps a command of ours, and tall enough that nothing pages.
const pty = { rows: 10_000, cols: 2_000, term: 'dumb' };

const words = (line: string): string[] => line.trim().split(/\s+/).filter(Boolean);

/** A vtysh that is kept for commands. One caller at a time. */
class WarmVtysh {
  readonly #router: FrrRouter;
  #shell: Promise<Dialogue> | undefined;
  /** The daemons that it was seen to talk with. */
  #up: readonly string[] = [];

  constructor(router: FrrRouter) {
    this.#router = router;
  }

  async run(command: string, timeoutMs = 60_000): Promise<string> {
    if (/[\r\n]/.test(command)) {
      throw new PlumbError('rejected', `${this.#router.name}: a command is one line`, { hint: 'send them one by one' });
    }
    const cli = await this.#warm();
    const home = cli.prompt;
    try {
      return await cli.send(command, { silenceMs: timeoutMs, totalMs: timeoutMs });
    } catch (error) {
      if (error instanceof PlumbError && error.code !== 'rejected') await this.#chill(); // it is out of step
      throw error;
    } finally {
      // a command may have entered configuration mode, which locks others out
      if (this.#shell && cli.configuring) await cli.send('end').catch(() => {});
      if (cli.prompt !== home) await this.#chill(); // it stands in another mode, or in another program
    }
  }

  /**
   * What runs, as all daemons tell it: vtysh leaves out those that die while it asks, and says nothing of it.
   *
   * @throws PlumbError `closed` where one of them is down
   */
  async running(): Promise<string> {
    const cli = await this.#warm();
    if (this.#up.length === 0) this.#up = words(await cli.send('show daemons', { unchecked: true }));
    const text = await this.run('show running-config no-header');
    const [daemons = '', watched = ''] = await cli.sendAll(['show daemons', 'show watchfrr'], { unchecked: true });
    const now = words(daemons);
    const down = this.#up.find((daemon) => !now.includes(daemon)) ?? /^ {2}(\S+) +Down$/m.exec(watched)?.[1];
    if (down === undefined) {
      this.#up = now;
      return `${text.replace(/^Warning: connecting to .*\n/gm, '')}\n`;
    }
    await this.#chill();
    throw new PlumbError('closed', `${this.#router.name}: what runs was read in part only: ${down} is down`, {
      hint: '`show daemons` and the log on the router tell what happened; it is read again',
    });
  }

  #warm(): Promise<Dialogue> {
    const { name, ssh, vtysh: command } = this.#router;
    this.#shell ??= (async () => {
      this.#up = [];
      const channel = await ssh.start(command, { pty, yields: () => void this.#chill() });
      const cli = new Dialogue(channel, vtysh, { name });
      channel.once('close', () => {
        this.#shell = undefined;
      });
      await cli.start();
      return cli;
    })().catch((error) => {
      this.#shell = undefined;
      throw error;
    });
    return this.#shell;
  }

  async #chill(): Promise<void> {
    const cli = await this.#shell?.catch(() => undefined);
    this.#shell = undefined;
    await cli?.[Symbol.asyncDispose]();
  }
}

/** A router: a warm vtysh for commands, and a channel of its own for each script. */
type Talk = { router: FrrRouter; vtysh: WarmVtysh; digests: TcpDigests };

const ask =
  ({ vtysh }: Talk) =>
  (requests: readonly string[]) =>
    answersTo(requests, (command) => vtysh.run(command));

const ways: SessionWays<Talk> = {
  platform: 'frr',
  run: async ({ router, vtysh }, command, options) =>
    answerOf(router.name, command, await vtysh.run(command, options?.timeoutMs)),
  load: async ({ router }, config, mode, change) =>
    new FrrCandidate(router, await loadDraft(router, config, mode, change)),
  pending: ({ router }) => pendingTrial(router),
  saved: ({ router }) => listSaved(router),
  savedConfig: ({ router }, job) => readSaved(router, job),
  clean: async ({ router }, epoch) =>
    (await router.script('clean up', scripts.clean, [epoch])).split('\n').filter(Boolean),
  config: ({ router, vtysh }, from) =>
    from === 'startup' ? router.script('read the startup configuration', scripts.startup) : vtysh.running(),
  lastLine: /^end$/,
  facts: async ({ router }) => parseFacts(await router.script('read the facts', scripts.facts)),
  bgp: async (talk) => talk.digests.mark(await gather(bgp, ask(talk))),
  bgpDetail: (talk) => gather(bgpDetail, ask(talk)),
  interfacesIp: (talk) => gather(interfacesIp, ask(talk)),
  clock: async ({ router }) => clockOfEpoch(await router.script('read the clock', 'date +%s')),
  ask: (talk, requests) => ask(talk)(requests),
};

/** @throws PlumbError as `Driver.open` */
export const openFrr = async (target: Target, signal: AbortSignal): Promise<Session> => {
  const options = frrOptions(target);
  const ssh = await openSsh(sshOptions(target), signal);
  const router = new FrrRouter(target.device.name, ssh, options);
  return sessionOf(ways, { router, vtysh: new WarmVtysh(router), digests: digestsOf(ssh) }, target, ssh);
};
