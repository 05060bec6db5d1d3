import { refusedAtCommit } from '../../config/refused-commit.ts';
import { cloneTree, emptyTree, type Node, sameTree } from '../../config/tree.ts';
import type { Device, Login } from '../../device.ts';
import { compare, deletePath, mergeInto, setPath, wordsOf } from './edit.ts';
import { type Mistake, readBraces } from './text.ts';

/** How a text goes into the candidate. */
export type Action = 'merge' | 'replace' | 'override' | 'update' | 'set';

/** What a load came to. */
type Loaded = { mistakes: Mistake[]; text: string };

/** A copy of the configuration that someone edits; the shared one or a private one. */
export type Candidate = { tree: Node; private: boolean };

/** Why a candidate cannot be committed; of a statement: where it stands. */
export type Complaint = string | { path: string; text: string; says: string };

const terminal = (login: Login) => `p${login.id}`;

/** The configuration database: candidates, lock, commits. */
export class Database {
  readonly device: Device;
  readonly shared: Candidate;
  lockedBy: { login: Login; text: string } | undefined;
  /** Changed the shared candidate and did not commit. */
  #dirtyBy: Login | undefined;

  constructor(device: Device) {
    this.device = device;
    this.shared = { tree: cloneTree(device.running), private: false };
  }

  get modified(): boolean {
    return !sameTree(this.shared.tree, this.device.running);
  }

  /** Who changed it and did not commit, as Junos tells whoever comes in. */
  get editorText(): string {
    const { user, id, since } = this.#dirtyBy ?? {};
    if (!this.modified || id === undefined) return '';
    return `Users currently editing the configuration:\n  ${user} terminal p${id} (pid ${20_000 + id}) on since ${new Date(since ?? 0).toISOString().slice(0, 19).replace('T', ' ')} UTC\n      [edit]\n`;
  }

  /** Who is in the way, as `<database-status>` of the NETCONF guide. */
  get statusXml(): string {
    const { user, id } = this.lockedBy?.login ?? this.#dirtyBy ?? {};
    if (id === undefined) return '';
    return `<database-status-information><database-status><user>${user}</user><terminal>p${id}</terminal><pid>${20_000 + id}</pid>${this.lockedBy ? '<exclusive/>' : ''}<edit-path>[edit]</edit-path></database-status></database-status-information>`;
  }

  /** Takes the exclusive lock. @returns why not */
  lock(login: Login): string | undefined {
    if (this.lockedBy && this.lockedBy.login.id !== login.id) return this.lockText();
    if (this.modified && this.#dirtyBy?.id !== login.id) return 'configuration database modified';
    this.lockedBy = { login, text: '' };
    return undefined;
  }

  /** Who holds the lock, as Junos says it. */
  lockText(): string {
    const login = this.lockedBy?.login;
    if (!login) return '';
    return `configuration database locked by:\n  ${login.user} terminal ${terminal(login)} (pid ${20_000 + login.id}) on since ${new Date(login.since).toISOString().slice(0, 19).replace('T', ' ')} UTC\n      exclusive [edit]`;
  }

  unlock(login: Login): void {
    if (this.lockedBy?.login.id !== login.id) return;
    this.lockedBy = undefined;
    this.discard(this.shared);
  }

  touched(login: Login): void {
    this.#dirtyBy = login;
  }

  discard(candidate: Candidate): void {
    candidate.tree = cloneTree(this.device.running);
    this.#dirtyBy = undefined;
  }

  /** Loads a text. A mistake is reported, the rest is loaded, as Junos does; who loads must discard. */
  load(candidate: Candidate, action: Action, text: string, login: Login): Loaded {
    this.touched(login);
    const lines = text.split('\n');
    const refusedAt = lines.findIndex(
      (line) => line.trim() !== '' && !line.trim().startsWith('#') && this.device.plan.refuses(line.trim()),
    );
    const refused: Mistake[] =
      refusedAt < 0
        ? []
        : [{ line: refusedAt + 1, column: 1, path: [], text: (lines[refusedAt] ?? '').trim(), what: 'syntax error' }];
    if (action === 'set') return { mistakes: [...refused, ...this.#commands(candidate, lines)], text };
    const { root, mistakes } = readBraces(text);
    if (action === 'override' || action === 'update') candidate.tree = root;
    else mergeInto(candidate.tree, root);
    return { mistakes: [...refused, ...mistakes], text };
  }

  #commands(candidate: Candidate, lines: readonly string[]): Mistake[] {
    const mistakes: Mistake[] = [];
    for (const [at, line] of lines.entries()) {
      const [verb = '', ...words] = wordsOf(line.trim());
      if (verb === '' || verb.startsWith('#')) continue;
      if (verb === 'delete') deletePath(candidate.tree, words);
      const bad = verb === 'set' ? setPath(candidate.tree, words) : verb === 'delete' ? undefined : verb;
      if (bad !== undefined)
        mistakes.push({ line: at + 1, column: line.indexOf(bad), path: [], text: bad, what: 'syntax error' });
    }
    return mistakes;
  }

  /** Checks a candidate as `commit check` does. @returns the complaint */
  check(candidate: Candidate): Complaint | undefined {
    if (this.device.faults.failCommit !== undefined) return this.device.faults.failCommit;
    const refused = refusedAtCommit(this.device, candidate.tree);
    if (refused) return { path: `[edit${refused.above.map((text) => ` ${text}`).join('')}]`, ...refused };
    if (candidate.tree.children.length === 0) return 'Missing mandatory statement: root-authentication';
    return undefined;
  }

  /** Commits, or confirms what waits. */
  async commit(
    candidate: Candidate,
    login: Login,
    options: { comment?: string | undefined; confirmedMinutes?: number | undefined } = {},
  ): Promise<Complaint | undefined> {
    const { device } = this;
    if (this.lockedBy && this.lockedBy.login.id !== login.id) return this.lockText();
    const complaint = this.check(candidate);
    if (complaint !== undefined) return complaint;
    if (device.faults.fullFlash) return '/config/juniper.conf+: No space left on device';
    if (device.faults.commitMs > 0) await device.clock.wait(device.faults.commitMs);
    const before = device.trial?.before ?? cloneTree(device.running);
    device.apply(cloneTree(candidate.tree), login.user);
    const note =
      options.confirmedMinutes === undefined ? '' : `commit confirmed, rollback in ${options.confirmedMinutes}mins`;
    device.record({
      id: String(device.nextId()),
      user: login.user,
      client: login.via === 'netconf' ? 'netconf' : 'cli',
      comment: options.comment ?? '',
      note,
    });
    if (options.confirmedMinutes !== undefined)
      device.arm('commit confirmed', login, options.confirmedMinutes * 60, before, () => this.#undone());
    else device.disarm();
    this.discard(this.shared);
    return undefined;
  }

  /** A check or a commit of anyone confirms a trial. */
  confirm(): void {
    this.device.disarm();
  }

  #undone(): void {
    this.device.record({ id: String(this.device.nextId()), user: 'root', client: 'other', comment: '' });
    this.discard(this.shared);
  }

  /** Loads an older configuration into a candidate. */
  rollback(candidate: Candidate, number: number): boolean {
    const older = number === 0 ? this.device.running : this.device.history[number]?.tree;
    if (!older) return false;
    candidate.tree = cloneTree(older);
    return true;
  }

  /** What a candidate changes. */
  diff(candidate: Candidate, number = 0): string {
    const base = number === 0 ? this.device.running : (this.device.history[number]?.tree ?? emptyTree());
    return compare(base, candidate.tree)
      .map((line) => `${line}\n`)
      .join('');
  }
}
