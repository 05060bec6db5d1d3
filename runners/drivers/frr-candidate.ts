import { once } from 'node:events';
import type { ClientChannel } from 'ssh2';
import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact.ts';
import type { Candidate, CommitOptions, Trial } from '../driver.ts';
import { type Executed, finish } from '../transports/ssh-channel.ts';
import { taken, unified } from './frr-diff.ts';
import { watch } from './frr-library.ts';
import * as limits from './frr-limits.ts';
import { type Draft, discardDraft } from './frr-load.ts';
import type { FrrRouter } from './frr-router.ts';
import * as scripts from './frr-scripts.ts';
import { frrTrial } from './frr-trial.ts';

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
    return this.#draft.diff.unstable;
  }

  async diff(): Promise<string> {
    return unified(this.#draft.diff);
  }

  async commit({ confirmSeconds, comment, fence }: CommitOptions): Promise<Trial> {
    const { name, ssh } = this.#router;
    const { folder, mode, change, diff, running } = this.#draft;
    const limitSeconds = limits.applySeconds(name, confirmSeconds, limits.estimateMs(diff, running));
    const { job, epoch } = change;
    const id = `${epoch}-${job}`;
    const args = [folder, id, confirmSeconds, limitSeconds, mode, job, this.#meta(id, comment), watch];
    const channel = await ssh.start(this.#router.command(scripts.commit, args));
    const ended = finish(name, channel, { timeoutMs: (limitSeconds + 60) * 1000 });
    ended.catch(() => {}); // looked at below, unless arming fails first
    const expiresAt = new Date(Date.now() + confirmSeconds * 1000);
    await this.#arm(channel, ended);
    this.#committed = true; // the candidate has become the trial
    const trial = frrTrial(this.#router, { id, job, epoch, owner: 'us', expiresAt, phase: 'armed' });
    try {
      fence();
    } catch (error) {
      channel.end(); // without `go` nothing is applied
      await trial.undo();
      throw error;
    }
    channel.end('go\n');
    const output = this.#router.check('apply the change', await ended);
    const applied = /^applied (\d+)$/m.exec(output);
    if (applied?.[1] === '0') return trial;
    await trial.undo();
    throw this.#failure(Number(applied?.[1]), output, limitSeconds);
  }

  #meta(id: string, comment: string | undefined): string {
    const { job, epoch, sha256, commit, author } = this.#draft.change;
    return Object.entries({ id, job, epoch, sha256, commit, author, comment })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${String(value).replace(/\s+/g, ' ')}`)
      .join('\n');
  }

  /** Sends what goes before the change and waits until the router holds the dead-man switch. */
  async #arm(channel: ClientChannel, ended: Promise<Executed>): Promise<void> {
    const { deletions, additions } = this.#draft.diff;
    const reverse = (placed: typeof deletions) => placed.map(({ path, line }) => ({ path, line: taken(line) }));
    const before = limits.secretsFirst(deletions, additions);
    const undo = limits.secretsFirst(reverse(additions), reverse(deletions));
    channel.write(`${Buffer.byteLength(before)} ${Buffer.byteLength(undo)}\n${before}${undo}`);
    let printed = '';
    const armed = async () => {
      while (!printed.includes('\n')) {
        const [chunk] = (await once(channel, 'data')) as [Buffer];
        printed += chunk.toString('utf8');
      }
    };
    await Promise.race([armed(), ended]);
    const word = printed.trim();
    if (word === 'armed') return;
    const { name } = this.#router;
    if (word === 'held') {
      throw new PlumbError('locked', `${name}: another trial was made on the router in the meantime`);
    }
    const why = {
      lost: 'the candidate is gone from the router',
      changed: 'someone changed the running configuration since it was compared',
      unread: 'the running configuration cannot be read',
      unsaved: 'the running configuration cannot be saved under /var/lib/plumbline',
      unwatched: 'the dead-man switch did not start',
    }[word];
    const said = why ?? redact((await ended).stderr.trim());
    throw new PlumbError('commit_failed', `${name}: nothing was changed: ${said}`);
  }

  #failure(code: number, output: string, limitSeconds: number): PlumbError {
    const { name } = this.#router;
    if (code === 137) {
      return new PlumbError('commit_failed', `${name}: applying took longer than ${limitSeconds} s and was undone`, {
        hint: 'set policy.confirmSeconds higher, or split the change',
      });
    }
    if (/locked by other/i.test(output)) {
      return new PlumbError('locked', `${name}: VTY configuration is locked by other VTY`);
    }
    const log = output.slice(output.search(/^applied /m)).replace(/^.*\n/, '');
    const { line, said } = limits.applyComplaint(log, this.#draft.text);
    const at = line === undefined ? '' : ` line ${line}:`;
    return new PlumbError('rejected', redact(`${name}: FRR refuses${at} ${said}; the change was undone`), {
      ...(line === undefined ? {} : { line }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#committed) await discardDraft(this.#router, this.#draft.folder);
  }
}
