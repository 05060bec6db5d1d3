import { bind } from './arguments.ts';
import { dictEntries, dictSet, iterate } from './contents.ts';
import { fail } from './failure.ts';
import { Attributes, type Callable, isDict, Namespace, Range, toInt } from './values.ts';

const maxRange = 1_000_000;

const range: Callable = (args) => {
  if (args.length < 1 || args.length > 3) fail('range() expects one to three numbers');
  const [a = 0, b, step = 1] = args.map((arg) => toInt(arg));
  const [from, to] = b === undefined ? [0, a] : [a, b];
  if (step === 0) fail('the step of range() cannot be 0');
  const size = Math.max(0, Math.ceil((to - from) / step));
  if (size > maxRange) fail(`range() of ${size} numbers is too large`);
  const made = new Range();
  for (let index = 0; index < size; index += 1) made.push(from + index * step);
  made.text = `range(${from}, ${to}${step === 1 ? '' : `, ${step}`})`;
  return made;
};

const pairsOf = (value: unknown): [unknown, unknown][] =>
  isDict(value) ? dictEntries(value) : iterate(value).map((pair) => iterate(pair) as [unknown, unknown]);

const dict: Callable = (args, named) => {
  const made = new Map<unknown, unknown>();
  for (const [key, value] of args.flatMap(pairsOf)) dictSet(made, key, value);
  for (const [key, value] of named) made.set(key, value);
  return made;
};

const namespace: Callable = (args, named) =>
  new Namespace([...args.flatMap(pairsOf).map(([key, value]) => [String(key), value] as const), ...named]);

class Cycler extends Attributes {
  override readonly typeName = 'a cycler';
  readonly #items: readonly unknown[];
  #at = 0;

  constructor(items: readonly unknown[]) {
    super();
    this.#items = items.length > 0 ? items : fail('cycler() expects values');
  }

  override attribute(name: string): unknown {
    if (name === 'current') return this.#items[this.#at];
    if (name === 'reset') {
      return () => {
        this.#at = 0;
        return null;
      };
    }
    if (name !== 'next') return undefined;
    return () => {
      const item = this.#items[this.#at];
      this.#at = (this.#at + 1) % this.#items.length;
      return item;
    };
  }
}

const joiner: Callable = (args, named) => {
  const [mark = ', '] = bind('joiner()', ['sep'], args, named);
  let used = false;
  return () => {
    const text = used ? mark : '';
    used = true;
    return text;
  };
};

/** The names that every template has. */
export const globals: readonly (readonly [string, unknown])[] = [
  ['range', range],
  ['dict', dict],
  ['namespace', namespace],
  ['cycler', (args: readonly unknown[]) => new Cycler(args)],
  ['joiner', joiner],
];
