import { equals } from './compare.ts';
import { fail } from './failure.ts';
import { Attributes, type Callable, toInt, Undefined } from './values.ts';

/** `loop`: where a `{% for %}` is. */
export class Loop extends Attributes {
  override readonly typeName = 'loop';
  index0 = 0;
  readonly #items: readonly unknown[];
  readonly #depth: number;
  readonly #recurse: ((items: unknown) => string) | undefined;
  #last: readonly unknown[] | undefined;

  constructor(items: readonly unknown[], depth: number, recurse?: (items: unknown) => string) {
    super();
    this.#items = items;
    this.#depth = depth;
    this.#recurse = recurse;
  }

  #neighbour(index: number, which: string): unknown {
    return index >= 0 && index < this.#items.length
      ? this.#items[index]
      : new Undefined(() => `there is no ${which} item`);
  }

  override attribute(name: string): unknown {
    const { index0 } = this;
    const { length } = this.#items;
    const attributes: Record<string, () => unknown> = {
      index: () => index0 + 1,
      index0: () => index0,
      revindex: () => length - index0,
      revindex0: () => length - index0 - 1,
      first: () => index0 === 0,
      last: () => index0 === length - 1,
      length: () => length,
      depth: () => this.#depth + 1,
      depth0: () => this.#depth,
      previtem: () => this.#neighbour(index0 - 1, 'previous'),
      nextitem: () => this.#neighbour(index0 + 1, 'next'),
      cycle: () => this.#cycle,
      changed: () => this.#changed,
    };
    return Object.hasOwn(attributes, name) ? attributes[name]?.() : undefined;
  }

  readonly #cycle: Callable = (args) =>
    args.length === 0 ? fail('loop.cycle() expects values') : args[toInt(this.index0) % args.length];

  readonly #changed: Callable = (args) => {
    const before = this.#last;
    this.#last = args;
    return !before || before.length !== args.length || !before.every((value, index) => equals(value, args[index]));
  };

  /** `loop(items)` of a recursive loop. */
  call(args: readonly unknown[]): unknown {
    return this.#recurse ? this.#recurse(args[0]) : fail('loop() is there in {% for … recursive %} only');
  }
}
