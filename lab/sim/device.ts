import { Clock, type Timer } from './clock.ts';
import { type Interface, interfacesOf } from './config/interfaces.ts';
import { cloneTree, emptyTree, type Node } from './config/tree.ts';
import { FaultPlan, type Faults } from './faults.ts';
import type { Link } from './link.ts';
import { type Beside, type Cables, cablesOf, type Neighbor, neighborsOf, type Speakers } from './neighbors.ts';

/** Someone who is logged in. */
export type Login = {
  id: number;
  user: string;
  from: string;
  via: 'ssh' | 'telnet' | 'eapi' | 'netconf';
  since: number;
  link: Link | undefined;
};

/** A commit that waits for its confirmation. */
export type Trial = {
  name: string;
  user: string;
  armedBy: Login;
  since: number;
  expiresAt: number;
  before: Node;
};

/** A configuration that was in effect, newest first. */
export type Commit = {
  id: string;
  at: number;
  user: string;
  client: string;
  comment: string;
  /** What the platform adds to the comment. */
  note?: string;
  tree: Node;
};

/** What all platforms have: configurations, files, time, logins and faults. */
export class Device {
  readonly clock: Clock;
  readonly plan: FaultPlan;
  readonly logins = new Set<Login>();
  /** Connections that are open. */
  readonly links = new Set<Link>();
  readonly files = new Map<string, string>();
  readonly history: Commit[] = [];
  running: Node = emptyTree();
  /** Lines of the configuration that it booted with which it did not understand, and left out. */
  misread: readonly { line: number; text: string }[] = [];
  startup: Node = emptyTree();
  trial: Trial | undefined;
  bootedAt: number;
  lastChange: { at: number; by: string };
  /** How the platform's configuration makes interfaces. */
  readInterfaces: (running: Node) => Interface[] = interfacesOf;
  /** Which interfaces speak LLDP and the routing protocols that find neighbours; set by a platform that shows them. */
  speakers: Speakers = { lldp: () => undefined, ospf: () => undefined, isis: () => undefined };
  /** Called after each change of the running configuration. */
  onChange: () => void = () => {};
  #cables: Cables = new Map();
  #timer: Timer | undefined;
  #ids = 0;

  constructor(options: { faults?: Partial<Faults> | undefined; timeScale?: number | undefined } = {}) {
    this.clock = new Clock(options.timeScale ?? 1);
    this.plan = new FaultPlan(options.faults);
    this.bootedAt = this.clock.now() - 3_600_000;
    this.lastChange = { at: this.bootedAt, by: 'admin' };
  }

  get faults(): Faults {
    return this.plan.faults;
  }

  /** Seconds since the last boot. */
  get uptime(): number {
    return (this.clock.now() - this.bootedAt) / 1000;
  }

  /** Whether a port has a carrier; a unit, or a subinterface, has that of its port. */
  hasCarrier(name: string): boolean {
    const dead = new RegExp(this.faults.linkDown?.match ?? '(?!)');
    return !dead.test(name) && !dead.test(name.replace(/\.\d+$/, ''));
  }

  /** The interfaces as they are now. */
  interfaces(): Interface[] {
    return this.readInterfaces(this.running).map((one) => ({ ...one, up: one.up && this.hasCarrier(one.name) }));
  }

  /** Lays the cables that the running configuration speaks of; no later configuration moves them. */
  plug(): void {
    this.#cables = cablesOf(this.readInterfaces(this.running));
  }

  /** Who is heard by a protocol; undefined where it does not run. */
  neighbors(by: Beside): Neighbor[] | undefined {
    const lost = new RegExp(this.faults.neighborLost?.match ?? '(?!)');
    const speaking = this.speakers[by](this.running);
    return (
      speaking &&
      neighborsOf(this.interfaces(), speaking, by, this.#cables).filter(
        (one) => !lost.test(`${by} ${one.interface.name}`),
      )
    );
  }

  nextId(): number {
    return ++this.#ids;
  }

  login(user: string, via: Login['via'], link: Link | undefined): Login {
    const login: Login = {
      id: this.nextId(),
      user,
      from: link?.remoteAddress ?? '',
      via,
      since: this.clock.now(),
      link,
    };
    this.logins.add(login);
    return login;
  }

  /** Makes a configuration the running one. */
  apply(tree: Node, by: string): void {
    this.running = tree;
    this.touched(by);
  }

  /** Notes that the running configuration was changed in place. */
  touched(by: string): void {
    this.lastChange = { at: this.clock.now(), by };
    this.onChange();
  }

  save(): void {
    this.startup = cloneTree(this.running);
  }

  /** Arms the undo of a commit. @param before what the undo restores */
  arm(name: string, login: Login, seconds: number, before: Node, undone: () => void = () => {}): void {
    const now = this.clock.now();
    this.disarm();
    this.trial = { name, user: login.user, armedBy: login, since: now, expiresAt: now + seconds * 1000, before };
    this.#timer = this.clock.after(seconds * 1000 + this.faults.undoLateMs, () => {
      this.undo();
      undone();
    });
  }

  /** Confirms the trial: nothing will be undone. */
  disarm(): Trial | undefined {
    const { trial } = this;
    this.#timer?.cancel();
    this.trial = undefined;
    return trial;
  }

  /** Undoes the trial now. */
  undo(): void {
    const trial = this.disarm();
    if (trial) this.apply(cloneTree(trial.before), trial.user);
  }

  /** Records a commit. */
  record(commit: Omit<Commit, 'at' | 'tree'>): void {
    this.history.unshift({ ...commit, at: this.clock.now(), tree: cloneTree(this.running) });
    this.history.splice(50);
  }

  /** Cuts every connection. */
  disconnect(): void {
    for (const link of this.links) link.cut();
    this.logins.clear();
  }
}
