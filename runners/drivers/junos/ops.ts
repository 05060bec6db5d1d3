import type { Target } from '../../driver.ts';
import { children, descendants, parseXml, textOf, type XmlElement } from '../../xml.ts';

/** One commit, newest is number 0. */
export type JunosCommit = {
  number: number;
  user: string;
  /** How it was made: cli, netconf; `other`: by the router itself. */
  client: string;
  at: Date;
  /** The comment and what Junos adds to it: `commit confirmed, rollback in 2mins`. */
  text: string;
  /** Minutes of a commit that was to be confirmed. */
  confirmMinutes: number | undefined;
  /** It will be rolled back; the text of a commit that was to be confirmed stays for good, this does not. */
  pending: boolean;
};

export const lockHint =
  'Plumbline leaves locks and uncommitted changes of others alone: ask the owner; `status` in configuration mode lists all users';

export type LoadAction = 'override' | 'merge' | 'set';

/** What the driver asks of a Junos; NETCONF and the command line do it each in their own way. */
export type JunosOps = AsyncDisposable & {
  target: Target;
  /** The exclusive lock. @throws PlumbError `locked` */
  lock(): Promise<void>;
  /** Discards what is uncommitted and gives the lock back. @returns why not: then the session was ended, and the lock with it */
  unlock(): Promise<string | undefined>;
  /** @returns what it would change; '' for nothing @throws PlumbError `rejected` with the text's line number */
  load(action: LoadAction, text: string): Promise<string>;
  /** Loads an older commit into the candidate. */
  rollback(number: number): Promise<void>;
  /** @throws PlumbError `rejected` */
  check(): Promise<void>;
  /** @throws PlumbError `commit_failed` */
  commit(log: string, confirmMinutes?: number): Promise<void>;
  history(): Promise<JunosCommit[]>;
  config(database: 'candidate' | 'committed'): Promise<string>;
  run(command: string, timeoutMs?: number): Promise<string>;
  /** The answer to a getter's request as XML; undefined where it is refused. */
  ask(request: string): Promise<string | undefined>;
  alive(): Promise<void>;
  readonly closed: Promise<string>;
};

const toCommit = (entry: XmlElement, index: number): JunosCommit => {
  const date = children(entry, 'date-time')[0];
  const text = ['comment', 'log']
    .map((name) => textOf(entry, name) ?? '')
    .filter(Boolean)
    .join(' ');
  const seconds = Number(date?.attributes.seconds);
  const minutes = /commit confirmed, rollback in (\d+) ?min/.exec(text)?.[1];
  return {
    number: Number(textOf(entry, 'sequence-number') ?? index),
    user: textOf(entry, 'user') ?? '',
    client: textOf(entry, 'client') ?? '',
    at: Number.isFinite(seconds) ? new Date(seconds * 1000) : new Date(Number.NaN),
    text,
    confirmMinutes: minutes === undefined ? undefined : Number(minutes),
    pending: /rollback pending/.test(textOf(entry, 'commit-confirmed') ?? ''),
  };
};

/** The commits in a `<commit-information>`, wherever it stands in the text. */
export const readHistory = (text: string): JunosCommit[] => {
  const start = text.indexOf('<');
  return start < 0 ? [] : descendants(parseXml(text.slice(start)), 'commit-history').map(toCommit);
};
