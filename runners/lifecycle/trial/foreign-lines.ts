import { diffLines } from '../../../core/diff/diff.ts';
import { redactInTurns } from '../../../core/redact/redact.ts';
import type { Driver, Session } from '../../driver.ts';

const most = 20;

const marked = (mark: string, lines: readonly string[]) =>
  lines.flatMap((line) => (line.trim() === '' ? [] : [`${mark}${line.trimEnd()}`]));

/**
 * What differs between two readings of one configuration, without context: `+ntp server 192.0.2.1; -logging on`. Each line is
 * masked by where it stands in the whole.
 */
const typedBetween = async (before: string, after: string): Promise<string> => {
  const { edits } = diffLines(before, after);
  if (edits.length === 0) return '';
  const [old, now] = [await redactInTurns(before), await redactInTurns(after)];
  const lines = { before: old.split('\n'), after: now.split('\n') };
  const changed = edits.flatMap(({ before, after }) => [
    ...marked('-', lines.before.slice(before.start, before.end)),
    ...marked('+', lines.after.slice(after.start, after.end)),
  ]);
  const more = changed.length > most ? [`… and ${changed.length - most} more`] : [];
  return [...changed.slice(0, most), ...more].join('; ');
};

/** The lines that somebody else types on the device while a trial runs: they are undone with it, or confirmed with it. */
export class ForeignLines {
  readonly #driver: Driver;
  /** What ran before the trial. */
  readonly #before: string;
  #inForce: string | undefined;

  constructor(driver: Driver, before: string) {
    this.#driver = driver;
    this.#before = driver.normalise(before);
  }

  /** Notes what the trial has put in force, once. */
  async note(session: Session): Promise<void> {
    this.#inForce ??= await this.#read(session);
  }

  /** The platform goes on to show what ran before: what is confirmed cannot be compared with what was on trial. */
  get isHidden(): boolean {
    return this.#inForce === this.#before;
  }

  /** What the trial has put in force, normalised; undefined: it was not noted. */
  get inForce(): string | undefined {
    return this.#inForce;
  }

  /** What was typed since the trial took effect; '' for nothing, or where that cannot be told. */
  async typed(session: Session): Promise<string> {
    return this.#inForce === undefined ? '' : this.since(await this.#read(session));
  }

  /** The same, by what was just read. @param running normalised */
  async since(running: string): Promise<string> {
    return this.#inForce === undefined ? '' : typedBetween(this.#inForce, running);
  }

  async #read(session: Session): Promise<string> {
    return this.#driver.normalise(await session.config('running'));
  }
}
