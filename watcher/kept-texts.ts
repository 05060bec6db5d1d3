/** Enough for a large site's changes; what is beyond it is read again. */
const keptBytes = 32 * 1024 * 1024;

/** Freshly read texts, kept until they are published. */
export class KeptTexts {
  readonly #texts = new Map<string, Uint8Array>();
  #bytes = 0;

  get(sha256: string): Uint8Array | undefined {
    return this.#texts.get(sha256);
  }

  keep(sha256: string, text: Uint8Array): void {
    if (this.#texts.has(sha256) || text.length > keptBytes) return;
    this.#texts.set(sha256, text);
    this.#bytes += text.length;
    for (const [oldest, { length }] of this.#texts) {
      if (this.#bytes <= keptBytes) break;
      this.#texts.delete(oldest);
      this.#bytes -= length;
    }
  }
}
