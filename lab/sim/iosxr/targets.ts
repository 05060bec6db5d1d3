import type { Device, Login } from '../device.ts';
import { Editor } from '../editor.ts';
import { type Complaint, readLines } from '../read.ts';
import { cloneTree, emptyTree, type Node, sameTree } from '../tree.ts';
import { iosxrSyntax } from './syntax.ts';

/** What a session has typed and not committed. */
export class Target {
  readonly login: Login;
  readonly since: number;
  exclusive = false;
  /** Where the prompt stands: the lines on their own. */
  alone: Node = emptyTree();
  editor = new Editor(iosxrSyntax, this.alone);
  #lines: string[] = [];
  /** Commits of others since this one was begun. */
  base: Node;

  constructor(login: Login, now: number, base: Node) {
    this.login = login;
    this.since = now;
    this.base = base;
  }

  get empty(): boolean {
    return this.#lines.every((line) => line.trim() === '' || line.trim().startsWith('!'));
  }

  add(...lines: string[]): void {
    this.#lines.push(...lines);
  }

  clear(): void {
    this.#lines = [];
    this.alone = emptyTree();
    this.editor = new Editor(iosxrSyntax, this.alone);
  }

  /** The running configuration with this on top. */
  merged(running: Node): Node {
    return readLines(iosxrSyntax, this.#lines.join('\n'), cloneTree(running)).root;
  }

  /** This, instead of the running configuration. */
  replaced(): { root: Node; complaints: Complaint[] } {
    return readLines(iosxrSyntax, this.#lines.join('\n'));
  }
}

/** All targets of a router, who locked it, and its commits. */
export class Targets {
  readonly device: Device;
  readonly open = new Set<Target>();
  lockedBy: { user: string; id: number } | undefined;
  failed = '';
  #commits = 1_000_000_000;

  constructor(device: Device) {
    this.device = device;
  }

  begin(login: Login): Target {
    const target = new Target(login, this.device.clock.now(), this.device.running);
    this.open.add(target);
    return target;
  }

  end(target: Target): void {
    this.open.delete(target);
    if (this.lockedBy?.id === target.login.id) this.lockedBy = undefined;
  }

  /** Makes a tree the running one; with `seconds` as a trial. @returns what IOS-XR says, undefined when it was taken */
  async commit(
    target: Target,
    tree: Node,
    options: { seconds?: number; comment?: string; label?: string },
  ): Promise<string | undefined> {
    const { device } = this;
    if (this.lockedBy && this.lockedBy.id !== target.login.id)
      return `% Failed to commit .. As an error (Unknown) encountered during commit operation. Changes may not have been committed: 'CfgMgr' detected the 'fatal' condition 'Configuration is locked by another session (user ${this.lockedBy.user})'\n`;
    const { trial } = device;
    if (trial && trial.armedBy.id !== target.login.id)
      return '% Failed to commit. A trial configuration of another session is in effect: please wait for it to be confirmed or rolled back.\n';
    if (trial && options.seconds === undefined && (target.empty || sameTree(tree, device.running))) {
      device.disarm();
      target.clear();
      return undefined;
    }
    if (sameTree(tree, device.running)) return '% No configuration changes to commit.\n';
    if (device.faults.commitMs > 0) await device.clock.wait(device.faults.commitMs);
    if (device.faults.failCommit !== undefined) {
      this.failed = `!! SEMANTIC ERRORS: This configuration was rejected by\n!! the system due to semantic errors. The individual\n!! errors with each failed configuration command can be\n!! found below.\n\n\n${device.faults.failCommit}\nend\n\n`;
      return "\n% Failed to commit one or more configuration items during a pseudo-atomic operation. All changes made have been reverted. Please issue 'show configuration failed [inheritance]' from this session to view the errors\n";
    }
    const before = trial?.before ?? cloneTree(device.running);
    device.apply(tree, target.login.user);
    device.record({
      id: options.label ?? String(++this.#commits),
      user: target.login.user,
      client: target.login.via === 'netconf' ? 'netconf' : 'CLI',
      comment: options.comment ?? '',
    });
    if (options.seconds !== undefined) device.arm(`trial ${this.#commits}`, target.login, options.seconds, before);
    else device.disarm();
    target.clear();
    target.base = device.running;
    return undefined;
  }

  /** Goes back `count` commits. */
  rollback(count: number, login: Login): boolean {
    const target = this.device.history[count];
    if (!target) return false;
    this.device.apply(cloneTree(target.tree), login.user);
    this.device.record({ id: String(++this.#commits), user: login.user, client: 'Rollback', comment: '' });
    return true;
  }
}
