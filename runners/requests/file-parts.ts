import { PlumbError } from '../../core/errors.ts';

/** How long a transfer of which nothing is heard is kept. */
const patienceMs = 60_000;
/** Transfers of one device that may be under way: each may hold a whole file in memory. */
const most = 2;

type Transfer = { bytes: Buffer; filled: number; timer: NodeJS.Timeout };

/** Files of one device that are on their way in several messages, by job. */
export class FileParts {
  readonly #device: string;
  readonly #abandoned: (job: string) => void;
  readonly #transfers = new Map<string, Transfer>();

  /** @param abandoned called for a file of which no further part came */
  constructor(device: string, abandoned: (job: string) => void) {
    this.#device = device;
    this.#abandoned = abandoned;
  }

  /** A file that will be asked for part by part. */
  keep(job: string, bytes: Buffer): void {
    this.#begin(job, { bytes, filled: bytes.length, timer: this.#timer(job) });
  }

  /** A part of a kept file; the last one ends it. @throws PlumbError `invalid_request` where nothing is kept */
  part(job: string | undefined, offset: number, bytes: number): Buffer {
    const found = this.#known(job);
    const part = found.bytes.subarray(offset, offset + bytes);
    if (offset + bytes >= found.bytes.length) this.forget(job ?? '');
    return part;
  }

  /**
   * Takes a part of a file that comes.
   *
   * @returns the whole file once it is there
   * @throws PlumbError `invalid_request` for a part that does not follow the one before
   */
  take(job: string | undefined, size: number, offset: number, part: Buffer): Buffer | undefined {
    if (offset === 0 && part.length === size) return part;
    if (offset === 0 && job !== undefined) {
      this.forget(job);
      this.#begin(job, { bytes: Buffer.alloc(size), filled: 0, timer: this.#timer(job) });
    }
    const transfer = this.#known(job);
    if (offset !== transfer.filled || size !== transfer.bytes.length || offset + part.length > size) {
      this.forget(job ?? '');
      throw new PlumbError('invalid_request', `${this.#device}: a part of the file is missing: start again`);
    }
    part.copy(transfer.bytes, offset);
    transfer.filled += part.length;
    transfer.timer.refresh();
    if (transfer.filled < size) return undefined;
    this.forget(job ?? '');
    return transfer.bytes;
  }

  forget(job: string): void {
    clearTimeout(this.#transfers.get(job)?.timer);
    this.#transfers.delete(job);
  }

  #timer(job: string): NodeJS.Timeout {
    const expire = () => {
      this.#transfers.delete(job);
      this.#abandoned(job);
    };
    return setTimeout(expire, patienceMs).unref();
  }

  #begin(job: string, transfer: Transfer): void {
    if (this.#transfers.size < most) {
      this.#transfers.set(job, transfer);
      return;
    }
    clearTimeout(transfer.timer);
    throw new PlumbError('conflict', `${this.#device}: ${most} files are already being transferred`, {
      hint: 'try again in a minute',
    });
  }

  #known(job: string | undefined): Transfer {
    const found = this.#transfers.get(job ?? '');
    found?.timer.refresh();
    if (found) return found;
    throw new PlumbError('invalid_request', `${this.#device}: this job is transferring no file: start again`, {
      hint: 'another runner may hold the device now',
    });
  }
}
