import { type Complaint, readLines } from '../config/read.ts';
import { type RefusedAtCommit, refusedAtCommit } from '../config/refused-commit.ts';
import { cloneTree, emptyTree, type Node, sameTree } from '../config/tree.ts';
import type { Device, Login, Trial } from '../device.ts';
import { Editor } from '../terminal/editor.ts';
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

/** A line below its modes, and the reason below it, as `show configuration failed` prints them. */
const listed = (refused: RefusedAtCommit | undefined): string | undefined => {
  if (!refused) return undefined;
  const { above, text, says } = refused;
  const lines = [...above, text].map((line, depth) => ' '.repeat(depth) + line);
  return [...lines, `!!% ${says}`, ...above.map((_, at) => `${' '.repeat(above.length - at - 1)}!`)].join('\n');
};

/** How a session is called in the router's lists. */
export const sessionName = (id: number): string => `00001000-${(id >>> 0).toString(16).padStart(8, '0')}-00000000`;

/** What whoever did not arm the trial hears when he commits. */
export const unexpired = ({ armedBy }: Trial): string =>
  `% Cannot commit because there is an unexpired trial/rollback session '${sessionName(armedBy.id)}'.\n`;

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
    options: { seconds?: number | undefined; comment?: string | undefined; label?: string | undefined },
  ): Promise<string | undefined> {
    const { device } = this;
    if (this.lockedBy && this.lockedBy.id !== target.login.id)
      return `% Failed to commit .. As an error (Unknown) encountered during commit operation. Changes may not have been committed: 'CfgMgr' detected the 'fatal' condition 'Configuration is locked by another session (user ${this.lockedBy.user})'\n`;
    const { trial } = device;
    if (trial && trial.armedBy.id !== target.login.id)
      return target.empty ? '% No configuration changes to commit.\n' : unexpired(trial);
    if (trial && options.seconds === undefined && (target.empty || sameTree(tree, device.running))) {
      device.disarm();
      target.clear();
      return undefined;
    }
    if (sameTree(tree, device.running)) return '% No configuration changes to commit.\n';
    if (device.faults.commitMs > 0) await device.clock.wait(device.faults.commitMs);
    if (device.faults.fullFlash)
      return "% Failed to commit .. As an error (Unknown) encountered during commit operation. Changes may not have been committed: 'CfgMgr' detected the 'fatal' condition 'No space left on device'\n";
    const refused = device.faults.failCommit ?? listed(refusedAtCommit(device, tree));
    if (refused !== undefined) {
      this.failed = `!! SEMANTIC ERRORS: This configuration was rejected by\n!! the system due to semantic errors. The individual\n!! errors with each failed configuration command can be\n!! found below.\n\n\n${refused}\nend\n\n`;
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
    if (options.seconds !== undefined) {
      const { login } = target;
      if (this.lockedBy?.id === login.id) this.lockedBy = undefined; // a trial gives the lock back
      device.arm(`trial ${this.#commits}`, login, options.seconds, before, () => this.#rolledBack(login.user));
    } else device.disarm();
    target.clear();
    target.base = device.running;
    return undefined;
  }

  /** Undoes the trial at once. */
  cancel(): void {
    const user = this.device.trial?.user;
    this.device.undo();
    if (user !== undefined) this.#rolledBack(user);
  }

  #rolledBack(user: string): void {
    this.device.record({ id: String(++this.#commits), user, client: 'Rollback', comment: '' });
  }

  /** Goes back `count` commits. */
  rollback(count: number, login: Login): boolean {
    const target = this.device.history[count];
    if (!target) return false;
    this.device.apply(cloneTree(target.tree), login.user);
    this.#rolledBack(login.user);
    return true;
  }
}
