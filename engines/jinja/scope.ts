/** The names of one level of a template, and what they stand for. */
export class Scope {
  readonly own: Map<string, unknown>;
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope, own: Iterable<readonly [string, unknown]> = []) {
    this.#outer = outer;
    this.own = new Map(own);
  }

  /** @returns undefined where no level has the name */
  get(name: string): unknown {
    for (let scope: Scope | undefined = this; scope; scope = scope.#outer) {
      const value = scope.own.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(name: string, value: unknown): void {
    this.own.set(name, value);
  }

  /** Every name that can be seen from here, for messages. */
  names(): string[] {
    return [...new Set([...this.own.keys(), ...(this.#outer?.names() ?? [])])];
  }
}
