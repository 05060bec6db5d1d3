import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { Candidate, CommitOptions, Trial } from '../../driver.ts';
import { converge, type Entered } from './difference/converge.ts';
import { differ, unified } from './difference/diff.ts';
import * as limits from './difference/limits.ts';
import { refuseLeft } from './difference/refusals.ts';
import { readTree } from './difference/tree.ts';
import { watch } from './library.ts';
import { type Draft, discardDraft } from './load.ts';
import type { FrrRouter } from './router.ts';
import { missingOf, readState, releaseOf } from './scratch/scratch.ts';
import type { FrrTalk } from './scratch/talk.ts';
import * as scripts from './scripts.ts';
import { frrTrial } from './trial.ts';

const whyNot: Readonly<Record<string, string>> = {
  lost: 'the candidate is gone from the router',
  changed: 'someone changed the running configuration after the comparison',
  unread: 'the running configuration cannot be read',
  unsaved: 'the running configuration cannot be saved under /var/lib/plumbline',
  unwatched: 'the dead-man switch did not start',
};

/** A text that lies on a router and may become a trial. */
export class FrrCandidate implements Candidate {
  readonly #router: FrrRouter;
  readonly #draft: Draft;
  #committed = false;

  constructor(router: FrrRouter, draft: Draft) {
    this.#router = router;
    this.#draft = draft;
  }

  get unstable(): readonly string[] {
    return this.#draft.plan.unstable;
  }

  get notes(): readonly string[] {
    return this.#draft.plan.notes;
  }

  async diff(): Promise<string> {
    const { now, want } = this.#draft.plan;
    return unified(now, want);
  }

  async commit({ confirmSeconds, comment, fence }: CommitOptions): Promise<Trial> {
    const { name } = this.#router;
    const { folder, change, plan } = this.#draft;
    const needed = limits.estimateMs(differ(plan.now, plan.want), plan.now);
    const limitSeconds = limits.applySeconds(name, confirmSeconds, needed);
    const { job, epoch } = change;
    const id = `${epoch}-${job}`;
    const meta = this.#meta(id, comment);
    const talk = await this.#router.talk(
      scripts.commit,
      (cut) => [folder, id, confirmSeconds, limitSeconds, job, meta, watch, cut],
      (limitSeconds + 60) * 1000,
    );
    const expiresAt = new Date(Date.now() + confirmSeconds * 1000);
    talk.send(plan.back);
    await this.#arm(talk);
    this.#committed = true; // the candidate has become the trial
    const trial = frrTrial(this.#router, { name: id, job, epoch, owner: 'us', expiresAt, phase: 'armed' });
    try {
      fence();
      await this.#apply(talk, limitSeconds);
    } catch (error) {
      await talk.end().catch(() => {});
      await trial.undo();
      throw error;
    }
    return trial;
  }

  #meta(id: string, comment: string | undefined): string {
    const { job, epoch, sha256, commit, author } = this.#draft.change;
    return Object.entries({ id, job, epoch, sha256, commit, author, comment })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${String(value).replace(/\s+/g, ' ')}`)
      .join('\n');
  }

  /** Waits until the router holds the dead-man switch. */
  async #arm(talk: FrrTalk): Promise<void> {
    const { name } = this.#router;
    const word = (await talk.part())?.text.trim();
    if (word === 'armed') return;
    const ended = await talk.end();
    if (word === 'held') {
      throw new PlumbError('locked', `${name}: another trial was started on the router in the meantime`);
    }
    const said = whyNot[word ?? ''] ?? redact(ended.stderr.trim());
    throw new PlumbError('commit_failed', `${name}: nothing was changed: ${said}`);
  }

  /** Types the lines and looks at what runs then, until it is what is wanted. @throws PlumbError with what is left */
  async #apply(talk: FrrTalk, limitSeconds: number): Promise<void> {
    const { plan, text } = this.#draft;
    const { name } = this.#router;
    let said = '';
    const enter = async (lines: string) => {
      const entered = await this.#enter(talk, lines, limitSeconds);
      said += entered.said;
      return entered;
    };
    const from = plan.forth === '' ? plan.now : (await enter(plan.forth)).runs;
    const { left } = await converge(enter, from, plan.want, plan.interfaces);
    refuseLeft(name, text, said, left);
    await talk.end(); // refreshes what sessions have exchanged
  }

  async #enter(talk: FrrTalk, lines: string, limitSeconds: number): Promise<Entered> {
    const { name } = this.#router;
    talk.send(lines);
    const said = await talk.part();
    const state = await talk.part();
    if (said?.code === 137) {
      throw new PlumbError('commit_failed', `${name}: applying took longer than ${limitSeconds} s and was undone`, {
        hint: 'set policy.confirmSeconds higher, or split the change',
      });
    }
    if (said?.code === 75) {
      throw new PlumbError('commit_failed', `${name}: the router's timer expired before the change was applied`, {
        hint: 'set policy.confirmSeconds higher, or split the change',
      });
    }
    if (!said || !state) {
      await talk.end(); // says that the connection is gone
      throw new PlumbError('commit_failed', `${name}: the router stopped answering while the change was applied`);
    }
    if (/locked by other/i.test(said.text)) {
      throw new PlumbError('locked', `${name}: VTY configuration is locked by other VTY`);
    }
    const { daemons, running } = readState(state.text);
    const dead = missingOf(this.#draft.daemons, daemons);
    if (dead !== undefined) {
      throw new PlumbError(
        'commit_failed',
        `${name}: the change crashed ${dead} of ${releaseOf(running)} and was undone`,
        {
          hint: `look at the log of ${dead} on the router before you try again`,
        },
      );
    }
    return { said: said.text, runs: readTree(running) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#committed) await discardDraft(this.#router, this.#draft.folder);
  }
}
