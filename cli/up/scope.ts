/** Ends what was started, in reverse order; a failing end does not prevent the others. */
export class Scope implements AsyncDisposable {
  readonly #ends: { what: string; end: () => PromiseLike<unknown> | undefined }[] = [];
  readonly #failed: (what: string, error: unknown) => void;

  /** @param failed called with an end that threw */
  constructor(failed: (what: string, error: unknown) => void) {
    this.#failed = failed;
  }

  use<T extends AsyncDisposable>(what: string, thing: T): T {
    this.add(what, () => thing[Symbol.asyncDispose]());
    return thing;
  }

  add(what: string, end: () => PromiseLike<unknown> | undefined): void {
    this.#ends.push({ what, end });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { what, end } of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        this.#failed(what, error);
      }
    }
  }
}
