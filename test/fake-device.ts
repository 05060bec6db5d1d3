import { PlumbError } from '../core/errors.ts';
import type { ChangeName, Driver, Saved, Session, Trial } from '../runners/driver.ts';
import type { Bgp, BgpPeer } from '../runners/shapes.ts';

/** A device in memory behind the driver's contract: the edge that the lifecycle's own tests fake. */
export class FakeDevice {
  running: string;
  startup: string;
  reachable = true;
  refuses = false;
  logins = 0;
  /** Only sessions that are open already work: management is cut for new ones. */
  cutNew = false;
  bgp: () => Bgp = () => ({});
  /** Its own difference of two texts. */
  tells = (before: string, after: string): string => `-${before}+${after}`;
  /** Called with each operation on the device; may throw or wait. */
  on: (operation: string) => Promise<void> | void = () => {};
  readonly commits: { job: string; sha256: string }[] = [];
  readonly history: Saved[] = [];
  readonly texts = new Map<string, string>();
  candidates = 0;
  sessions = 0;
  trial:
    | { name: ChangeName; before: string; expiresAt: Date; timer: NodeJS.Timeout; phase: Trial['phase'] }
    | undefined;

  constructor(running: string) {
    this.running = running;
    this.startup = running;
  }

  undo(): void {
    if (!this.trial) return;
    clearTimeout(this.trial.timer);
    this.running = this.trial.before;
    this.#end('undone');
  }

  #end(outcome: Saved['outcome']): void {
    const saved = this.history.find(({ job }) => job === this.trial?.name.job);
    if (saved) saved.outcome = outcome;
    this.trial = undefined;
  }

  #handle(): Trial | undefined {
    const { trial } = this;
    if (!trial) return undefined;
    const { name, expiresAt, phase } = trial;
    return {
      name: name.job,
      job: name.job,
      epoch: name.epoch,
      owner: 'fake',
      expiresAt,
      phase,
      confirm: async () => {
        await this.#use('confirm');
        if (this.trial?.name.job !== name.job) throw new PlumbError('commit_failed', 'the trial is gone');
        clearTimeout(trial.timer);
        this.startup = this.running;
        this.#end('applied');
      },
      undo: async () => {
        await this.#use('undo');
        this.undo();
      },
    };
  }

  async #use(operation: string): Promise<void> {
    if (!this.reachable) throw new PlumbError('unreachable', 'fake: no route to host');
    await this.on(operation);
  }

  async #commit(text: string, name: ChangeName, seconds: number, fence: () => void): Promise<Trial> {
    fence();
    const before = this.running;
    const timer = setTimeout(() => this.undo(), seconds * 1000).unref();
    this.trial = { name, before, expiresAt: new Date(Date.now() + seconds * 1000), timer, phase: 'armed' };
    this.texts.set(name.job, before);
    this.history.unshift({ job: name.job, at: new Date(), sha256: name.sha256, outcome: 'unknown' });
    this.commits.push({ job: name.job, sha256: name.sha256 });
    this.running = text;
    await this.#use('committed');
    const trial = this.#handle();
    if (!trial) throw new PlumbError('commit_failed', 'undone at once');
    return trial;
  }

  session(): Session {
    let close = (_reason: string) => {};
    const closed = new Promise<string>((resolve) => {
      close = resolve;
    });
    this.sessions++;
    return {
      run: async (command) => {
        await this.#use('run');
        if (command === 'show bad') throw new PlumbError('rejected', 'show bad: % Unknown command');
        return `output of ${command}\n`;
      },
      load: async (text, _mode, name) => {
        await this.#use('load');
        const bad = text.split('\n').findIndex((line) => line.startsWith('bad'));
        if (bad >= 0)
          throw new PlumbError('rejected', `line ${bad + 1}: % Unknown command: ${text.split('\n')[bad]}`, {
            line: bad + 1,
          });
        this.candidates++;
        let disposed = false;
        return {
          unstable: [],
          diff: async () => {
            await this.#use('diff');
            return text === this.running ? '' : this.tells(this.running, text);
          },
          commit: async ({ confirmSeconds, fence }) => {
            await this.#use('commit');
            const trial = await this.#commit(text, name, confirmSeconds, fence);
            if (disposed) throw new Error('the candidate was disposed while it was committed');
            return trial;
          },
          [Symbol.asyncDispose]: async () => {
            disposed = true;
            this.candidates--;
          },
        };
      },
      pending: async () => {
        await this.#use('pending');
        return this.#handle();
      },
      saved: async () => this.history,
      savedConfig: async (job) => {
        const text = this.texts.get(job);
        if (text === undefined) throw new PlumbError('unknown_job', `nothing saved before job ${job}`);
        return text;
      },
      clean: async () => [],
      config: async (from) => {
        await this.#use('config');
        return from === 'running' ? this.running : this.startup;
      },
      facts: async () => ({
        hostname: 'leaf1',
        fqdn: null,
        vendor: null,
        model: null,
        os_version: null,
        serial_number: null,
        uptime: 1,
        interface_list: [],
      }),
      bgp: async () => {
        await this.#use('bgp');
        return this.bgp();
      },
      interfacesIp: async () => ({ lo: { ipv4: { '10.255.0.1': { prefix_length: 32 } } } }),
      alive: () => this.#use('alive'),
      closed,
      [Symbol.asyncDispose]: async () => {
        this.sessions--;
        close('disposed');
      },
    };
  }

  get driver(): Driver {
    return {
      platform: 'generic',
      capabilities: {
        transports: ['none'],
        replace: 'atomic',
        merge: 'atomic',
        diff: 'device',
        trial: 'native',
        trialUnitSeconds: 1,
        confirmFrom: 'any',
        comment: true,
        startup: true,
        getters: ['facts', 'bgp', 'interfaces-ip'],
        tested: '',
        notes: [],
      },
      open: async () => {
        await this.#use('open');
        this.logins++;
        if (this.refuses) throw new PlumbError('unauthorized', 'fake: permission denied');
        if (this.cutNew) throw new PlumbError('unreachable', 'fake: connection timed out');
        return this.session();
      },
      normalise: (config) => config,
      hostname: (config) => /^hostname (\S+)/m.exec(config)?.[1],
    };
  }
}

/** A session that is up; counters as given. */
export const peer = (fields: Partial<BgpPeer> = {}): BgpPeer => ({
  local_as: 65001,
  remote_as: 65000,
  remote_id: null,
  is_up: true,
  is_enabled: true,
  description: '',
  uptime: 10,
  address_family: { ipv4: { received_prefixes: 10, accepted_prefixes: 10, sent_prefixes: 1 } },
  state: 'Established',
  dynamic: false,
  messages_received: 100,
  messages_sent: 100,
  keepalives_received: 50,
  hold_seconds: 3,
  keepalive_seconds: 1,
  flaps: 0,
  last_error: null,
  ...fields,
});

/** Sessions of BGP as they are told: one that is up, and heard of at each look. */
export const heard = (address = '10.0.0.0'): (() => Bgp) => {
  let count = 50;
  return () => ({ global: { router_id: null, peers: { [address]: peer({ keepalives_received: count++ }) } } });
};
