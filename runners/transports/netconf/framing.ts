import { limits } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';

// RFC 6242: how NETCONF messages are cut out of the byte stream. Sizes count octets, so everything here is bytes.

const endOfMessage = Buffer.from(']]>]]>');
const nothing = Buffer.alloc(0);
/** What a chunk takes beside its bytes: many that are tiny are as large a message as few that are not. */
const chunkBytes = 64;

/** `end-of-message` for hellos and base:1.0, `chunked` where both sides offered base:1.1. */
export type Framing = 'end-of-message' | 'chunked';

/** Wraps one message for the wire. */
export const frame = (message: string, framing: Framing): Buffer => {
  const body = Buffer.from(message, 'utf8');
  return framing === 'chunked'
    ? Buffer.concat([Buffer.from(`\n#${body.length}\n`), body, Buffer.from('\n##\n')])
    : Buffer.concat([body, endOfMessage]);
};

const broken = (what: string): PlumbError => new PlumbError('closed', `NETCONF framing: ${what}`);

const refuseTooLarge = (bytes: number): void => {
  if (bytes > limits.printedBytes) throw broken(`a message of more than ${limits.printedBytes} bytes`);
};

/** Cuts messages out of whatever pieces the network delivers; a piece may end anywhere, even inside a character. */
export class Deframer {
  framing: Framing = 'end-of-message';
  /** What arrived and is not used up, oldest first; joined only when something can be cut out of it. */
  #pieces: Buffer[] = [];
  #held = 0;
  /** Bytes that must be there before looking again: keeps a large message from being scanned again and again. */
  #needed = 1;
  #chunks: Buffer[] = [];
  #chunked = 0;
  /** The last bytes that were looked through for the end of a message: it may straddle any number of pieces. */
  #seam = Buffer.alloc(0);

  /** @yields the bytes of each complete message. `framing` may be changed between two messages, right after the hello */
  *feed(piece: Buffer): Generator<Buffer> {
    this.#pieces.push(piece);
    this.#held += piece.length;
    refuseTooLarge(this.#held + this.#chunked);
    while (this.#held >= this.#needed) {
      const message = this.framing === 'chunked' ? this.#nextChunked() : this.#nextEnded();
      if (message === undefined) return;
      if (message.length > 0) yield message;
    }
  }

  #join(): Buffer {
    const [only] = this.#pieces;
    const joined = this.#pieces.length === 1 && only ? only : Buffer.concat(this.#pieces);
    this.#pieces = [joined];
    return joined;
  }

  #keep(rest: Buffer): void {
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    this.#needed = 1;
  }

  #nextEnded(): Buffer | undefined {
    const newest = this.#pieces.at(-1);
    if (newest && this.#pieces.length > 1) {
      const seam = Buffer.concat([this.#seam, newest]);
      this.#seam = Buffer.from(seam.subarray(1 - endOfMessage.length));
      if (!seam.includes(endOfMessage)) return undefined;
    }
    const buffer = this.#join();
    const end = buffer.indexOf(endOfMessage);
    this.#seam = Buffer.from(buffer.subarray(1 - endOfMessage.length));
    if (end < 0) return undefined;
    this.#keep(buffer.subarray(end + endOfMessage.length));
    return buffer.subarray(0, end);
  }

  /** @returns a message, no bytes after a chunk that is not the last, undefined when more bytes are needed */
  #nextChunked(): Buffer | undefined {
    const buffer = this.#join();
    const header = /^\n#(?:([1-9]\d{0,9})|(#))\n/.exec(buffer.toString('latin1', 0, 16));
    if (!header) {
      // blanks between the hello and the first chunk are seen in the field; anything else is not NETCONF
      if (this.#chunks.length === 0 && /^(?:[ \r]|\n[^#])/.test(buffer.toString('latin1', 0, 2))) {
        this.#keep(buffer.subarray(1));
        return nothing;
      }
      if (buffer.length >= 14 || !/^\n?(?:#(?:#|[1-9]\d{0,9})?)?$/.test(buffer.toString('latin1'))) {
        throw broken(`${JSON.stringify(buffer.toString('latin1', 0, 16))} is not a chunk header`);
      }
      return undefined;
    }
    if (header[2]) {
      if (this.#chunks.length === 0) throw broken('end of chunks without a chunk');
      const message = Buffer.concat(this.#chunks);
      this.#chunks = [];
      this.#chunked = 0;
      this.#keep(buffer.subarray(header[0].length));
      return message;
    }
    const size = Number(header[1]);
    refuseTooLarge(this.#chunked + size); // not waited for: it may never come whole
    const end = header[0].length + size;
    if (buffer.length < end) {
      this.#needed = end;
      return undefined;
    }
    this.#chunks.push(buffer.subarray(header[0].length, end));
    this.#chunked += size + chunkBytes;
    this.#keep(buffer.subarray(end));
    return nothing;
  }
}
