import type { Mode } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { oneAtATime } from '../../../core/one-at-a-time.ts';
import { Dialogue } from '../../dialogue/dialogue.ts';
import type { Candidate, ChangeName, ConfigFrom, RunOptions, Saved, Session, Target, Trial } from '../../driver.ts';
import { answersTo, type Getter, gather } from '../../getters/getter.ts';
import { TcpDigests } from '../../session/tcp-digests.ts';
import type { Bgp, BgpDetail, Facts, InterfacesIp } from '../../shapes.ts';
import type { SshConnection } from '../../transports/ssh/connection.ts';
import { openSsh } from '../../transports/ssh/ssh.ts';
import { sshOptions } from '../../transports/ssh/target.ts';
import { FrrCandidate } from './candidate.ts';
import { vtysh } from './cli.ts';
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

/** One connection to a router: a warm vtysh for commands, and a channel of its own for each script. */
export class FrrSession implements Session {
  readonly #router: FrrRouter;
  readonly #ssh: SshConnection;
  readonly closed: Promise<string>;
  readonly #digests: TcpDigests;
  #shell: Promise<Dialogue> | undefined;
  readonly #inTurn = oneAtATime();

  constructor(router: FrrRouter) {
    this.#router = router;
    this.#ssh = router.ssh;
    this.#digests = new TcpDigests(async () => (await this.#ssh.exec('cat /proc/net/netstat', { stdin: '' })).stdout);
    this.closed = this.#ssh.closed;
  }

  /** @throws PlumbError as `Driver.open` */
  static async open(target: Target, signal: AbortSignal): Promise<FrrSession> {
    const options = frrOptions(target);
    const ssh = await openSsh(sshOptions(target), signal);
    return new FrrSession(new FrrRouter(target.device.name, ssh, options));
  }

  run(command: string, options: RunOptions = {}): Promise<string> {
    return this.#inTurn(() => this.#run(command, options));
  }

  async #run(command: string, { timeoutMs = 60_000 }: RunOptions): Promise<string> {
    if (/[\r\n]/.test(command)) {
      throw new PlumbError('rejected', `${this.#router.name}: a command is one line`, { hint: 'send them one by one' });
    }
    const cli = await this.#warm();
    try {
      return await cli.send(command, { silenceMs: timeoutMs, totalMs: timeoutMs });
    } catch (error) {
      if (error instanceof PlumbError && error.code !== 'rejected') await this.#chill(); // it is out of step
      throw error;
    } finally {
      // a command may have entered configuration mode, which locks others out
      if (this.#shell && cli.configuring) await cli.send('end').catch(() => this.#chill());
    }
  }

  #warm(): Promise<Dialogue> {
    const { name, vtysh: command } = this.#router;
    this.#shell ??= (async () => {
      const channel = await this.#ssh.start(command, { pty, yields: () => void this.#chill() });
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

  async load(config: string, mode: Mode, change: ChangeName): Promise<Candidate> {
    return new FrrCandidate(this.#router, await loadDraft(this.#router, config, mode, change));
  }

  pending(): Promise<Trial | undefined> {
    return pendingTrial(this.#router);
  }

  saved(): Promise<Saved[]> {
    return listSaved(this.#router);
  }

  savedConfig(job: string): Promise<string> {
    return readSaved(this.#router, job);
  }

  async clean(epoch: number): Promise<string[]> {
    const output = await this.#router.script('clean up', scripts.clean, [epoch]);
    return output.split('\n').filter(Boolean);
  }

  async config(from: ConfigFrom): Promise<string> {
    if (from === 'running') {
      const text = await this.run('show running-config no-header');
      return `${text.replace(/^Warning: connecting to .*\n/gm, '')}\n`; // of a daemon that is down
    }
    return this.#router.script('read the startup configuration', scripts.startup);
  }

  async facts(): Promise<Facts> {
    return parseFacts(await this.#router.script('read the facts', scripts.facts));
  }

  async bgp(): Promise<Bgp> {
    return this.#digests.mark(await this.#gather(bgp));
  }

  bgpDetail(): Promise<BgpDetail> {
    return this.#gather(bgpDetail);
  }

  interfacesIp(): Promise<InterfacesIp> {
    return this.#gather(interfacesIp);
  }

  ask(requests: readonly string[]): Promise<(string | undefined)[]> {
    return answersTo(requests, (command) => this.run(command));
  }

  #gather<T>(getter: Getter<T>): Promise<T> {
    return gather(getter, (requests) => this.ask(requests));
  }

  alive(): Promise<void> {
    return this.#ssh.alive();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ssh[Symbol.asyncDispose]();
  }
}
