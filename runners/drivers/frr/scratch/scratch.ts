import { PlumbError } from '../../../../core/errors.ts';
import { redact } from '../../../../core/redact/redact.ts';
import { converge, type Entered } from '../difference/converge.ts';
import type { FrrDiff } from '../difference/diff.ts';
import { type Node, readTree } from '../difference/tree.ts';
import type { FrrTalk } from './talk.ts';

/** The daemons that are up, and what runs, as the router's scripts print both. */
export const readState = (text: string): { daemons: string; running: string } => {
  const end = text.indexOf('\n') + 1;
  return { daemons: text.slice(0, end).trim(), running: text.slice(end) };
};

/** The release that printed a running configuration, as `FRR 10.3`. */
export const releaseOf = (running: string): string => `FRR ${/^frr version (\S+)/m.exec(running)?.[1] ?? ''}`.trimEnd();

/** The first of the daemons wanted that is not up. */
export const missingOf = (wanted: string, up: string): string | undefined => {
  const running = new Set(up.trim().split(/\s+/));
  return wanted
    .trim()
    .split(/\s+/)
    .find((daemon) => !running.has(daemon));
};

/** The router has no scratch. */
export class NoScratch extends Error {}

/** FRR once more on the router, empty at first, where nothing of it can be felt. */
export class FrrScratch {
  readonly #name: string;
  readonly #talk: FrrTalk;
  readonly #daemons: string;

  private constructor(name: string, talk: FrrTalk, daemons: string) {
    this.#name = name;
    this.#talk = talk;
    this.#daemons = daemons;
  }

  /** @param daemons that must be up in it @throws NoScratch with the reason */
  static async start(name: string, talk: FrrTalk, daemons: string): Promise<FrrScratch> {
    const scratch = new FrrScratch(name, talk, daemons);
    talk.send('');
    await scratch.#up();
    return scratch;
  }

  /** Has it be empty again, with none of what it has seen. @throws NoScratch with the reason */
  async anew(): Promise<void> {
    this.#talk.say('anew');
    await this.#up();
  }

  async #up(): Promise<void> {
    const up = await this.#talk.part();
    if (up?.code !== 0)
      throw new NoScratch(redact(up?.text.trim().split('\n').at(-1) ?? '') || 'it ended without a message');
    const lacking = missingOf(this.#daemons, up.text);
    if (lacking) throw new NoScratch(`${lacking} does not start there`);
  }

  /** @throws PlumbError `rejected` when a daemon dies of the lines, `commit_failed` when the scratch does */
  async enter(lines: string): Promise<Entered> {
    this.#talk.send(lines);
    const said = await this.#talk.part();
    const state = said && (await this.#talk.part());
    if (!said || !state)
      throw new PlumbError('commit_failed', `${this.#name}: trying out the text was interrupted; nothing was changed`);
    const { daemons, running } = readState(state.text);
    const dead = missingOf(this.#daemons, daemons);
    if (dead === undefined) return { said: said.text, runs: readTree(running) };
    throw new PlumbError(
      'rejected',
      `${this.#name}: this change crashes ${dead} of ${releaseOf(running)}; nothing was changed`,
      {
        hint: 'this was a test in a second FRR on the router: split the change to find the line, and check whether a newer FRR release fixes it',
      },
    );
  }
}

/** Lines that lead FRR from what runs to what is wanted, and back; and what of it FRR cannot do while it runs. */
type Rehearsed = {
  readonly forth: string;
  readonly back: string;
  readonly cannot: { readonly forth: FrrDiff; readonly back: FrrDiff };
};

/** Tries a change and its undo where what runs on the router was loaded, one after the other as there. */
export const rehearse = async (
  scratch: FrrScratch,
  { running, now, want }: { running: string; now: Node; want: Node },
  interfaces: ReadonlySet<string>,
): Promise<Rehearsed> => {
  const enter = (lines: string) => scratch.enter(lines);
  await scratch.anew();
  const forth = await converge(enter, (await enter(running)).runs, want, interfaces);
  const back = await converge(enter, forth.now, now, interfaces);
  return { forth: forth.typed, back: back.typed, cannot: { forth: forth.left, back: back.left } };
};
