import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { limits } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';
import { tooLarge } from '../refusals.ts';
import { cannotStart, endGit, spawnGit } from './command.ts';
import { temporaryFolder } from './temporary.ts';

const idleMs = 2_000;
const readMs = 30_000;

type Batch = {
  child: ChildProcessWithoutNullStreams;
  tree: string;
  sentinel: string;
  stderr: string;
  failure: Error | undefined;
};

/**
 * Reads blobs as a checkout would write them, with the end-of-line conversions and filters that the commit's own
 * .gitattributes ask for. These are put into an empty folder that stands for the working tree, so that nothing that
 * somebody has there counts. One read at a time; git is kept for the next one for a while.
 */
export class BlobReader implements AsyncDisposable {
  readonly #gitFolder: string;
  readonly #attributes: ReadonlyMap<string, Uint8Array>;
  #batch: Batch | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #inTurn = oneAtATime();
  #closed = false;

  /** @param attributes the commit's .gitattributes files, by path */
  constructor(gitFolder: string, attributes: ReadonlyMap<string, Uint8Array>) {
    this.#gitFolder = gitFolder;
    this.#attributes = attributes;
  }

  /**
   * @param path the blob's path in the commit: attributes go by it
   * @throws PlumbError `source_failed` where the object is missing, too large, or a filter fails
   */
  read(oid: string, path: string): Promise<Buffer> {
    return this.#inTurn(() => this.#read(oid, path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const tree = this.#batch?.tree;
    this.#end();
    await this.#inTurn(async () => {}); // the read that is under way
    this.#end();
    if (tree) await rm(tree, { recursive: true, force: true }).catch(() => {});
  }

  async #read(oid: string, path: string): Promise<Buffer> {
    if (this.#closed) throw new PlumbError('source_failed', `${path}: the repository is being closed`);
    clearTimeout(this.#idle);
    this.#batch ??= await this.#start();
    const batch = this.#batch;
    try {
      const answer = await this.#ask(batch, oid, path);
      this.#idle = setTimeout(() => this.#end(), idleMs).unref();
      return answer;
    } catch (error) {
      this.#end(); // what it would say next belongs to this read
      throw error;
    }
  }

  /** git tells the length before its filters, so the end is found by asking for a thing that cannot exist. */
  async #ask(batch: Batch, oid: string, path: string): Promise<Buffer> {
    const { child, sentinel } = batch;
    const end = Buffer.from(`${sentinel} missing\n`);
    const fail = (message: string, cause?: Error) =>
      new PlumbError('source_failed', `${path}: ${message}`, cause ? { cause } : {});
    const chunks: Buffer[] = [];
    let bytes = 0;
    let tail = Buffer.alloc(0);
    const whole = await new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(() => reject(fail(`git did not give it within ${readMs / 1000} s`)), readMs);
      const settle = (done: () => void) => {
        clearTimeout(timer);
        child.stdout.off('data', onData);
        child.off('close', onClose);
        done();
      };
      const onData = (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        tail = Buffer.concat([tail, chunk]).subarray(-end.length);
        if (tail.equals(end)) settle(() => resolve(Buffer.concat(chunks)));
        else if (bytes > limits.textBytes * 2) settle(() => reject(fail(tooLarge(bytes))));
      };
      const onClose = () =>
        settle(() => reject(fail(`git could not read it: ${batch.stderr.trim() || 'it ended'}`, batch.failure)));
      child.stdout.on('data', onData);
      child.once('close', onClose);
      if (child.exitCode !== null || child.signalCode !== null) return onClose();
      child.stdin.write(`${oid} ${path}\n${sentinel}\n`);
    });
    const headEnds = whole.indexOf(0x0a);
    const head = whole.subarray(0, headEnds).toString();
    if (head !== 'blob') throw fail(`object ${oid.slice(0, 12)} is not in the repository (${head})`);
    return whole.subarray(headEnds + 1, whole.length - end.length - 1);
  }

  async #start(): Promise<Batch> {
    const tree = await this.#layOut();
    const env = { GIT_DIR: this.#gitFolder, GIT_WORK_TREE: tree };
    const child = spawnGit(tree, ['cat-file', '--filters', '--batch=%(objecttype)'], env);
    const batch: Batch = {
      child,
      tree,
      sentinel: `plumb-${randomBytes(16).toString('hex')}`,
      stderr: '',
      failure: undefined,
    };
    child.stdin.on('error', () => {}); // told by its end
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      batch.stderr = (batch.stderr + text).slice(-2000);
    });
    child.once('close', () => void rm(tree, { recursive: true, force: true }).catch(() => {}));
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => void cannotStart(tree, cause).then(reject));
    });
    child.on('error', (error) => {
      batch.failure = error;
    });
    return batch;
  }

  /** Anew for each start of git: what cleans temporary files up must not take attributes away. */
  async #layOut(): Promise<string> {
    const tree = await temporaryFolder();
    for (const [path, text] of this.#attributes) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), text);
    }
    return tree;
  }

  #end(): void {
    clearTimeout(this.#idle);
    if (this.#batch) endGit(this.#batch.child);
    this.#batch = undefined;
  }
}
