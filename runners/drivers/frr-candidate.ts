import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ClientChannel } from 'ssh2';
import type { Mode } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact.ts';
import type { Candidate, ChangeName, CommitOptions, Trial } from '../driver.ts';
import { finish } from '../transports/ssh-channel.ts';
import { type FrrDiff, readDiff, unified } from './frr-diff.ts';
import * as limits from './frr-limits.ts';
import type { FrrRouter } from './frr-router.ts';
import * as scripts from './frr-scripts.ts';
import { frrTrial, pendingTrial } from './frr-trial.ts';

const loadTimeoutMs = 300_000;

/** What the load script printed: what the router said to the text, what runs, and the comparison; each with its exit. */
type Loaded = { check: string; checked: number; running: string; read: number; test: string; tested: number };

const split = (output: string, cut: string): Loaded => {
  const parts = output.split(new RegExp(`^${cut} (\\d+)\n`, 'm'));
  const [check = '', checked, , read, running = '', , test = '', tested] = parts;
  const code = (text: string | undefined) => Number(text ?? 1);
  return { check, checked: code(checked), running, read: code(read), test, tested: code(tested) };
};

/** Puts a text beside the running configuration. @throws PlumbError `rejected`, `locked` */
export const loadCandidate = async (
  router: FrrRouter,
  config: string,
  mode: Mode,
  change: ChangeName,
): Promise<Candidate> => {
  const { name } = router;
  const text = `${config.replaceAll('\r\n', '\n').trimEnd()}\n`;
  const folder = `c-${change.epoch}-${change.job}`;
  const trial = await pendingTrial(router);
  if (trial) {
    throw new PlumbError('locked', `${name}: trial ${trial.name} waits on the router, made by ${trial.owner}`, {
      hint: 'it ends by its timer, or when whoever made it confirms or undoes it',
    });
  }
  const cut = randomBytes(12).toString('hex');
  const output = await router.script('load the candidate', scripts.load, [folder, cut], {
    stdin: text,
    timeoutMs: loadTimeoutMs,
  });
  const candidate = new FrrCandidate(router, folder, text, mode, change, split(output, cut));
  try {
    candidate.accept();
    return candidate;
  } catch (error) {
    await candidate[Symbol.asyncDispose]();
    throw error;
  }
};

class FrrCandidate implements Candidate {
  readonly #router: FrrRouter;
  readonly #folder: string;
  readonly #text: string;
  readonly #mode: Mode;
  readonly #change: ChangeName;
  readonly #loaded: Loaded;
  #diff: FrrDiff = { deletions: [], additions: [], unstable: [] };
  #committed = false;

  constructor(router: FrrRouter, folder: string, text: string, mode: Mode, change: ChangeName, loaded: Loaded) {
    this.#router = router;
    this.#folder = folder;
    this.#text = text;
    this.#mode = mode;
    this.#change = change;
    this.#loaded = loaded;
  }

  /** Judges what the router said to the text. @throws PlumbError `rejected`, `locked` */
  accept(): void {
    const { name } = this.#router;
    const { check, checked, running, read, test, tested } = this.#loaded;
    const bad = limits.fileComplaint(check);
    if (checked !== 0) {
      const line = bad ? this.#text.split('\n')[bad.line - 1]?.trim() : undefined;
      const what = bad ? `line ${bad.line}: ${bad.said}` : check.trim().split('\n').at(-1);
      throw new PlumbError('rejected', redact(`${name}: FRR refuses ${what}${line ? ` ("${line}")` : ''}`), {
        ...(bad ? { line: bad.line } : {}),
      });
    }
    if (/locked by other/i.test(running)) {
      throw new PlumbError('locked', `${name}: VTY configuration is locked by other VTY`, {
        hint: 'someone is in configuration mode on the router; `who` in vtysh names them',
      });
    }
    if (read !== 0 || tested !== 0) {
      const said = redact(test.trim().split('\n').slice(-3).join(' '));
      throw new PlumbError('rejected', `${name}: cannot compare the text with what runs: ${said}`, {
        hint: 'are all daemons up? `show daemons` in vtysh tells',
      });
    }
    if (this.#mode === 'replace') limits.refuseUnremovable(name, running, this.#text);
    const diff = readDiff(test, running, this.#mode === 'merge');
    const silent = this.#mode === 'replace' ? limits.silentDeletions(running, this.#text, diff.deletions) : [];
    this.#diff = { ...diff, deletions: [...diff.deletions, ...silent] };
  }

  get unstable(): readonly string[] {
    return this.#diff.unstable;
  }

  async diff(): Promise<string> {
    return unified(this.#diff);
  }

  async commit(options: CommitOptions): Promise<Trial> {
    const { confirmSeconds, fence } = options;
    const { name } = this.#router;
    if (confirmSeconds < 10) throw new PlumbError('unsupported', `${name}: a trial needs a timer of 10 s or more`);
    const limitSeconds = Math.max(5, Math.floor(confirmSeconds * 0.6));
    const estimateSeconds = Math.ceil(limits.estimateMs(this.#diff, this.#loaded.running) / 1000);
    if (estimateSeconds > limitSeconds) {
      throw new PlumbError(
        'commit_failed',
        `${name}: applying this takes about ${estimateSeconds} s, more than fits into a timer of ${confirmSeconds} s`,
        { hint: `set policy.confirmSeconds to ${Math.ceil(estimateSeconds / 0.6)} or more, or split the change` },
      );
    }
    const { job, epoch } = this.#change;
    const id = `${epoch}-${job}`;
    const channel = await this.#router.ssh.start(
      this.#router.command(scripts.commit, [
        this.#folder,
        id,
        confirmSeconds,
        limitSeconds,
        this.#mode,
        job,
        this.#meta(id, options.comment),
        scripts.watch,
      ]),
    );
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
    throw this.#failure(applied ? Number(applied[1]) : undefined, output, limitSeconds);
  }

  #meta(id: string, comment: string | undefined): string {
    const { job, epoch, sha256, commit, author } = this.#change;
    const lines = { id, job, epoch, sha256, commit, author, comment };
    return Object.entries(lines)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${String(value).replace(/\s+/g, ' ')}`)
      .join('\n');
  }

  /** Sends what goes before the change and waits until the router holds the dead-man switch. */
  async #arm(channel: ClientChannel, ended: ReturnType<typeof finish>): Promise<void> {
    const { deletions, additions } = this.#diff;
    const reverse = (placed: typeof deletions) =>
      placed.map(({ path, line }) => ({ path, line: line.startsWith('no ') ? line.slice(3) : `no ${line}` }));
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
    const [word = ''] = printed.split('\n');
    if (word === 'armed') return;
    const { name } = this.#router;
    if (word === 'held') {
      throw new PlumbError('locked', `${name}: another trial was made on the router in the meantime`);
    }
    const why = {
      lost: 'the candidate is gone from the router',
      changed: 'someone changed the running configuration since it was compared',
      norunning: 'the running configuration cannot be read',
      nosave: 'the running configuration cannot be saved under /var/lib/plumbline',
      noswitch: 'the dead-man switch did not start',
    }[word];
    const stderr = why ? '' : (await ended).stderr.trim();
    throw new PlumbError('commit_failed', `${name}: nothing was changed: ${why ?? redact(stderr)}`);
  }

  #failure(code: number | undefined, output: string, limitSeconds: number): PlumbError {
    const { name } = this.#router;
    if (code === 137) {
      return new PlumbError('commit_failed', `${name}: applying took longer than ${limitSeconds} s and was undone`, {
        hint: 'set policy.confirmSeconds higher, or split the change',
      });
    }
    if (/locked by other/i.test(output)) {
      return new PlumbError('locked', `${name}: VTY configuration is locked by other VTY`);
    }
    const { line, said } = limits.applyComplaint(output.replace(/^.*?^applied \d+\n/ms, ''), this.#text);
    const at = line === undefined ? '' : ` line ${line}:`;
    return new PlumbError('commit_failed', redact(`${name}: FRR refused${at} ${said}; the change was undone`), {
      ...(line === undefined ? {} : { line }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#committed) return;
    await this.#router.script('discard the candidate', scripts.discard, [this.#folder]).catch(() => {});
  }
}
