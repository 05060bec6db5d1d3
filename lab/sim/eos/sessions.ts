import { cloneTree, type Node } from '../config/tree.ts';
import type { Device, Login } from '../device.ts';
import { Editor } from '../terminal/editor.ts';
import { eosSyntax } from './syntax.ts';

/** A configuration session: a candidate with a name. */
export type ConfigSession = {
  name: string;
  state: 'pending' | 'pendingCommitTimer' | 'completed';
  user: string;
  terminal: string;
  tree: Node;
  /** Who edits it now. */
  login: Login | undefined;
  /** Seconds of uptime at which the commit timer fires. */
  commitBy: number;
};

const maxOpen = 5;
const maxSaved = 1;

/** The configuration sessions of a switch. Errors come as texts without `% `. */
export class ConfigSessions {
  readonly #device: Device;
  readonly all = new Map<string, ConfigSession>();
  #names = 0;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Opens a session, or goes back into one. */
  enter(name: string | undefined, login: Login): ConfigSession | string {
    const wanted = name ?? `sess-${login.id}-${++this.#names}`;
    const known = this.all.get(wanted);
    if (known && known.state !== 'completed') {
      known.login = login;
      return known;
    }
    const open = [...this.all.values()].filter(({ state }) => state !== 'completed').length;
    if (open >= maxOpen)
      return 'Maximum number of pending sessions has been reached. Please commit or abort previous sessions before creating a new one.';
    const session: ConfigSession = {
      name: wanted,
      state: 'pending',
      user: login.user,
      terminal: `vty${login.id}`,
      tree: cloneTree(this.#device.running),
      login,
      commitBy: 0,
    };
    this.all.set(wanted, session);
    return session;
  }

  /** `rollback clean-config`: what a switch without configuration has. */
  clean(session: ConfigSession): void {
    const ports = this.#device.running.children.filter(({ text }) =>
      eosSyntax.hardware.test(text.replace(/^interface /, '')),
    );
    session.tree = { text: '', children: ports.map((port) => ({ ...port, children: [] })) };
  }

  /** Commits, confirms a commit that waits, or starts one that will be undone. */
  async commit(name: string, login: Login, timerSeconds?: number): Promise<string | undefined> {
    const session = this.all.get(name);
    if (!session || session.state === 'completed') return `Cannot commit session ${name}: no such pending session`;
    const { trial } = this.#device;
    if (trial && trial.name !== name) return `Cannot commit session. Session ${trial.name} is pending commit timer.`;
    const { failCommit, commitMs } = this.#device.faults;
    if (commitMs > 0) await this.#device.clock.wait(commitMs);
    if (failCommit !== undefined) return failCommit.replace(/^% /, '');
    if (trial) {
      if (timerSeconds === undefined) {
        this.#device.disarm();
        this.#complete(session);
      } else this.#arm(session, login, timerSeconds, trial.before);
      return undefined;
    }
    const before = cloneTree(this.#device.running);
    this.#device.apply(cloneTree(session.tree), login.user);
    if (timerSeconds === undefined) this.#complete(session);
    else this.#arm(session, login, timerSeconds, before);
    session.login = undefined;
    return undefined;
  }

  /** Throws a session away; a commit of it that waits is undone. */
  abort(name: string): string | undefined {
    if (!this.all.has(name)) return `Cannot abort session ${name}: session does not exist`;
    if (this.#device.trial?.name === name) this.#device.undo();
    this.all.delete(name);
    return undefined;
  }

  #arm(session: ConfigSession, login: Login, seconds: number, before: Node): void {
    session.state = 'pendingCommitTimer';
    session.commitBy = this.#device.uptime + seconds;
    this.#device.arm(session.name, login, seconds, before, () => this.all.delete(session.name));
  }

  #complete(session: ConfigSession): void {
    session.state = 'completed';
    const completed = [...this.all.values()].filter(({ state }) => state === 'completed');
    for (const old of completed.slice(0, -maxSaved)) this.all.delete(old.name);
  }

  /** An editor at the top of a tree. */
  editor(tree: Node): Editor {
    return new Editor(eosSyntax, tree);
  }
}
