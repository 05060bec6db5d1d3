const end = ']]>]]>';

/** Cuts a byte stream into NETCONF messages: end-of-message marks first, chunks once both sides can. */
export class Unframer {
  chunked = false;
  #buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];

  /** @returns the messages that the bytes complete. @throws Error on a malformed chunk */
  push(bytes: Buffer): string[] {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    const messages: string[] = [];
    for (;;) {
      const message = this.chunked ? this.#chunks() : this.#marked();
      if (message === undefined) return messages;
      messages.push(message);
      if (messages.length === 1 && !this.chunked) return messages; // the hello may switch the framing
    }
  }

  #marked(): string | undefined {
    const at = this.#buffer.indexOf(end);
    if (at < 0) return undefined;
    const message = this.#buffer.subarray(0, at).toString('utf8');
    this.#buffer = this.#buffer.subarray(at + end.length);
    return message;
  }

  #chunks(): string | undefined {
    for (;;) {
      const header = /^\s*\n?#(?:(#)|([1-9]\d{0,9}))\n/.exec(this.#buffer.subarray(0, 24).toString('latin1'));
      if (!header) {
        if (this.#buffer.length > 24) throw new Error('malformed chunk');
        return undefined;
      }
      if (header[1] !== undefined) {
        this.#buffer = this.#buffer.subarray(header[0].length);
        const message = Buffer.concat(this.#parts).toString('utf8');
        this.#parts = [];
        return message;
      }
      const size = Number(header[2]);
      const start = header[0].length;
      if (this.#buffer.length < start + size) return undefined;
      this.#parts.push(this.#buffer.subarray(start, start + size));
      this.#buffer = this.#buffer.subarray(start + size);
    }
  }
}

/** A message as it goes onto the wire. */
export const frame = (message: string, chunked: boolean): string =>
  chunked ? `\n#${Buffer.byteLength(message, 'utf8')}\n${message}\n##\n` : `${message}${end}`;
